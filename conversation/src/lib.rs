//! The conversation engine: understanding, script and state chart of the AI side of a call.
//!
//! text → normaliser → evidence (patterns, examples, classifier) → decision → state chart → what to say, and then what
//!
//! It is pure: no I/O, no clock, no randomness. It does not know telephony, TwiML, agents or calls; it does not
//! resolve times, escape XML, or decide who gets a call. Everything about a language is data in `config/conversation`.

mod advice;
mod chart;
mod decision;
mod engine;
mod input;
mod limits;
mod own;
mod profile;
mod state;

mod evaluate;
mod explain;
mod honorific;

mod lang;
mod outcome;
mod reading;
mod trigger;

mod script;
mod step;
mod template;

mod source;

use tsunagu_understanding::{error, intent, phase, understanding};

pub use advice::{Advice, Failure, MAX_FACTS_CHARS, Objection, Prompt, Question, Reply, Tokens};
pub use chart::{Chart, Edge, PlaceOfChart, Target};
pub use decision::{Decision, Line, Listen, Then};
pub use engine::Engine;
pub use error::{Position, Problem, ScriptError};
pub use evaluate::{Band, Labelled, LabelledError, Mistake, Rate, Report, Row, evaluate, read_labelled};
pub use explain::explain;
pub use input::Input;
pub use intent::Intent;
pub use lang::{Lang, LangError};
pub use limits::Limits;
pub use outcome::{EndReason, HandoverReason, Mark, Outcome};
pub use own::{Own, OwnScript};
pub use phase::Phase;
pub use profile::Profile;
pub use reading::Reading;
pub use source::{EMBEDDED, Source};
pub use state::{Agent, CallbackRequest, Ended, State};
pub use template::{FILLED_IN, MAX_TEMPLATE_CHARS, OVERRIDABLE, TemplateError, check_template};
pub use trigger::{Event, Trigger};
pub use tsunagu_understanding::{MAX_OWN_PHRASE_CHARS, MAX_OWN_PHRASES, MAX_UTTERANCE_CHARS, OwnPhrases};
pub use understanding::{Evidence, EvidenceKind, MAX_EVIDENCE, Slots, Understanding};

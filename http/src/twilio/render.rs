//! From directives to TwiML. The relay will be another such renderer of the same directives.

use super::voice::{Voice, Voices};
use crate::App;
use actix_web::{HttpResponse, http::header};
use std::iter;
use tsunagu_actors::Webhooks;
use tsunagu_call::{
    AgentReply, CallId, CustomerReply, Directive, SupervisionMode, SupervisorReply, room_name,
};
use tsunagu_conversation::{Lang, Line, Listen};
use tsunagu_twiml::{
    Beep, Conference, ConferenceCallbackEvent, Dial, Gather, Input, JitterBufferSize, Method, Pause, Prompt,
    Redirect, Response, Say, Start, Stop, StopNoun, StreamTrack, Timeout, Transcription, Verb,
};

/// How long a leg that is being moved waits for the move before it asks by itself, in seconds.
const MOVE_PATIENCE: u32 = 5;
/// How long a customer waits before we are asked again when we could not answer, in seconds.
const TROUBLE_PAUSE: u32 = 2;
/// The name by which a transcription is stopped.
const TRANSCRIPTION: &str = "human-part";
/// How long the pause is between two sayings of the same to a supervisor, in seconds.
const BRIEFING_PAUSE: u32 = 1;
/// How long a customer on hold hears nothing between two requests to wait, in seconds.
const HOLD_PAUSE: u32 = 8;
/// How long an agent may think about which key to press, in seconds.
const KEY_PATIENCE: u32 = 6;

/// Writes answers for the legs of one call.
pub(super) struct Renderer<'a> {
    pub voices: &'a Voices,
    pub webhooks: &'a Webhooks,
    pub call: CallId,
    /// Somebody may want to see words while they are being spoken. The carrier sends many, so that it is not asked to otherwise.
    pub watched: bool,
}

impl<'a> Renderer<'a> {
    /// For the legs of a call.
    pub fn of(app: &'a App, call: CallId) -> Self {
        let ports = app.board.ports();
        Self {
            voices: &app.voices,
            webhooks: &ports.webhooks,
            call,
            watched: ports.hub.is_watched_anywhere(),
        }
    }
}

impl Renderer<'_> {
    /// The answer for the customer's leg.
    pub fn customer(&self, reply: CustomerReply) -> Response {
        match reply {
            CustomerReply::Direct { turn, directive, lang } => self.direct(turn, &directive, lang),
            CustomerReply::AwaitMove { lang } => Response::new()
                .with(Pause { length: Some(MOVE_PATIENCE) })
                .with(redirect(self.webhooks.handoff_message(self.call, lang))),
            CustomerReply::HangUp => Response::new().with(Verb::Hangup),
        }
    }

    fn direct(&self, turn: u32, directive: &Directive, lang: Lang) -> Response {
        let voice = self.voices.of(lang);
        match directive {
            Directive::Converse { say, listen } => self.converse(turn, say, listen, lang),
            Directive::Join { say, transcribe } => {
                let dial =
                    self.join("customer".to_owned(), self.webhooks.customer_out(self.call, lang), lang);
                let said = spoken(say, voice).fold(Response::new(), Response::with);
                // Started last: what the AI says is known.
                let said = if *transcribe { said.with(self.transcription(voice)) } else { said };
                said.with(dial)
            }
            Directive::Finish { say } => {
                spoken(say, voice).fold(Response::new(), Response::with).with(Verb::Hangup)
            }
        }
    }

    /// What is said in the conference, written down by the carrier: of the customer's leg one direction is the customer, the
    /// other the human who serves them.
    fn transcription(&self, voice: &Voice) -> Start {
        Start::new(Transcription {
            name: Some(TRANSCRIPTION.to_owned()),
            status_callback_url: Some(self.webhooks.transcription(self.call)),
            status_callback_method: Some(Method::Post),
            language_code: Some(voice.language.clone()),
            track: Some(StreamTrack::Both),
            inbound_track_label: Some("customer".to_owned()),
            outbound_track_label: Some("agent".to_owned()),
            ..Transcription::default()
        })
    }

    /// Speaks and listens. What may be interrupted is spoken while listening, what may not before.
    fn converse(&self, turn: u32, say: &[Line], listen: &Listen, lang: Lang) -> Response {
        let voice = self.voices.of(lang);
        let (within, before): (Vec<Say>, Vec<Say>) = if listen.barge_in {
            (spoken(say, voice).collect(), vec![])
        } else {
            (vec![], spoken(say, voice).collect())
        };
        let gather = Gather {
            prompts: within.into_iter().map(Prompt::Say).collect(),
            input: Some(Input::DtmfSpeech),
            action: Some(self.webhooks.gather(self.call, turn, lang)),
            method: Some(Method::Post),
            timeout: Some(Timeout::Seconds(listen.timeout_secs.max(1))),
            speech_timeout: Some(Timeout::Auto),
            // One key is an answer; nobody is asked for numbers.
            num_digits: Some(1),
            language: Some(voice.language.clone()),
            hints: listen.expects.and_then(|phase| self.voices.hints(lang, phase)).cloned(),
            action_on_empty_result: Some(true),
            partial_result_callback: self.watched.then(|| self.webhooks.partial(self.call)),
            ..Gather::default()
        };
        before.into_iter().fold(Response::new(), Response::with).with(gather)
    }

    /// The answer for an agent's leg.
    pub fn agent(&self, reply: AgentReply) -> Response {
        match reply {
            AgentReply::Brief { attempt, briefing, .. } => {
                let gather = Gather {
                    prompts: vec![Prompt::Say(self.voices.of(briefing.lang).briefing(&briefing))],
                    action: Some(self.webhooks.agent_key(self.call, attempt, briefing.lang)),
                    ..key_gather()
                };
                Response::new().with(gather)
            }
            AgentReply::Join { attempt, lang } => {
                let out = self.webhooks.agent_out(self.call, attempt, lang);
                Response::new().with(self.join(format!("agent-{attempt}"), out, lang))
            }
            AgentReply::Dismiss { why, lang } => {
                Response::new().with(self.voices.of(lang).dismissal(why)).with(Verb::Hangup)
            }
        }
    }

    /// The answer for a supervisor's leg.
    pub fn supervisor(&self, number: u32, reply: SupervisorReply, lang: Lang) -> Response {
        let voice = self.voices.of(lang);
        match reply {
            SupervisorReply::Brief { customer_name, customer_company } => {
                let briefing = voice.supervisor_briefing(&customer_name, customer_company.as_deref());
                let gather = Gather {
                    // Said twice: whoever picks up may not have the telephone at the ear yet.
                    prompts: vec![
                        Prompt::Say(briefing.clone()),
                        Prompt::Pause(Pause { length: Some(BRIEFING_PAUSE) }),
                        Prompt::Say(briefing),
                    ],
                    action: Some(self.webhooks.supervisor_key(self.call, number, lang)),
                    ..key_gather()
                };
                Response::new().with(gather)
            }
            SupervisorReply::Join { mode, agent_sid } => {
                let conference = Conference {
                    muted: Some(mode == SupervisionMode::Listen),
                    coach: (mode == SupervisionMode::Whisper).then_some(agent_sid),
                    // The call does not begin with them, nor end.
                    start_conference_on_enter: Some(false),
                    end_conference_on_exit: Some(false),
                    // Silence.
                    wait_url: Some(String::new()),
                    ..self.conference(format!("supervisor-{number}"))
                };
                Response::new().with(dial(conference, self.webhooks.supervisor_out(self.call, number, lang)))
            }
            SupervisorReply::Dismiss { why } => Response::new().with(voice.dismissal(why)).with(Verb::Hangup),
        }
    }

    /// Into the conference. When either leaves it is over, and the other's leg asks at `out` what is next.
    fn join(&self, label: String, out: String, lang: Lang) -> Dial {
        let conference = Conference {
            start_conference_on_enter: Some(true),
            end_conference_on_exit: Some(true),
            wait_url: Some(self.webhooks.wait(self.call, lang)),
            wait_method: Some(Method::Post),
            ..self.conference(label)
        };
        dial(conference, out)
    }

    /// What the conference is for everybody who enters it.
    fn conference(&self, label: String) -> Conference {
        let events = {
            use ConferenceCallbackEvent::{End, Hold, Join, Leave, Mute, Start};
            vec![Start, End, Join, Leave, Mute, Hold]
        };
        Conference {
            participant_label: Some(label),
            beep: Some(Beep::False),
            // A large buffer costs up to a second of delay, which two people notice.
            jitter_buffer_size: Some(JitterBufferSize::Small),
            // Only the first party's count, so all name the same.
            status_callback: Some(self.webhooks.conference_events(self.call)),
            status_callback_event: events,
            ..Conference::new(room_name(self.call))
        }
    }

    /// What the customer hears on hold.
    pub fn hold(&self, lang: Lang) -> Response {
        Response::new()
            .with(self.voices.of(lang).on_hold())
            .with(Pause { length: Some(HOLD_PAUSE) })
            .with(redirect(self.webhooks.hold(self.call, lang)))
    }

    /// We cannot answer now: the customer stays on the line and we are asked again.
    pub fn one_moment(&self, lang: Lang) -> Response {
        Response::new()
            .with(self.voices.of(lang).one_moment())
            .with(Pause { length: Some(TROUBLE_PAUSE) })
            .with(redirect(self.webhooks.customer(self.call, lang)))
    }

    /// What is heard in the conference while the other is not there yet.
    pub fn wait(&self, lang: Lang) -> Response {
        Response::new()
            .with(self.voices.of(lang).waiting())
            .with(Pause { length: Some(3) })
            .with(redirect(self.webhooks.wait(self.call, lang)))
    }
}

/// The answer for a customer's leg that has come out of the conference: what the AI says from now on is known, and need not
/// be written down.
pub(super) fn after_conference(mut answer: Response) -> Response {
    let stop = Stop { nouns: vec![StopNoun::Transcription(TRANSCRIPTION.to_owned())] };
    answer.verbs.insert(0, stop.into());
    answer
}

/// A polite end, for a leg that belongs to no call any more.
pub(super) fn farewell(voices: &Voices, lang: Lang) -> Response {
    Response::new().with(voices.of(lang).goodbye()).with(Verb::Hangup)
}

/// The document as the carrier takes it.
pub(super) fn answer(response: &Response) -> HttpResponse {
    const LAST_RESORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>"#;
    let body = response.to_xml().unwrap_or_else(|error| {
        tracing::error!(%error, "a document could not be written; the leg is hung up");
        LAST_RESORT.to_owned()
    });
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/xml; charset=utf-8")).body(body)
}

fn spoken(lines: &[Line], voice: &Voice) -> impl Iterator<Item = Say> {
    let mut lines = lines.iter().filter(|line| !line.text.trim().is_empty()).peekable();
    iter::from_fn(move || {
        let line = lines.next()?;
        Some(voice.read(&line.text, &line.readings, lines.peek().is_some()))
    })
}

/// Asks for one key.
fn key_gather() -> Gather {
    Gather {
        input: Some(Input::Dtmf),
        method: Some(Method::Post),
        timeout: Some(Timeout::Seconds(KEY_PATIENCE)),
        num_digits: Some(1),
        action_on_empty_result: Some(true),
        ..Gather::default()
    }
}

/// Into a conference; when the leg comes out of it, it asks at `out` what is next.
fn dial(conference: Conference, out: String) -> Dial {
    Dial { action: Some(out), method: Some(Method::Post), ..Dial::new(conference) }
}

fn redirect(url: String) -> Redirect {
    Redirect { url, method: Some(Method::Post) }
}

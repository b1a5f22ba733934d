//! A persona as its file states it, and the way from there to a [`Persona`].

use std::{sync::Arc, time::Duration};

use serde::Deserialize;

use super::rule::{Act, Rule, Trigger};
use super::{CastError, Conference, NumberPattern, Outcome, Persona, Ring, Role, Score, Span};
use crate::AnsweredBy;

/// How sure recognition is of what a persona says, unless its file says otherwise.
const CONFIDENCE: (f64, f64) = (0.82, 0.97);
/// How long a persona thinks before it speaks, unless its file says otherwise.
const THINKING_SECS: (f64, f64) = (0.3, 1.2);
/// How long it rings unless the file says otherwise.
const RING_SECS: (f64, f64) = (1.0, 4.0);
/// How long whoever plays a persona may be given to type.
const UNHURRIED_SECS: std::ops::RangeInclusive<f64> = 0.0..=300.0;

/// Reads one file.
pub(super) fn read(file: &str, text: &str) -> Result<Persona, CastError> {
    let source: Source = toml::from_str(text).map_err(|error| CastError::Syntax {
        file: file.to_owned(),
        line: error
            .span()
            .map_or(1, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count()),
        message: error.message().to_owned(),
    })?;
    source.persona().map_err(|Wrong { place, message }| CastError::Value {
        file: file.to_owned(),
        place,
        message,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: String,
    about: String,
    translated: Option<String>,
    role: RoleWord,
    lang: String,
    numbers: Vec<String>,
    #[serde(default)]
    expected: Vec<OutcomeWord>,
    #[serde(default)]
    manual: bool,
    unhurried_secs: Option<f64>,
    #[serde(default)]
    pickup: PickupSource,
    #[serde(default)]
    answered_by: AnsweredBySource,
    #[serde(default)]
    confidence: Option<Span>,
    greeting: Option<RuleSource>,
    #[serde(default)]
    rules: Vec<RuleSource>,
    default: Option<RuleSource>,
    #[serde(default)]
    conference: ConferenceSource,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleWord {
    Customer,
    Agent,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeWord {
    Success,
    Absent,
    Rejected,
    FollowUp,
    Failed,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct PickupSource {
    #[serde(default)]
    kind: PickupWord,
    ring_secs: Option<Span>,
    sip: Option<u16>,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum PickupWord {
    #[default]
    Answer,
    Busy,
    NoAnswer,
    Failed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnsweredBySource {
    who: String,
    after_secs: f64,
}

impl Default for AnsweredBySource {
    fn default() -> Self {
        Self { who: "human".to_owned(), after_secs: 1.5 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSource {
    when: Option<When>,
    step: Option<String>,
    goto: Option<String>,
    nth: Option<u32>,
    max_uses: Option<u32>,
    #[serde(default)]
    say: Vec<String>,
    press: Option<String>,
    #[serde(default)]
    hang_up: bool,
    #[serde(default)]
    during_speech: bool,
    #[serde(default)]
    silent: bool,
    #[serde(default)]
    interrupts: bool,
    after_secs: Option<Span>,
    confidence: Option<Span>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum When {
    Regex(String),
    Words(Vec<String>),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ConferenceSource {
    #[serde(default)]
    says: Vec<String>,
    every_secs: Option<Span>,
    talk_secs: Option<Span>,
    #[serde(default)]
    hangs_up: bool,
    leaves_if_alone_secs: Option<f64>,
}

struct Wrong {
    place: String,
    message: String,
}

fn wrong(place: impl Into<String>, message: impl Into<String>) -> Wrong {
    Wrong { place: place.into(), message: message.into() }
}

fn span_of((from, to): (f64, f64)) -> Span {
    Span::new(from, to).unwrap_or_default()
}

impl Source {
    fn persona(self) -> Result<Persona, Wrong> {
        let name_fits = !self.name.is_empty()
            && self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !name_fits {
            return Err(wrong("name", "a name is made of small letters, digits and hyphens"));
        }
        if !matches!(self.lang.as_str(), "ja" | "en") {
            return Err(wrong("lang", format!("`{}` is not a language of the sandbox: ja or en", self.lang)));
        }
        if self.numbers.is_empty() {
            return Err(wrong("numbers", "at least one pattern such as \"+81501001####\" is needed"));
        }
        let numbers = self.numbers.iter().enumerate().map(|(index, text)| {
            NumberPattern::parse(text).ok_or_else(|| {
                wrong(
                    format!("numbers[{}]", index + 1),
                    format!("`{text}` is not a number such as +81501001####"),
                )
            })
        });
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        let role = match self.role {
            RoleWord::Customer => Role::Customer,
            RoleWord::Agent => Role::Agent,
        };
        if role == Role::Customer && !self.manual && self.expected.is_empty() {
            return Err(wrong("expected", "a customer states how a call to it may end"));
        }
        match self.unhurried_secs {
            Some(_) if !self.manual => {
                return Err(wrong("unhurried_secs", "only who is played by a person is given time"));
            }
            Some(secs) if !UNHURRIED_SECS.contains(&secs) => {
                return Err(wrong("unhurried_secs", "whoever types is given 0 to 300 seconds"));
            }
            _ => {}
        }
        let answered_by = AnsweredBy::parse(&self.answered_by.who);
        if answered_by == AnsweredBy::Unknown && self.answered_by.who != "unknown" {
            return Err(wrong(
                "answered_by.who",
                format!("`{}` is none of Twilio's words", self.answered_by.who),
            ));
        }
        if !(self.answered_by.after_secs.is_finite() && self.answered_by.after_secs >= 0.0) {
            return Err(wrong("answered_by.after_secs", "seconds are not negative"));
        }
        let confidence = self.confidence.unwrap_or_else(|| span_of(CONFIDENCE));
        let ring = self.pickup.ring()?;
        let greeting = self.greeting.map(|rule| rule.rule("greeting", confidence)).transpose()?;
        let fallback = self.default.map(|rule| rule.rule("default", confidence)).transpose()?;
        let rules = self.rules.into_iter().enumerate();
        let rules = rules
            .map(|(index, rule)| rule.rule(&format!("rules[{}]", index + 1), confidence))
            .collect::<Result<Vec<_>, _>>()?;
        check_steps(greeting.iter().chain(&rules).chain(fallback.iter()), &rules)?;
        Ok(Persona {
            name: self.name,
            about: self.about,
            translated: self.translated,
            role,
            lang: self.lang,
            numbers,
            expected: self.expected.iter().map(OutcomeWord::outcome).collect(),
            manual: self.manual,
            unhurried: Duration::from_secs_f64(self.unhurried_secs.unwrap_or_default()),
            ring,
            answered_by,
            answered_by_secs: self.answered_by.after_secs,
            score: Arc::new(Score { greeting, rules, fallback, conference: self.conference.conference()? }),
        })
    }
}

/// A step that is gone to has a rule, and a step that has a rule is gone to.
fn check_steps<'a>(all: impl Iterator<Item = &'a Rule>, rules: &[Rule]) -> Result<(), Wrong> {
    let gone_to: Vec<&str> = all.filter_map(|rule| rule.goto.as_deref()).collect();
    for (index, rule) in rules.iter().enumerate() {
        if let Some(step) = rule.step.as_deref()
            && step != super::performance::FIRST_STEP
            && !gone_to.contains(&step)
        {
            return Err(wrong(
                format!("rules[{}].step", index + 1),
                format!("no rule goes to the step `{step}`"),
            ));
        }
    }
    for target in gone_to {
        if !rules.iter().any(|rule| rule.step.as_deref() == Some(target)) {
            return Err(wrong("goto", format!("no rule belongs to the step `{target}`")));
        }
    }
    Ok(())
}

impl OutcomeWord {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Success => Outcome::Success,
            Self::Absent => Outcome::Absent,
            Self::Rejected => Outcome::Rejected,
            Self::FollowUp => Outcome::FollowUp,
            Self::Failed => Outcome::Failed,
        }
    }
}

impl PickupSource {
    fn ring(&self) -> Result<Ring, Wrong> {
        if self.kind != PickupWord::Answer && self.ring_secs.is_some() {
            return Err(wrong("pickup.ring_secs", "only what is answered has a time of ringing"));
        }
        if self.kind != PickupWord::Failed && self.sip.is_some() {
            return Err(wrong("pickup.sip", "only what fails has a SIP response"));
        }
        Ok(match self.kind {
            PickupWord::Answer => Ring::Answer(self.ring_secs.unwrap_or_else(|| span_of(RING_SECS))),
            PickupWord::Busy => Ring::Busy,
            PickupWord::NoAnswer => Ring::NoAnswer,
            PickupWord::Failed => match self.sip.unwrap_or(404) {
                sip @ 400..=699 => Ring::Failed(sip),
                sip => return Err(wrong("pickup.sip", format!("{sip} is not a SIP failure: 400 to 699"))),
            },
        })
    }
}

impl RuleSource {
    fn rule(self, place: &str, confidence: Span) -> Result<Rule, Wrong> {
        let trigger = match &self.when {
            None => Trigger::Anything,
            Some(When::Words(words)) => {
                if words.is_empty() || words.iter().any(|word| word.trim().is_empty()) {
                    return Err(wrong(
                        format!("{place}.when"),
                        "a list of words is not empty, nor is any of them",
                    ));
                }
                Trigger::Words(words.iter().map(|word| word.to_lowercase()).collect())
            }
            Some(When::Regex(text)) => {
                let regex = regex::RegexBuilder::new(text).case_insensitive(true).build();
                Trigger::Regex(regex.map_err(|error| wrong(format!("{place}.when"), error.to_string()))?)
            }
        };
        let confidence = self.confidence.unwrap_or(confidence);
        if confidence.to() > 1.0 {
            return Err(wrong(format!("{place}.confidence"), "a confidence is at most 1"));
        }
        Ok(Rule {
            trigger,
            act: self.act(place)?,
            after_secs: self.after_secs.unwrap_or_else(|| span_of(THINKING_SECS)),
            confidence,
            step: self.step,
            goto: self.goto,
            nth: self.nth,
            max_uses: self.max_uses,
        })
    }

    fn act(&self, place: &str) -> Result<Act, Wrong> {
        let acts = [!self.say.is_empty(), self.press.is_some(), self.hang_up, self.silent];
        if acts.iter().filter(|act| **act).count() != 1 {
            return Err(wrong(place, "exactly one of say, press, hang_up and silent is needed"));
        }
        if self.say.iter().any(|line| line.trim().is_empty()) {
            return Err(wrong(format!("{place}.say"), "a line is not empty"));
        }
        if self.during_speech && !self.hang_up {
            return Err(wrong(format!("{place}.during_speech"), "only hanging up can be in mid-sentence"));
        }
        if self.interrupts && self.say.is_empty() {
            return Err(wrong(format!("{place}.interrupts"), "only speech interrupts"));
        }
        if let Some(digits) = &self.press {
            let fits =
                !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
            return if fits {
                Ok(Act::Press(digits.clone()))
            } else {
                Err(wrong(format!("{place}.press"), "keys are 0 to 9, * and #"))
            };
        }
        Ok(match (self.hang_up, self.silent) {
            (true, _) => Act::HangUp { during_speech: self.during_speech },
            (_, true) => Act::Silent,
            _ => Act::Say { lines: self.say.clone(), interrupts: self.interrupts },
        })
    }
}

impl ConferenceSource {
    fn conference(self) -> Result<Conference, Wrong> {
        if self.says.iter().any(|line| line.trim().is_empty()) {
            return Err(wrong("conference.says", "a line is not empty"));
        }
        if self.leaves_if_alone_secs.is_some_and(|secs| !(secs.is_finite() && secs >= 0.0)) {
            return Err(wrong("conference.leaves_if_alone_secs", "seconds are not negative"));
        }
        if self.hangs_up && self.talk_secs.is_none() {
            return Err(wrong("conference.talk_secs", "who hangs up does so after some time"));
        }
        Ok(Conference {
            says: self.says,
            every_secs: self.every_secs.unwrap_or_else(|| span_of((2.0, 5.0))),
            talk_secs: self.talk_secs.unwrap_or_default(),
            hangs_up: self.hangs_up,
            leaves_if_alone_secs: self.leaves_if_alone_secs,
        })
    }
}

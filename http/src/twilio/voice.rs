//! How we speak and listen on the telephone in each language: the voice, the sentences that belong to the line rather than
//! to the talk, and the words that the recogniser should expect.

use super::aloud::Reader;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use tsunagu_call::{Briefing, Dismissal};
use tsunagu_conversation::{Engine, Lang, Phase, Reading};
use tsunagu_twiml::{Hints, Say};

const SOURCES: [(&str, &str); 2] = [
    ("ja", include_str!("../../../config/voice/ja.toml")),
    ("en", include_str!("../../../config/voice/en.toml")),
];

/// The voices of all languages.
#[derive(Debug, Clone)]
pub struct Voices {
    default: Voice,
    others: BTreeMap<Lang, Voice>,
    hints: HashMap<(Lang, Phase), Hints>,
}

/// The voice and the sentences of one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// The carrier's name of the language, for speaking and for recognising.
    pub language: String,
    /// The carrier's name of the voice.
    pub voice: String,
    aloud: Reader,
    customer: CustomerSentences,
    agent: AgentSentences,
    supervisor: SupervisorSentences,
    reasons: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerSentences {
    one_moment: String,
    on_hold: String,
    goodbye: String,
    inbound: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentSentences {
    briefing: String,
    last_words: String,
    keys: String,
    waiting: String,
    declined: String,
    withdrawn: String,
    over: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SupervisorSentences {
    briefing: String,
}

/// Why the voices cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// A file of them is not as it must be.
    #[error("config/voice/{file}.toml cannot be read")]
    File {
        /// The language.
        file: String,
        /// What is wrong with it.
        source: toml::de::Error,
    },
    /// The carrier would refuse the words that a script expects.
    #[error("the hints of the phase `{phase:?}` in the language {lang} cannot be sent to the carrier")]
    Hints {
        /// The language.
        lang: Lang,
        /// The phase.
        phase: Phase,
        /// Why not.
        source: tsunagu_twiml::Error,
    },
}

impl Voices {
    /// The voices that the program carries in itself, for the scripts of this engine.
    ///
    /// # Errors
    /// A file of them is not as it must be, or a script expects words that the carrier would refuse.
    pub fn embedded(engine: &Engine) -> Result<Self, VoiceError> {
        let read = |(file, text): (&str, &str)| {
            toml::from_str::<Voice>(text).map_err(|source| VoiceError::File { file: file.to_owned(), source })
        };
        let [default, english] = SOURCES;
        let mut hints = HashMap::new();
        for (lang, phase) in
            engine.languages().flat_map(|lang| Phase::ALL.iter().map(move |phase| (lang, *phase)))
        {
            let words = engine.hints(lang, phase).iter().map(String::as_str);
            let words = Hints::new(words).map_err(|source| VoiceError::Hints { lang, phase, source })?;
            if !words.is_empty() {
                hints.insert((lang, phase), words);
            }
        }
        Ok(Self { default: read(default)?, others: BTreeMap::from([(Lang::EN, read(english)?)]), hints })
    }

    /// The words that the recogniser should expect in a phase, if there are any.
    pub fn hints(&self, lang: Lang, phase: Phase) -> Option<&Hints> {
        self.hints.get(&(lang, phase))
    }

    /// The voice of a language; the default one for a language that has none.
    pub fn of(&self, lang: Lang) -> &Voice {
        self.others.get(&lang).unwrap_or(&self.default)
    }
}

impl Voice {
    /// The text, spoken with this voice.
    pub fn say(&self, text: impl AsRef<str>) -> Say {
        self.read(text.as_ref(), &[], false)
    }

    /// The text, spoken with this voice and with its words read so. `more`: something is said behind it.
    pub fn read(&self, text: &str, readings: &[Reading], more: bool) -> Say {
        let content = self.aloud.speech(text, readings, more);
        Say { content, ..Say::default() }.voice(&*self.voice).language(&*self.language)
    }

    pub(super) fn one_moment(&self) -> Say {
        self.say(&*self.customer.one_moment)
    }

    pub(super) fn on_hold(&self) -> Say {
        self.say(&*self.customer.on_hold)
    }

    pub(super) fn goodbye(&self) -> Say {
        self.say(&*self.customer.goodbye)
    }

    pub(super) fn inbound(&self) -> Say {
        self.say(&*self.customer.inbound)
    }

    pub(super) fn waiting(&self) -> Say {
        self.say(&*self.agent.waiting)
    }

    pub(super) fn dismissal(&self, why: Dismissal) -> Say {
        self.say(match why {
            Dismissal::Declined => &*self.agent.declined,
            Dismissal::Withdrawn => &*self.agent.withdrawn,
            Dismissal::Over => &*self.agent.over,
        })
    }

    /// Who is on the line and why, and the keys.
    pub(super) fn briefing(&self, briefing: &Briefing) -> Say {
        let reason = self.reasons.get(&briefing.reason).unwrap_or(&briefing.reason);
        let mut text = self
            .about(&self.agent.briefing, &briefing.customer_name, briefing.customer_company.as_deref())
            .replace("{reason}", reason);
        if let Some(words) = &briefing.last_words {
            const MOST_WORDS: usize = 200;
            let words: String = words.chars().take(MOST_WORDS).collect();
            text.push_str(&self.agent.last_words.replace("{words}", &words));
        }
        text.push_str(&self.agent.keys);
        self.say(text)
    }

    /// Whose call a supervisor is let in to, and the key.
    pub(super) fn supervisor_briefing(&self, customer: &str, company: Option<&str>) -> Say {
        self.say(self.about(&self.supervisor.briefing, customer, company))
    }

    /// The sentence with the customer in it.
    fn about(&self, sentence: &str, customer: &str, company: Option<&str>) -> String {
        let company = company.map(|company| match self.language.as_str() {
            "ja-JP" => format!("{company}の"),
            _ => format!("of {company} "),
        });
        sentence.replace("{company}", company.as_deref().unwrap_or_default()).replace("{customer}", customer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_hears_who_why_and_which_key() {
        let voices = Voices::embedded(&Engine::embedded().unwrap()).unwrap();
        let briefing = |lang| Briefing {
            lang,
            customer_name: "佐藤".into(),
            customer_company: Some("山田商事".into()),
            reason: "agreed".into(),
            last_words: Some("はいお願いします".into()),
        };
        let text = voices.of(Lang::JA).briefing(&briefing(Lang::JA)).plain_text();
        for part in ["山田商事の佐藤様", "ご案内を聞いてくださる", "はいお願いします", "1を"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        let text = voices.of(Lang::EN).briefing(&briefing(Lang::EN)).plain_text();
        assert!(text.contains("佐藤 of 山田商事 is on the line") && text.contains("Press 1"), "{text}");
    }
}

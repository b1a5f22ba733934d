//! Templates: texts with `{{variables}}`, their checking and filling in.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::error::{File, Problem, ScriptError};
use crate::honorific;
use crate::profile::Profile;
use tsunagu_understanding::named;

/// The keys that an agent may override in the settings.
pub const OVERRIDABLE: &[&str] = &[
    "initial",
    "clarification",
    "company_confirmation",
    "absent",
    "rejection",
    "website_redirect",
    "handoff_message",
    "closing",
];

/// The longest template in characters: about a minute of speech.
pub const MAX_TEMPLATE_CHARS: usize = 500;

/// What an agent's own wording may have filled in, between double braces.
pub const FILLED_IN: &[&str] = &[
    "companyName",
    "serviceName",
    "representativeName",
    "targetDepartment",
    "customerName",
    "customerCompany",
];

/// Checks an agent's own wording before it is saved.
///
/// # Errors
/// When the key is not one of [`OVERRIDABLE`], a variable is unknown or not closed, or the text is empty or longer
/// than [`MAX_TEMPLATE_CHARS`].
pub fn check_template(key: &str, text: &str) -> Result<(), TemplateError> {
    checked(key, text).map(drop)
}

/// An agent's own wording, if it may be used.
fn checked(key: &str, text: &str) -> Result<Template, TemplateError> {
    if !OVERRIDABLE.contains(&key) {
        return Err(TemplateError::UnknownKey(clip(key)));
    }
    let template = Template::parse(text)?;
    if let Some(other) = template.variables().find(|variable| !FILLED_IN.contains(&variable.name())) {
        return Err(TemplateError::UnknownVariable(other.name().to_owned()));
    }
    Ok(template)
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No template of that key can be overridden.
    #[error("no template is called `{0}`; there are {keys}", keys = OVERRIDABLE.join(", "))]
    UnknownKey(String),
    /// A variable that does not exist.
    #[error(
        "no variable is called `{0}`; there are companyName, serviceName, representativeName, targetDepartment, customerName and customerCompany"
    )]
    UnknownVariable(String),
    /// A variable that is opened with `{{` and never closed.
    #[error("`{{{{` is not followed by a variable and `}}}}`")]
    Unclosed,
    /// Nothing to say.
    #[error("the text is empty")]
    Empty,
    /// Too much to say.
    #[error("the text has {0} characters; at most {MAX_TEMPLATE_CHARS} are allowed")]
    TooLong(usize),
}

named! {
    /// What a template may have filled in.
    Variable {
        /// The company on whose behalf the AI rings.
        CompanyName = "companyName",
        /// What it offers.
        ServiceName = "serviceName",
        /// The human representative.
        RepresentativeName = "representativeName",
        /// The department that is wanted.
        TargetDepartment = "targetDepartment",
        /// The customer's name.
        CustomerName = "customerName",
        /// The customer's company.
        CustomerCompany = "customerCompany",
        /// The time for the call back as it was said. Only in the script's own templates.
        CallbackTime = "callbackTime",
        /// The name that the speaker has just given. Only in the script's own templates.
        SpeakerName = "speakerName",
        /// How the speaker is addressed by it; nothing when they gave none. Only in the script's own templates.
        Address = "address",
    }
}

/// A text cut at its variables.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(Variable),
}

impl Template {
    fn parse(text: &str) -> Result<Self, TemplateError> {
        let chars = text.chars().count();
        if text.trim().is_empty() {
            return Err(TemplateError::Empty);
        }
        if chars > MAX_TEMPLATE_CHARS {
            return Err(TemplateError::TooLong(chars));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or(TemplateError::Unclosed)?;
            let variable = Variable::from_name(name.trim())
                .ok_or_else(|| TemplateError::UnknownVariable(clip(name.trim())))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Variable(variable));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template(parts))
    }

    fn source(&self) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(words) => words.clone(),
            Part::Variable(variable) => format!("{{{{{variable}}}}}"),
        });
        parts.collect()
    }

    fn variables(&self) -> impl Iterator<Item = Variable> {
        self.0.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(*variable),
            Part::Text(_) => None,
        })
    }
}

/// What the variables stand for in one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    pub profile: &'a Profile,
    pub callback_time: Option<&'a str>,
    pub speaker: Option<&'a str>,
}

/// All templates of a language, each in one or more wordings.
#[derive(Debug)]
pub(crate) struct Templates {
    texts: BTreeMap<String, Vec<Template>>,
    /// What is said for a variable without a value.
    instead: BTreeMap<Variable, String>,
    address: Option<Template>,
    /// What is no name, however it is said.
    no_names: Vec<String>,
    /// What must be heard to its end.
    uncut: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplates {
    #[serde(default)]
    uncut: BTreeSet<String>,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    no_names: Vec<String>,
    instead: BTreeMap<String, String>,
    text: BTreeMap<String, OneOrMore>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Templates {
    /// Reads a `templates.toml`.
    pub fn read(file: File<'_>, text: &str) -> Result<Self, ScriptError> {
        let raw: RawTemplates = file.read(text)?;
        let mut texts = BTreeMap::new();
        for (key, wordings) in raw.text {
            let wordings = match wordings {
                OneOrMore::One(text) => vec![text],
                OneOrMore::More(texts) => texts,
            };
            let place = format!("text.{key}");
            if wordings.is_empty() {
                return Err(file.wrong(place, Problem::Missing("a text")));
            }
            let wordings = wordings.iter().map(|text| Template::parse(text)).collect::<Result<Vec<_>, _>>();
            texts
                .insert(key, wordings.map_err(|error| file.wrong(place, Problem::Other(error.to_string())))?);
        }
        let mut instead = BTreeMap::new();
        for (name, text) in raw.instead {
            let variable = Variable::from_name(&name)
                .ok_or_else(|| file.unknown(format!("instead.{name}"), "variable", &name))?;
            instead.insert(variable, text);
        }
        for key in OVERRIDABLE {
            if !texts.contains_key(*key) {
                return Err(file.unknown("text", "or missing template", key));
            }
        }
        if let Some(key) = raw.uncut.iter().find(|key| !texts.contains_key(*key)) {
            return Err(file.unknown("uncut", "template", key));
        }
        let address = raw.address.map(|text| Template::parse(&text)).transpose();
        let address = address.map_err(|error| file.wrong("address", Problem::Other(error.to_string())))?;
        if address.iter().flat_map(Template::variables).any(|variable| variable != Variable::SpeakerName) {
            return Err(file.wrong("address", Problem::Other("only speakerName may stand in it".to_owned())));
        }
        Ok(Templates { texts, instead, address, no_names: raw.no_names, uncut: raw.uncut })
    }

    /// Whether a template must be heard to its end: nobody may cut in.
    pub fn uncut(&self, key: &str) -> bool {
        self.uncut.contains(key)
    }

    /// The first wording of a template as it was written.
    pub fn source(&self, key: &str) -> Option<String> {
        self.texts.get(key)?.first().map(Template::source)
    }

    /// What is said for what may be filled in and has no value.
    pub fn instead(&self) -> BTreeMap<&'static str, String> {
        let values = self.instead.iter().map(|(variable, text)| (variable.name(), text.clone()));
        values.filter(|(name, _)| FILLED_IN.contains(name)).collect()
    }

    /// Whether there is a template of that key.
    pub fn contains(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// The text of a template with its variables filled in. `turn` chooses among the wordings, so that a sentence
    /// that is said again is not said in the same words. An agent's own wording goes before all of them.
    pub fn fill(&self, key: &str, turn: usize, values: Values<'_>) -> String {
        if let Some(template) = values.profile.templates.get(key).and_then(|text| checked(key, text).ok()) {
            return self.write(&template, values);
        }
        let wordings = self.texts.get(key).map(Vec::as_slice).unwrap_or_default();
        let chosen = turn.checked_rem(wordings.len()).and_then(|index| wordings.get(index));
        chosen.map(|template| self.write(template, values)).unwrap_or_default()
    }

    fn write(&self, template: &Template, values: Values<'_>) -> String {
        let after = template.0.iter().skip(1).map(Some).chain([None]);
        let mut text = String::new();
        for (part, after) in template.0.iter().zip(after) {
            match (part, after) {
                (Part::Text(words), _) => text.push_str(words),
                (Part::Variable(Variable::Address), _) => {
                    let named = self.address.as_ref().filter(|_| {
                        values.speaker.is_some_and(|name| honorific::is_sure(name, &self.no_names))
                    });
                    text.push_str(&named.map(|address| self.write(address, values)).unwrap_or_default());
                }
                (Part::Variable(variable), Some(Part::Text(after))) => {
                    text.push_str(self.value(*variable, after, values));
                }
                (Part::Variable(variable), _) => text.push_str(self.value(*variable, "", values)),
            }
        }
        text
    }

    /// What stands for a variable before these words.
    fn value<'a>(&'a self, variable: Variable, after: &str, values: Values<'a>) -> &'a str {
        let profile = values.profile;
        let value = match variable {
            Variable::CompanyName => profile.company_name.as_str(),
            Variable::ServiceName => profile.service_name.as_str(),
            Variable::RepresentativeName => profile.representative_name.as_str(),
            Variable::TargetDepartment => profile.target_department.as_str(),
            Variable::CustomerName => profile.customer_name.as_deref().unwrap_or_default(),
            Variable::CustomerCompany => profile.customer_company.as_deref().unwrap_or_default(),
            Variable::CallbackTime => values.callback_time.unwrap_or_default(),
            Variable::SpeakerName => values.speaker.unwrap_or_default(),
            Variable::Address => "",
        };
        let value = match variable {
            Variable::RepresentativeName => honorific::own(value),
            Variable::CustomerName | Variable::CustomerCompany | Variable::SpeakerName => {
                honorific::before(value, after)
            }
            _ => value.trim(),
        };
        match value {
            "" => {
                let instead = self.instead.get(&variable).map(String::as_str).unwrap_or_default();
                honorific::before(instead, after)
            }
            value => value,
        }
    }
}

fn clip(name: &str) -> String {
    name.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn templates() -> Templates {
        let mut text = String::from("[instead]\ncustomerName = \"ご担当者\"\n[text]\n");
        for key in OVERRIDABLE {
            text.push_str(&format!("{key} = [\"一 {{{{customerName}}}}\", \"二 {{{{ companyName }}}}\"]\n"));
        }
        Templates::read(File("ja/templates.toml"), &text).unwrap()
    }

    fn profile() -> Profile {
        Profile { company_name: "つなぐ商事".into(), ..Profile::default() }
    }

    #[test]
    fn fills_in_and_varies() {
        let (templates, profile) = (templates(), profile());
        let values = Values { profile: &profile, callback_time: None, speaker: None };
        assert_eq!(templates.fill("closing", 0, values), "一 ご担当者");
        assert_eq!(templates.fill("closing", 1, values), "二 つなぐ商事");
        assert_eq!(templates.fill("closing", 2, values), "一 ご担当者");
    }

    #[test]
    fn an_agents_own_wording_goes_first_unless_it_is_broken() {
        let (templates, mut profile) = (templates(), profile());
        profile.templates.insert("closing".into(), "では、{{companyName}}でした".into());
        profile.templates.insert("absent".into(), "{{oops}}".into());
        let values = Values { profile: &profile, callback_time: None, speaker: None };
        assert_eq!(templates.fill("closing", 0, values), "では、つなぐ商事でした");
        assert_eq!(templates.fill("absent", 0, values), "一 ご担当者");
    }

    #[test]
    fn names_carry_one_honorific_and_ours_none() {
        let templates = templates();
        let said = |customer: &str, ours: &str, text: &str| {
            let mut profile = profile();
            profile.customer_name = Some(customer.into());
            profile.representative_name = ours.into();
            profile.templates.insert("closing".into(), text.into());
            templates.fill("closing", 0, Values { profile: &profile, callback_time: None, speaker: None })
        };
        let both = "{{customerName}}様、{{representativeName}}でございます";
        for customer in ["佐藤", "佐藤様", "佐藤 様", "佐藤さん", "佐藤さま", " 佐藤 "] {
            for ours in ["青木", "青木様", "青木さん", "青木氏"] {
                assert_eq!(said(customer, ours, both), "佐藤様、青木でございます", "{customer}, {ours}");
            }
        }
        assert_eq!(
            said("佐藤様", "青木", "{{customerName}}はいらっしゃいますか"),
            "佐藤様はいらっしゃいますか"
        );
        assert_eq!(said("", "青木", "{{customerName}}様"), "ご担当者様");
        // What is nothing but an honorific is left as it is.
        assert_eq!(said("様", "様", "{{customerName}}、{{representativeName}}"), "様、様");
        assert_eq!(
            said("Ms Sato", "Mr Aoki", "{{customerName}}, {{representativeName}}"),
            "Ms Sato, Mr Aoki"
        );
    }

    #[test]
    fn who_gives_a_name_is_addressed_by_it_once() {
        let text = "address = \"{{speakerName}}様、\"\nno_names = [\"者\", \"方\", \"店長\", \"本人\", \"yes\", \"of\"]\n".to_owned()
            + &OVERRIDABLE
                .iter()
                .fold("[instead]\n[text]\nhello = \"{{address}}どうも\"\n".to_owned(), |text, key| {
                    text + key + " = \"-\"\n"
                });
        let profile = profile();
        let said = |speaker| {
            let templates = Templates::read(File("ja/templates.toml"), &text).unwrap();
            templates.fill("hello", 0, Values { profile: &profile, callback_time: None, speaker })
        };
        assert_eq!(said(None), "どうも");
        assert_eq!(
            (said(Some("佐藤")), said(Some("佐藤さん"))),
            ("佐藤様、どうも".into(), "佐藤様、どうも".into())
        );
        for own in ["{{address}}様", "{{speakerName}}様", "{{callbackTime}}"] {
            assert!(
                matches!(check_template("closing", own), Err(TemplateError::UnknownVariable(_))),
                "{own}"
            );
        }
        for other in [
            "しもし佐藤",
            "者",
            "店長",
            "本人",
            "けど本人",
            "い、佐藤",
            "yes",
            "Yes",
            "just me",
            "Head of Operations",
        ] {
            assert_eq!(said(Some(other)), "どうも", "{other}");
        }
        assert_eq!(said(Some("緒方")), "緒方様、どうも");
        let wrong = text.replace("{{speakerName}}", "{{companyName}}");
        assert!(Templates::read(File("ja/templates.toml"), &wrong).is_err());
    }

    #[test]
    fn what_must_be_heard_to_the_end_is_a_template() {
        let with = |uncut: &str| {
            let mut text = format!("uncut = [\"{uncut}\"]\n[instead]\n[text]\n");
            OVERRIDABLE.iter().for_each(|key| text.push_str(&format!("{key} = \"x\"\n")));
            Templates::read(File("ja/templates.toml"), &text)
        };
        assert!(with("initial").unwrap().uncut("initial"));
        assert!(!with("initial").unwrap().uncut("closing"));
        let wrong = with("intial").unwrap_err().to_string();
        assert_eq!(wrong, "ja/templates.toml: uncut: unknown template `intial`");
    }

    #[test]
    fn is_shown_as_it_was_written() {
        let templates = templates();
        assert_eq!(templates.source("closing").unwrap(), "一 {{customerName}}");
        assert_eq!(templates.source("nothing"), None);
        assert_eq!(templates.instead(), [("customerName", "ご担当者".to_owned())].into());
        let names = Variable::ALL.iter().map(|variable| variable.name());
        let may: Vec<_> =
            names.filter(|name| check_template("closing", &format!("{{{{{name}}}}}")).is_ok()).collect();
        assert_eq!(may, FILLED_IN);
    }

    #[test]
    fn refuses_with_the_name() {
        assert_eq!(check_template("initial", "こんにちは、{{companyName}}です"), Ok(()));
        let unknown = check_template("initial", "{{compnyName}}").unwrap_err();
        assert_eq!(unknown, TemplateError::UnknownVariable("compnyName".into()));
        assert!(unknown.to_string().contains("`compnyName`"));
        assert_eq!(check_template("greeting", "x"), Err(TemplateError::UnknownKey("greeting".into())));
        assert_eq!(check_template("initial", "{{companyName"), Err(TemplateError::Unclosed));
        assert!(TemplateError::Unclosed.to_string().contains("`{{`"));
        assert_eq!(check_template("initial", "  "), Err(TemplateError::Empty));
        assert_eq!(check_template("initial", &"あ".repeat(501)), Err(TemplateError::TooLong(501)));
        assert!(check_template("initial", "{{callbackTime}}").is_err());
    }
}

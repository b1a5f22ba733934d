//! `GET /phrases`, `PUT /phrases`: what means something of its own where this company rings. It counts from the next utterance on, also
//! of calls that live.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Filters, Listed},
    error::{ApiError, Detail},
    language::languages,
};
use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use std::collections::HashMap;
use tsunagu_conversation::{Engine, Intent, Lang, MAX_OWN_PHRASE_CHARS, MAX_OWN_PHRASES, OwnPhrases, Phase};
use tsunagu_store::{CompanyChange, CompanyPhrase, SpeechChange};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// How many phrases a company may have in all.
const PHRASES: usize = 1000;

/// All phrases of the company; those that are not named are gone.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
struct PutPhrases {
    #[schema(max_items = 1000)]
    phrases: Vec<PutPhrase>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a part of the body")]
struct PutPhrase {
    #[schema(pattern = "^(ja|en)$")]
    language: String,
    /// What it means. Of each language and intent there may be 200.
    intent: PhraseIntent,
    /// As people say it. Something must be left of it without punctuation.
    #[schema(min_length = 1, max_length = 200, pattern = "\\S", example = "本社のほうで一括なんで")]
    text: String,
}

/// What a phrase may mean: any intent but `unknown`.
struct PhraseIntent;

impl PartialSchema for PhraseIntent {
    fn schema() -> RefOr<Schema> {
        let names = intents().map(|(name, _)| name);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for PhraseIntent {}

fn intents() -> impl Iterator<Item = (&'static str, Intent)> {
    let named = Intent::ALL.iter().map(|intent| (intent.name(), *intent));
    named.filter(|(_, intent)| *intent != Intent::Unknown)
}

/// The company's own phrases.
#[utoipa::path(
    get, path = "/phrases", tag = "company",
    responses((status = 200, description = "All of them", body = Listed<Vec<CompanyPhrase>>)),
)]
pub(super) async fn show(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let company = app.board.ports().store.company(who.company_id).await?;
    Ok(envelope::list(&company.ok_or(ApiError::NotFound("company"))?.speech.phrases))
}

/// Replace the company's own phrases. They count from the next utterance on.
#[utoipa::path(
    put, path = "/phrases", tag = "company", request_body = PutPhrases,
    responses((status = 200, description = "As they are now", body = Listed<Vec<CompanyPhrase>>)),
)]
pub(super) async fn replace(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let engine = app.board.ports().engine.clone();
    let read = read(&engine, &mut body);
    // Each is tried once, which takes a while where there are many.
    let (phrases, faults) = web::block(move || {
        let faults = faults(&engine, &read);
        (read, faults)
    })
    .await
    .map_err(|_| ApiError::Internal("the phrases were not tried"))?;
    body.blame(faults);
    body.done()?;
    let phrases = phrases.into_iter().flatten().collect();
    let speech = SpeechChange { phrases: Some(phrases), ..SpeechChange::default() };
    let change = CompanyChange { speech, ..CompanyChange::default() };
    let company = app.board.ports().store.change_company(who.company_id, change).await?;
    app.board.repertoires().learn(&company);
    let count = company.speech.phrases.len();
    tracing::info!(company = %company.id, by = %who.user_id, count, "the company's own phrases changed");
    Ok(envelope::list(&company.speech.phrases))
}

/// The phrases as they are given; none in the place of one that cannot be read.
fn read(engine: &Engine, body: &mut Body) -> Vec<Option<CompanyPhrase>> {
    let known = languages(engine);
    let known: Vec<(&str, &str)> = known.iter().map(|(code, _)| (code.as_str(), code.as_str())).collect();
    let intents: Vec<_> = intents().collect();
    body.objects("phrases", PHRASES, |phrase| {
        let language = phrase.word("language", &known, "");
        let intent = phrase.word("intent", &intents, Intent::Unknown);
        let text = phrase.text("text", MAX_OWN_PHRASE_CHARS);
        let whole = !language.is_empty() && intent != Intent::Unknown && !text.is_empty();
        whole.then(|| CompanyPhrase { language: language.to_owned(), intent, text })
    })
}

/// What is wrong with phrases beyond their form: each must count for something, and say something of its own.
fn faults(engine: &Engine, phrases: &[Option<CompanyPhrase>]) -> Vec<Detail> {
    let mut faults = Vec::new();
    let mut counts: HashMap<(&str, Intent), usize> = HashMap::new();
    let mut known = Known::default();
    for (place, phrase) in phrases.iter().enumerate() {
        let Some(CompanyPhrase { language, intent, text }) = phrase else { continue };
        let (language, text) = (language.as_str(), text.as_str());
        let mut refuse = |field: &str, message: String| {
            faults.push(Detail { field: format!("phrases[{place}].{field}"), message });
        };
        let count = counts.entry((language, *intent)).or_default();
        *count += 1;
        if *count == MAX_OWN_PHRASES + 1 {
            refuse("intent", format!("must not have more than {MAX_OWN_PHRASES} phrases in a language"));
        }
        let Ok(lang) = language.parse::<Lang>() else { continue };
        let own = engine.own_phrases(lang, [(*intent, text)].into_iter());
        let Some((written, compared)) = own.forms().next() else {
            refuse("text", "must hold more than punctuation".to_owned());
            continue;
        };
        let twice = known.twice(lang, written, compared, Place { place, intent: *intent, text });
        if let Some(fault) = twice.or_else(|| fault(engine, &own, lang, *intent, text)) {
            refuse("text", fault);
        }
    }
    faults
}

/// The phrases that were looked at, by how they are written, and by what utterances are compared with.
#[derive(Default)]
struct Known<'a> {
    written: HashMap<(Lang, String), Place<'a>>,
    compared: HashMap<(Lang, String), Place<'a>>,
}

/// A phrase and where it stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    place: usize,
    intent: Intent,
    text: &'a str,
}

impl<'a> Known<'a> {
    /// Takes a phrase in. Why it could never count beside one that is there, if so.
    fn twice(&mut self, lang: Lang, written: &str, compared: &str, phrase: Place<'a>) -> Option<String> {
        let written = self.written.insert((lang, written.to_owned()), phrase);
        let compared = self.compared.insert((lang, compared.to_owned()), phrase);
        match (written, compared) {
            (Some(first), _) => {
                let same = first.text == phrase.text;
                let why = if same { "" } else { ": width, kana, case and punctuation make no difference" };
                Some(format!("is the same as phrases[{}].text{why}", first.place))
            }
            (None, Some(Place { place, intent, .. })) if intent != phrase.intent => Some(format!(
                "cannot be told from phrases[{place}].text, which means {intent}: fillers and times that are named make no difference"
            )),
            _ => None,
        }
    }
}

/// Why such a phrase would never count.
fn fault(engine: &Engine, own: &OwnPhrases, lang: Lang, intent: Intent, text: &str) -> Option<String> {
    let meant = |phase: &Phase| engine.understand_with(own, lang, *phase, text, None).intent;
    let counts = Phase::ALL.iter().any(|phase| meant(phase) == intent);
    let instead = (!counts).then(|| meant(&Phase::Opening))?;
    Some(format!("clearly means {instead}, and no phrase of another intent counts against that"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::embedded().unwrap());

    fn wrong(phrases: &[(&str, Intent, &str)]) -> Vec<String> {
        let phrase = |(language, intent, text): &(&str, Intent, &str)| {
            let (language, text) = ((*language).to_owned(), (*text).to_owned());
            Some(CompanyPhrase { language, intent: *intent, text })
        };
        let phrases: Vec<_> = phrases.iter().map(phrase).collect();
        let faults = faults(&ENGINE, &phrases).into_iter();
        faults.map(|Detail { field, message }| format!("{field} {message}")).collect()
    }

    #[test]
    fn what_would_never_count_is_refused() {
        let fine =
            [("ja", Intent::Absent, "本社のほうで一括なんで"), ("en", Intent::Absent, "try the depot")];
        assert_eq!(wrong(&fine), [""; 0]);
        assert_eq!(
            wrong(&[("ja", Intent::Affirm, "。、")]),
            ["phrases[0].text must hold more than punctuation"]
        );
        let never = "もう二度とかけてこないでください";
        assert_eq!(wrong(&[("ja", Intent::DoNotCall, never)]), [""; 0]);
        assert_eq!(
            wrong(&[fine[0], ("ja", Intent::Affirm, never)]),
            [
                "phrases[1].text clearly means do_not_call, and no phrase of another intent counts against that"
            ]
        );
    }

    #[test]
    fn nothing_is_said_twice_and_no_intent_has_too_many() {
        let twice = [
            ("ja", Intent::Absent, "本社です"),
            ("en", Intent::Absent, "本社です"),
            ("ja", Intent::Negate, "本社です"),
        ];
        assert_eq!(wrong(&twice), ["phrases[2].text is the same as phrases[0].text"]);
        for (first, second) in [
            ("ＡＢＣのほうで", "ABCのほうで"),
            ("ﾎﾝｼｬのほうで", "ほんしゃのほうで"),
            ("本社、です。", "本社です"),
        ] {
            let same = [("ja", Intent::Absent, first), ("ja", Intent::Absent, second)];
            assert_eq!(
                wrong(&same),
                [
                    "phrases[1].text is the same as phrases[0].text: width, kana, case and punctuation make no difference"
                ],
                "{first} {second}"
            );
        }
        let english = [("en", Intent::Absent, "Try the depot"), ("en", Intent::Absent, "try  the DEPOT!")];
        assert_eq!(wrong(&english).len(), 1);
        // Two of one meaning that sound alike to the engine do no harm; of two meanings one would be lost.
        let [three, five] = ["三時に本社です", "五時に本社です"];
        assert_eq!(wrong(&[("ja", Intent::Absent, three), ("ja", Intent::Absent, five)]), [""; 0]);
        assert_eq!(
            wrong(&[("ja", Intent::Absent, three), ("ja", Intent::BusyNow, five)]),
            [
                "phrases[1].text cannot be told from phrases[0].text, which means absent: fillers and times that are named make no difference"
            ]
        );
        let texts: Vec<String> =
            (0..=MAX_OWN_PHRASES).map(|number| format!("the depot of street {number}")).collect();
        let many: Vec<_> = texts.iter().map(|text| ("en", Intent::WrongNumber, text.as_str())).collect();
        assert_eq!(wrong(&many), ["phrases[200].intent must not have more than 200 phrases in a language"]);
    }
}

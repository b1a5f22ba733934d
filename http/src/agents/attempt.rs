//! `POST /conversation/try`: what the engine would make of an utterance, and what it would answer in one's own name. No call is
//! made and nothing is kept.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
    language::change_of_language,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_conversation::{
    Evidence, EvidenceKind, Input, Intent, Lang, MAX_UTTERANCE_CHARS, Own, Phase, Profile, State, Then,
    Understanding,
};
use tsunagu_store::ConversationSettings;
use utoipa::ToSchema;

/// What a customer says, and when.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(super) struct TryEngine {
    #[schema(min_length = 1, max_length = 400, pattern = "\\S")]
    text: String,
    /// What the AI has said last; by default its greeting.
    phase: Option<Phase>,
    /// By default that of one's own settings.
    #[schema(pattern = "^(ja|en|)$")]
    language: Option<String>,
}

/// What comes of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Tried {
    understanding: TriedMeaning,
    say: Vec<TriedLine>,
    /// Where the talk is then.
    phase: Phase,
    /// `listen`, `hold`, `hand_over`, `connect` or `end`.
    then: &'static str,
}

/// What was understood.
#[derive(Serialize, ToSchema)]
struct TriedMeaning {
    intent: Intent,
    /// How sure that is, 0 to 1.
    score: f32,
    /// What it clearly means besides.
    also: Vec<Intent>,
    evidence: Vec<TriedEvidence>,
}

/// On what it rests.
#[derive(Serialize, ToSchema)]
struct TriedEvidence {
    intent: Intent,
    kind: EvidenceKind,
    /// Empty for the wording as a whole.
    words: String,
    /// How much it counts, 0 to 1.
    weight: f32,
}

/// A sentence of the AI.
#[derive(Serialize, ToSchema)]
struct TriedLine {
    template: String,
    text: String,
}

/// Try what the engine makes of an utterance.
#[utoipa::path(
    post, path = "/conversation/try", tag = "agents", request_body = TryEngine,
    responses((status = 200, description = "What it makes of it", body = Success<Tried>)),
)]
pub(super) async fn attempt(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let text = body.text("text", MAX_UTTERANCE_CHARS);
    let phases: Vec<(&str, Phase)> = Phase::ALL.iter().map(|phase| (phase.name(), *phase)).collect();
    let phase = body.optional_word("phase", &phases).unwrap_or_default();
    let language = change_of_language(&app, &mut body).flatten();
    body.done()?;

    let (profile, own) = profile(&app, &who, language).await?;
    let engine = &app.board.ports().engine;
    let state = State { lang: profile.lang, phase, ..State::default() };
    let heard = Input::Heard { text: &text, confidence: None };
    let decision = engine.step_with(&own, &state, &heard, &profile, &app.defaults.limits);
    let understanding =
        decision.understanding.ok_or(ApiError::Internal("an utterance was not understood"))?;
    let shown = Tried {
        understanding: understanding.into(),
        say: decision
            .say
            .into_iter()
            .map(|line| TriedLine { template: line.template, text: line.text })
            .collect(),
        phase: decision.state.phase,
        then: word(&decision.then),
    };
    Ok(envelope::success(StatusCode::OK, shown))
}

/// As whom the AI would speak on a call of theirs that begins now, and what the company has of its own for it.
async fn profile(app: &App, who: &SignedIn, language: Option<String>) -> Result<(Profile, Own), ApiError> {
    let store = &app.board.ports().store;
    let company = store.company(who.company_id).await?.ok_or(ApiError::NotFound("company"))?;
    let own = store.agent(who.company_id, who.user_id).await?.and_then(|agent| agent.settings);
    let own = own.map(|settings| settings.conversation_settings).unwrap_or_default();
    let repertoire = app.board.repertoires().learn(&company);
    let spoken: ConversationSettings = own.or(&company.settings.conversation);
    let code = language.or(spoken.language).unwrap_or(company.settings.language);
    let lang = code.parse::<Lang>().unwrap_or_default();
    let profile = Profile {
        lang,
        company_name: spoken.company_name,
        service_name: spoken.service_name,
        representative_name: spoken.representative_name,
        target_department: spoken.target_department,
        customer_name: None,
        customer_company: None,
        templates: spoken.custom_templates,
        readings: Vec::new(),
    };
    Ok((profile, repertoire.present(lang)))
}

const fn word(then: &Then) -> &'static str {
    match then {
        Then::Listen(listen) if listen.holding => "hold",
        Then::Listen(_) => "listen",
        Then::HandOver { .. } => "hand_over",
        Then::Connect => "connect",
        Then::End { .. } => "end",
    }
}

impl From<Understanding> for TriedMeaning {
    fn from(found: Understanding) -> Self {
        let reason = |Evidence { intent, kind, words, weight }: Evidence| TriedEvidence {
            intent,
            kind,
            words,
            weight,
        };
        Self {
            intent: found.intent,
            score: found.score,
            also: found.also,
            evidence: found.evidence.into_iter().map(reason).collect(),
        }
    }
}

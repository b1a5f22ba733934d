//! `GET /conversation/script`: the sentences that may be worded otherwise, as the script has them, and what can be filled in.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Success},
    error::ApiError,
    language::languages,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use std::collections::BTreeMap;
use tsunagu_conversation::{FILLED_IN, Lang, MAX_TEMPLATE_CHARS};
use utoipa::ToSchema;

/// The sentences of a language.
#[derive(Serialize, ToSchema)]
pub(super) struct ScriptSentences {
    language: String,
    templates: Vec<ScriptSentence>,
    /// What may stand between double braces.
    variables: Vec<&'static str>,
    /// What is said for a variable that has no value.
    instead: BTreeMap<&'static str, String>,
    /// The longest own sentence, in characters.
    longest: usize,
}

/// A sentence by its key.
#[derive(Serialize, ToSchema)]
struct ScriptSentence {
    key: &'static str,
    /// With its variables between double braces.
    text: String,
}

/// The sentences that may be worded otherwise, as the script has them.
#[utoipa::path(
    get, path = "/conversation/script", tag = "agents",
    params(("language" = Option<String>, Query, pattern = "^(ja|en)$", description = "By default the server's first")),
    responses((status = 200, description = "The sentences", body = Success<ScriptSentences>)),
)]
pub(super) async fn show(
    app: Data<App>,
    _: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let engine = &app.board.ports().engine;
    let known = languages(engine);
    let words: Vec<(&str, Lang)> = known.iter().map(|(code, lang)| (code.as_str(), *lang)).collect();
    let language = filters.word("language", &words).unwrap_or_default();
    filters.done()?;
    let templates =
        engine.sentences(language).into_iter().map(|(key, text)| ScriptSentence { key, text }).collect();
    let instead = engine.instead(language);
    let shown = ScriptSentences {
        language: language.to_string(),
        templates,
        variables: FILLED_IN.to_vec(),
        instead,
        longest: MAX_TEMPLATE_CHARS,
    };
    Ok(envelope::success(StatusCode::OK, shown))
}

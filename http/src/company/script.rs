//! `GET /script`, `PUT /script`, `POST /script/check`: the script by which the company's calls of a language go. A change counts for
//! calls that begin after it.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Filters, Success},
    error::{ApiError, Detail},
    language::languages,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use std::error::Error;
use tsunagu_conversation::{EMBEDDED, Engine, Lang, ScriptError};
use tsunagu_store::{Company, CompanyChange, SpeechChange};
use utoipa::ToSchema;

/// The longest script, in characters; the server's own have some ten thousand.
const LONGEST: usize = 40_000;

/// A script of the company's own.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
struct PutScript {
    #[schema(pattern = "^(ja|en)$")]
    language: String,
    /// The text of a `script.toml`; null goes back to the server's own.
    #[schema(max_length = 40000, required = true)]
    text: Option<String>,
}

/// A script to be checked.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
struct CheckScript {
    #[schema(pattern = "^(ja|en)$")]
    language: String,
    #[schema(min_length = 1, max_length = 40000, pattern = "\\S")]
    text: String,
}

/// The script of a language.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShownScript {
    language: String,
    /// It is the company's own, and not the server's.
    own: bool,
    /// By what calls go that begin now.
    text: String,
    /// The server's own.
    built_in: String,
    /// How long it may be, in characters.
    longest: usize,
}

/// Whether a script is as it must be.
#[derive(Serialize, ToSchema)]
struct CheckedScript {
    valid: bool,
    /// The first thing that is wrong with it.
    problem: Option<ScriptProblem>,
}

/// What is wrong with a script, and where.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
struct ScriptProblem {
    /// All of it in a sentence, as `tsunagu script --check` tells it.
    message: String,
    /// The line that it is in, counted from 1, where one can be told.
    line: Option<usize>,
    /// The column of that line, in characters, counted from 1.
    column: Option<usize>,
}

/// The script of a language: the company's own, or the server's.
#[utoipa::path(
    get, path = "/script", tag = "company",
    params(("language" = Option<String>, Query, pattern = "^(ja|en)$", description = "By default the server's first")),
    responses((status = 200, description = "The script", body = Success<ShownScript>)),
)]
pub(super) async fn show(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let known = languages(&app.board.ports().engine);
    let words: Vec<(&str, Lang)> = known.iter().map(|(code, lang)| (code.as_str(), *lang)).collect();
    let lang = filters.word("language", &words).unwrap_or_default();
    filters.done()?;
    let company = app.board.ports().store.company(who.company_id).await?;
    let company = company.ok_or(ApiError::NotFound("company"))?;
    Ok(envelope::success(StatusCode::OK, shown(&company, lang)))
}

/// Replace the script of a language, or go back to the server's own. Calls that begin after it go by it.
#[utoipa::path(
    put, path = "/script", tag = "company", request_body = PutScript,
    responses((status = 200, description = "As it is now", body = Success<ShownScript>)),
)]
pub(super) async fn replace(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let engine = &app.board.ports().engine;
    let lang = language(engine, &mut body);
    let text = match body.change_of_file("text", LONGEST) {
        Some(text) => text,
        None => {
            body.require("text");
            None
        }
    };
    if let Some(Err(error)) = text.as_ref().map(|text| engine.own_script(lang, &file(lang), text)) {
        body.blame(vec![Detail { field: "text".to_owned(), message: sentence(&error) }]);
    }
    body.done()?;
    let own = text.is_some();
    let speech = SpeechChange { script: Some((lang.to_string(), text)), ..SpeechChange::default() };
    let change = CompanyChange { speech, ..CompanyChange::default() };
    let company = app.board.ports().store.change_company(who.company_id, change).await?;
    app.board.repertoires().learn(&company);
    tracing::info!(company = %company.id, by = %who.user_id, language = %lang, own, "the company's script changed");
    Ok(envelope::success(StatusCode::OK, shown(&company, lang)))
}

/// Check a script without saving it.
#[utoipa::path(
    post, path = "/script/check", tag = "company", request_body = CheckScript,
    responses((status = 200, description = "What is wrong with it, if anything is", body = Success<CheckedScript>)),
)]
pub(super) async fn check(app: Data<App>, _: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let engine = &app.board.ports().engine;
    let lang = language(engine, &mut body);
    let text = body.change_of_file("text", LONGEST).flatten().unwrap_or_else(|| {
        body.require("text");
        String::new()
    });
    body.done()?;
    let problem =
        engine.own_script(lang, &file(lang), &text).err().map(|error| ScriptProblem::of(&error, &text));
    Ok(envelope::success(StatusCode::OK, CheckedScript { valid: problem.is_none(), problem }))
}

fn language(engine: &Engine, body: &mut Body) -> Lang {
    let known = languages(engine);
    let words: Vec<(&str, Lang)> = known.iter().map(|(code, lang)| (code.as_str(), *lang)).collect();
    body.word("language", &words, Lang::default())
}

/// The name of the file that it takes the place of.
fn file(lang: Lang) -> String {
    format!("{lang}/script.toml")
}

fn shown(company: &Company, lang: Lang) -> ShownScript {
    let file = file(lang);
    let built_in = EMBEDDED.iter().find(|source| source.name == file).map(|source| source.text);
    let built_in = built_in.unwrap_or_default().to_owned();
    let own = company.speech.script(lang.code()).map(|(_, text)| text.to_owned());
    ShownScript {
        language: lang.to_string(),
        own: own.is_some(),
        text: own.unwrap_or_else(|| built_in.clone()),
        built_in,
        longest: LONGEST,
    }
}

impl ScriptProblem {
    fn of(error: &ScriptError, text: &str) -> Self {
        let position = error.position(text);
        Self {
            message: sentence(error),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
        }
    }
}

/// The error with what stands behind it.
fn sentence(error: &ScriptError) -> String {
    let mut told = error.to_string();
    let mut behind = error.source();
    while let Some(cause) = behind {
        told = format!("{told}: {}", cause.to_string().trim_end());
        behind = cause.source();
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::embedded().unwrap());

    fn problem(from: &str, to: &str) -> ScriptProblem {
        let text = EMBEDDED.iter().find(|source| source.name == "en/script.toml").unwrap().text;
        assert!(text.contains(from), "{from}");
        let text = text.replacen(from, to, 1);
        ScriptProblem::of(&ENGINE.own_script(Lang::EN, "en/script.toml", &text).unwrap_err(), &text)
    }

    #[test]
    fn a_problem_is_told_with_its_line() {
        let ScriptProblem { message, line, .. } = problem("to = \"purpose\"", "to = \"porpoise\"");
        assert_eq!(message, "en/script.toml: phase.opening.on.acknowledge[0]: unknown phase `porpoise`");
        let text = EMBEDDED.iter().find(|source| source.name == "en/script.toml").unwrap().text;
        let written = text.lines().position(|line| line.contains("to = \"purpose\"")).unwrap() + 1;
        assert!(line.is_some_and(|line| written.abs_diff(line) <= 1), "{line:?}, {written}");
        let ScriptProblem { message, line, column } = problem("start = \"opening\"", "start = ");
        assert!(message.starts_with("cannot read en/script.toml: TOML parse error at line "), "{message}");
        assert!(line.is_some() && column.is_some());
    }
}

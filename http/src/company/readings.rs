//! `GET /readings`, `PUT /readings`: how the names that the AI speaks are read aloud. They count for calls that begin afterwards.

use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Filters, Listed},
    error::{ApiError, Detail},
};
use actix_web::{HttpResponse, web::Data};
use std::collections::HashMap;
use tsunagu_conversation::Reading;
use tsunagu_store::{CompanyChange, SpeechChange};
use utoipa::ToSchema;

/// How many words a company may say the reading of.
const READINGS: usize = 100;
/// The longest word and the longest reading, in characters.
const LONGEST: usize = 40;

/// All readings of the company; those that are not named are gone.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
struct PutReadings {
    #[schema(max_items = 100)]
    readings: Vec<PutReading>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a part of the body")]
struct PutReading {
    /// As it is written; each once.
    #[schema(min_length = 1, max_length = 40, pattern = "\\S", example = "青空システム")]
    word: String,
    /// As it is spoken.
    #[schema(min_length = 1, max_length = 40, pattern = "\\S", example = "あおぞらしすてむ")]
    reading: String,
}

/// How names are read aloud.
#[utoipa::path(
    get, path = "/readings", tag = "company",
    responses((status = 200, description = "All of them", body = Listed<Vec<Reading>>)),
)]
pub(super) async fn show(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let company = app.board.ports().store.company(who.company_id).await?;
    Ok(envelope::list(&company.ok_or(ApiError::NotFound("company"))?.speech.readings))
}

/// Replace how names are read aloud, in calls that begin afterwards.
#[utoipa::path(
    put, path = "/readings", tag = "company", request_body = PutReadings,
    responses((status = 200, description = "As they are now", body = Listed<Vec<Reading>>)),
)]
pub(super) async fn replace(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let readings = body.objects("readings", READINGS, |entry| Reading {
        word: entry.text("word", LONGEST),
        reading: entry.text("reading", LONGEST),
    });
    body.blame(faults(&readings));
    body.done()?;
    let speech = SpeechChange { readings: Some(readings), ..SpeechChange::default() };
    let change = CompanyChange { speech, ..CompanyChange::default() };
    let company = app.board.ports().store.change_company(who.company_id, change).await?;
    tracing::info!(company = %company.id, by = %who.user_id, "how names are read aloud changed");
    Ok(envelope::list(&company.speech.readings))
}

/// A word that stands there twice would be read in one way only.
fn faults(readings: &[Reading]) -> Vec<Detail> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut faults = Vec::new();
    for (place, Reading { word, .. }) in readings.iter().enumerate().filter(|(_, one)| !one.word.is_empty()) {
        if let Some(first) = places.insert(word, place) {
            let message = format!("is the same as readings[{first}].word");
            faults.push(Detail { field: format!("readings[{place}].word"), message });
        }
    }
    faults
}

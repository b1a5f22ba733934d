//! `PATCH /{callback}`: takes it, gives it to somebody, moves its time, or says what has become of it. What is not named
//! stays; null empties.

use super::{filled::FilledCallback, rule, show};
use crate::{
    App,
    auth::SignedIn,
    envelope::{Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use tsunagu_call::{CallbackId, Time, UserId};
use tsunagu_store::{Callback, CallbackChange, CallbackStatus, StoreError, UserRole};
use utoipa::ToSchema;

/// What is to change.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeCallback {
    status: Option<CallbackStatus>,
    /// Who will ring.
    #[schema(pattern = "^([0-9a-fA-F]{24}|)$")]
    assigned_to: Option<String>,
    /// When to ring.
    wanted_at: Option<Time>,
    #[schema(max_length = 10000)]
    notes: Option<String>,
}

/// The longest notes, in characters.
const NOTES: usize = 10_000;
/// How often a change is decided anew because somebody else was first.
const ATTEMPTS: u32 = 3;

/// Take a callback, give it to somebody, move its time, or say what has become of it. What is not named stays; null empties.
#[utoipa::path(
    patch, path = "/{callback}", tag = "callbacks", request_body = ChangeCallback,
    responses(
        (status = 200, description = "As it is now", body = Success<FilledCallback<'static>>),
        (status = 409, description = "Why not, in one machine word", body = Failure),
    ),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    callback: Path<CallbackId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let change = read(&mut body);
    let seen = show::find(&app, &who, *callback).await?;
    if !works_there(&app, &who, change.assigned_to.flatten()).await? {
        body.refuse("assignedTo", "is nobody who works at your company");
    }
    body.done()?;

    let changed = carry_out(&app, &who, seen, change).await?;
    show::shown(&app, &who, changed).await
}

fn read(body: &mut Body) -> CallbackChange {
    let words = CallbackStatus::ALL.map(|status| (status.as_str(), status));
    CallbackChange {
        status: body.optional_word("status", &words),
        assigned_to: body.change_of("assignedTo", "must be the id of a user, or null"),
        due_at: body.change_of("wantedAt", "must be a time in RFC 3339, such as 2026-11-22T10:00:00+09:00"),
        notes: body.change_of_text("notes", NOTES),
        while_it_stands: None,
    }
}

/// Whoever is to ring works at the company of whoever asks.
async fn works_there(app: &App, who: &SignedIn, user: Option<UserId>) -> Result<bool, ApiError> {
    match user.filter(|user| *user != who.user_id) {
        None => Ok(true),
        Some(user) => {
            let known = app.board.ports().store.user(who.company_id, user).await?;
            Ok(known.is_some_and(|user| !user.disabled))
        }
    }
}

async fn carry_out(
    app: &App,
    who: &SignedIn,
    mut seen: Callback,
    change: CallbackChange,
) -> Result<Callback, ApiError> {
    let store = &app.board.ports().store;
    let supervises = who.is_at_least(UserRole::Supervisor);
    for attempt in 1.. {
        rule::check(&seen, &change, who.user_id, supervises)?;
        let change = CallbackChange { while_it_stands: Some(seen.standing()), ..change.clone() };
        match store.change_callback(who.company_id, seen.id, change).await {
            Err(StoreError::Changed { .. }) if attempt < ATTEMPTS => {
                seen = show::find(app, who, seen.id).await?;
            }
            result => return Ok(result?),
        }
    }
    Ok(seen)
}

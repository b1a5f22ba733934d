//! `GET /`: the company's callbacks, due first first. `due=true` shows those that are open and whose time has come.

use super::filled::{Backdrop, FilledCallback};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, PageQuery, Paged},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_call::Time;
use tsunagu_store::{CallbackFilter, CallbackStatus};

/// What stands for those that nobody has taken.
const NOBODY: &str = "none";

/// The callbacks, due first first.
#[utoipa::path(
    get, path = "", tag = "callbacks",
    params(
        PageQuery,
        ("status" = Option<CallbackStatus>, Query),
        (
            "assignedTo" = Option<String>,
            Query,
            pattern = "^([0-9a-fA-F]{24}|none)$",
            description = "A user, or `none` for those that nobody has taken",
        ),
        ("due" = Option<bool>, Query, description = "Open, and their time has come"),
        ("dueAfter" = Option<Time>, Query),
        ("dueBefore" = Option<Time>, Query),
    ),
    responses((status = 200, description = "A page of them", body = Paged<Vec<FilledCallback<'static>>>)),
)]
pub(super) async fn list(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let paging = filters.paging();
    let filter = read(&app, &mut filters);
    filters.done()?;

    let found = app.board.ports().store.callbacks(who.company_id, &filter, paging).await?;
    let backdrop = Backdrop::of(&app, &who, &found.items).await?;
    let shown: Vec<_> = found.items.iter().map(|callback| FilledCallback::new(callback, &backdrop)).collect();
    Ok(envelope::page(&shown, found.total, paging))
}

fn read(app: &App, filters: &mut Filters) -> CallbackFilter {
    let words = CallbackStatus::ALL.map(|status| (status.as_str(), status));
    let status = filters.word("status", &words);
    let assigned_to = filters.id_or("assignedTo", NOBODY);
    let due_from = filters.time("dueAfter");
    // Times are whole milliseconds: before a moment is up to the one that precedes it.
    let due_by = filters.time("dueBefore").map(|before| before.plus_millis(-1));
    let filter = CallbackFilter { status, assigned_to, due_from, due_by };
    if !filters.flag("due") {
        return filter;
    }
    if status.is_some_and(|status| status != CallbackStatus::Open) {
        filters.refuse("status", "what is due is open");
    }
    let now = app.board.ports().clock.now();
    CallbackFilter {
        status: Some(CallbackStatus::Open),
        due_by: Some(due_by.map_or(now, |due_by| due_by.min(now))),
        ..filter
    }
}

//! `GET /export.csv`: the calls of the history as a sheet, newest first, in Japanese or English (`lang`).
//!
//! It is read batch by batch, each from where the one before ended, and only as fast as the client takes it: neither the
//! sheet nor a transaction of the store is held meanwhile.

mod line;

use super::{
    find,
    wanted::{CallQuery, settings, wanted, zone},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{Filters, PeriodQuery},
    error::ApiError,
    sheet::Sheet,
};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    web::{Bytes, Data},
};
use futures_util::stream;
use jiff::tz::TimeZone;
use line::{Line, Words, heading};
use std::{collections::HashMap, io};
use tokio::sync::{Semaphore, SemaphorePermit};
use tsunagu_call::UserId;
use tsunagu_store::{CallFilter, CallPlace, CallSummary, Customer};

/// How many calls are read at once.
const BATCH: u32 = 500;
/// How many exports are written at once.
const EXPORTS: usize = 8;
static PLACES: Semaphore = Semaphore::const_new(EXPORTS);

/// The calls of the history as a sheet; cells that begin like a formula begin with an apostrophe, telephone numbers do not.
#[utoipa::path(
    get, path = "/export.csv", tag = "calls",
    params(
        CallQuery,
        PeriodQuery,
        (
            "lang" = Option<String>,
            Query,
            pattern = "^(ja|en)$",
            description = "Of the heading and of its words; the company's own when absent",
        ),
    ),
    responses((
        status = 200,
        description = "The sheet, in UTF-8 with a byte order mark",
        content_type = "text/csv",
        body = String,
    )),
)]
pub(super) async fn export(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let settings = settings(&app, &who).await?;
    let zone = zone(&settings);
    let filter = wanted(&mut filters, &zone);
    let words = filters.word("lang", &[("ja", Words::Japanese), ("en", Words::English)]);
    filters.done()?;

    let place = PLACES.try_acquire().map_err(|_| ApiError::overloaded())?;
    let own = if settings.language == "ja" { Words::Japanese } else { Words::English };
    let words = words.unwrap_or(own);
    let today = app.board.ports().clock.now().timestamp().to_zoned(zone.clone()).date();
    let agents = HashMap::new();
    let mut export =
        Export { app, who, filter, zone, words, after: None, over: false, agents, _place: place };
    // The first are read before anything is answered, so that a store that fails is told as such.
    let first = export.next(true).await?;
    let pieces = stream::try_unfold((Some(first), export), |(ready, mut export)| async move {
        match ready {
            Some(piece) => Ok(Some((piece, (None, export)))),
            None if export.over => Ok(None),
            None => Ok::<_, ApiError>(Some((export.next(false).await?, (None, export)))),
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"calls-{today}.csv\"")))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .streaming(pieces))
}

/// How far an export has come.
struct Export {
    app: Data<App>,
    who: SignedIn,
    filter: CallFilter,
    zone: TimeZone,
    words: Words,
    after: Option<CallPlace>,
    over: bool,
    /// The names of those who have come up: the people of one company.
    agents: HashMap<UserId, String>,
    _place: SemaphorePermit<'static>,
}

impl Export {
    async fn next(&mut self, is_first: bool) -> Result<Bytes, ApiError> {
        let store = &self.app.board.ports().store;
        let found = store.calls_after(self.who.company_id, &self.filter, self.after, BATCH).await?;
        self.over = found.len() < BATCH as usize;
        self.after = found
            .last()
            .map(|(last, _)| CallPlace { started: last.start_time, call: last.id })
            .or(self.after);
        let mut sheet = if is_first { Sheet::begin() } else { Sheet::piece() };
        if is_first {
            sheet.row(heading(self.words)).map_err(failed)?;
        }
        for (call, customer) in &found {
            let line = self.line(call, customer.as_ref()).await?;
            let cells = line.cells(self.words, &self.zone);
            sheet.row(cells.iter().map(AsRef::as_ref)).map_err(failed)?;
        }
        Ok(sheet.done().map_err(failed)?.into())
    }

    async fn line<'a>(
        &mut self,
        call: &'a CallSummary,
        customer: Option<&Customer>,
    ) -> Result<Line<'a>, ApiError> {
        let (name, company) = match customer {
            Some(customer) => (customer.name.clone(), customer.company.clone()),
            // The call remembers one who has been removed.
            None => match find::creation(&self.app, call.id).await? {
                Some(created) => (created.customer.name, created.customer.company),
                None => (String::new(), None),
            },
        };
        let agent = match call.assigned_agent {
            Some(agent) => self.agent(agent).await?,
            None => String::new(),
        };
        Ok(Line { call, name, company: company.unwrap_or_default(), agent })
    }

    async fn agent(&mut self, agent: UserId) -> Result<String, ApiError> {
        if let Some(name) = self.agents.get(&agent) {
            return Ok(name.clone());
        }
        let user = self.app.board.ports().store.user(self.who.company_id, agent).await?;
        let name = user.map_or_else(
            || agent.to_string(),
            |user| match self.words {
                Words::Japanese => format!("{} {}", user.last_name, user.first_name),
                Words::English => format!("{} {}", user.first_name, user.last_name),
            },
        );
        self.agents.insert(agent, name.clone());
        Ok(name)
    }
}

fn failed(error: io::Error) -> ApiError {
    ApiError::Faulty(error.into())
}

//! `GET /export.csv`: the company's customers as a sheet, in the order in which they were entered, with the filters of the
//! list. Its columns are those that an import knows.
//!
//! Cells that a spreadsheet would take for a formula begin with an apostrophe; numbers are E.164 as they are, since a plus
//! and digits are a number to every spreadsheet and do nothing.

use super::list::{CustomerQuery, wanted};
use crate::{
    App,
    auth::SignedIn,
    envelope::Filters,
    error::ApiError,
    sheet::{Sheet, defused},
};
use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, ContentType},
    web::{Bytes, Data},
};
use futures_util::stream;
use std::io;
use tsunagu_call::{CompanyId, Time};
use tsunagu_store::{Customer, CustomerFilter, CustomerPlace};

/// How many customers are read at once.
const BATCH: u32 = 500;

const HEADING: [&str; 11] = [
    "name",
    "company",
    "phone",
    "email",
    "notes",
    "status",
    "doNotCall",
    "wrongNumber",
    "lastCallAt",
    "lastCallResult",
    "nextCallAt",
];

/// The customers as a sheet that Excel and an import read; cells that begin like a formula begin with an apostrophe.
#[utoipa::path(
    get, path = "/export.csv", tag = "customers", params(CustomerQuery),
    responses((status = 200, description = "The sheet, in UTF-8 with a byte order mark", content_type = "text/csv", body = String)),
)]
pub(super) async fn export(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let filter = wanted(&mut filters);
    filters.done()?;

    // The first are read before anything is answered, so that a store that fails is told as such.
    let mut export = Export { app, company: who.company_id, filter, after: None, over: false };
    let first = export.next(Sheet::begin(), true).await?;
    let pieces = stream::try_unfold((Some(first), export), |(ready, mut export)| async move {
        match ready {
            Some(piece) => Ok(Some((piece, (None, export)))),
            None if export.over => Ok(None),
            None => Ok::<_, ApiError>(Some((export.next(Sheet::piece(), false).await?, (None, export)))),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type(ContentType(
            "text/csv; charset=utf-8".parse().map_err(|_| ApiError::Internal("no type"))?,
        ))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"customers.csv\""))
        .streaming(pieces))
}

/// How far an export has come.
struct Export {
    app: Data<App>,
    company: CompanyId,
    filter: CustomerFilter,
    after: Option<CustomerPlace>,
    over: bool,
}

impl Export {
    async fn next(&mut self, mut sheet: Sheet, with_heading: bool) -> Result<Bytes, ApiError> {
        let store = &self.app.board.ports().store;
        let found = store.customers_after(self.company, &self.filter, self.after, BATCH).await?;
        self.over = found.len() < BATCH as usize;
        self.after = found.last().map(|last| CustomerPlace { created: last.created_at, customer: last.id });
        let written = || -> io::Result<Vec<u8>> {
            if with_heading {
                sheet.row(HEADING)?;
            }
            for customer in &found {
                let cells = cells(customer);
                sheet.row(cells.iter().map(String::as_str))?;
            }
            sheet.done()
        };
        Ok(written().map_err(|error| ApiError::Faulty(error.into()))?.into())
    }
}

fn cells(customer: &Customer) -> [String; HEADING.len()] {
    let text = |text: &Option<String>| defused(text.as_deref().unwrap_or_default());
    let time = |time: Option<Time>| time.map(|time| time.to_string()).unwrap_or_default();
    [
        defused(&customer.name),
        text(&customer.company),
        customer.phone.clone(),
        text(&customer.email),
        text(&customer.notes),
        text(&customer.status),
        customer.do_not_call.to_string(),
        customer.wrong_number.to_string(),
        time(customer.last_call_at),
        text(&customer.last_call_result),
        time(customer.next_call_at),
    ]
}

//! `GET /history`: the company's calls, live and over, newest first.

use super::{
    filled::FilledCall,
    find,
    wanted::{CallQuery, settings, wanted, zone},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, PageQuery, Paged, PeriodQuery},
    error::ApiError,
    people::People,
};
use actix_web::{HttpResponse, web::Data};
use futures_util::{StreamExt, TryStreamExt, stream};
use tsunagu_call::CallRecord;

/// How many live calls are looked at at once.
const LOOKS: usize = 16;

/// The company's calls, live and over, newest first, each whole.
#[utoipa::path(
    get, path = "/history", tag = "calls", params(PageQuery, CallQuery, PeriodQuery),
    responses((status = 200, description = "A page of them", body = Paged<Vec<FilledCall<'static>>>)),
)]
pub(super) async fn history(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let zone = zone(&settings(&app, &who).await?);
    let paging = filters.paging();
    let filter = wanted(&mut filters, &zone);
    filters.done()?;

    let found = app.board.ports().store.calls(who.company_id, &filter, paging).await?;
    let looks: Vec<_> = found.items.into_iter().map(|record| whole(&app, &who, record)).collect();
    let records: Vec<CallRecord> = stream::iter(looks).buffered(LOOKS).try_collect().await?;
    let people = People::of(&app, who.company_id, &records).await?;
    let calls: Vec<_> = records.iter().map(|record| FilledCall::new(record, &people)).collect();
    Ok(envelope::page(&calls, found.total, paging))
}

/// A call that lives is stored without what was said.
async fn whole(app: &App, who: &SignedIn, record: CallRecord) -> Result<CallRecord, ApiError> {
    if record.status.is_over() { Ok(record) } else { find::whole(app, who, record.id).await }
}

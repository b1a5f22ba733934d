//! `GET /available`: those who may be put through to a customer at this moment.

use super::shown::ShownAgent;
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, Listed},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::{AgentProfile, Availability};

/// Who take hand-overs, have said that they are available, and are in no call.
#[utoipa::path(
    get, path = "/available", tag = "agents",
    responses((status = 200, description = "Those who are", body = Listed<Vec<ShownAgent>>)),
)]
pub(super) async fn available(
    app: Data<App>,
    who: SignedIn,
    filters: Filters,
) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let candidates = app.board.ports().store.candidates(who.company_id).await?;
    let available = candidates.into_iter().filter(is_available);
    let shown: Vec<ShownAgent> = available.map(Into::into).collect();
    Ok(envelope::list(&shown))
}

fn is_available(agent: &AgentProfile) -> bool {
    let takes = agent.settings.as_ref().is_some_and(|settings| settings.is_available);
    takes && agent.status.as_ref().is_some_and(|status| status.status == Availability::Available)
}

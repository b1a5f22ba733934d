//! `POST /`: makes a campaign, with nobody on its list yet.

use super::{
    fields::{self, CampaignFields},
    shown::ShownCampaign,
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_actors::fresh;
use tsunagu_call::campaign::{BreakerRule, CampaignState, RetryPlan, SkipRules};
use tsunagu_store::{Campaign, CampaignPace, CampaignScript};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{AllOfBuilder, ObjectBuilder, Schema},
    },
};

/// The fields of a campaign, of which the name is required.
struct NewCampaign;

impl PartialSchema for NewCampaign {
    fn schema() -> RefOr<Schema> {
        AllOfBuilder::new()
            .item(Ref::from_schema_name(CampaignFields::name()))
            .item(ObjectBuilder::new().required("name"))
            .into()
    }
}

impl ToSchema for NewCampaign {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((CampaignFields::name().into_owned(), CampaignFields::schema()));
        CampaignFields::schemas(schemas);
    }
}

/// Make a campaign. It needs a name; nobody is rung before it is started.
#[utoipa::path(
    post, path = "", tag = "campaigns", request_body = NewCampaign,
    responses((status = 201, description = "The campaign", body = Success<ShownCampaign>)),
)]
pub(super) async fn create(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let change = fields::read(&app, &who, &mut body).await?;
    if change.name.is_none() && !body.is_refused("name") {
        body.refuse("name", "is required");
    }
    body.done()?;

    let ports = app.board.ports();
    let now = ports.clock.now();
    let mut campaign = Campaign {
        id: fresh(now),
        company_id: who.company_id,
        name: String::new(),
        state: CampaignState::Draft,
        pause_reason: None,
        script: CampaignScript::default(),
        pace: slowed(&app, CampaignPace::default()),
        hours: None,
        retries: RetryPlan::default(),
        skip: SkipRules::default(),
        breaker: BreakerRule::default(),
        created_by: who.user_id,
        created_at: now,
        started_at: None,
        resumed_at: None,
        ended_at: None,
    };
    campaign.change(change)?;
    ports.store.create_campaign(campaign.clone()).await?;
    tracing::info!(campaign = %campaign.id, by = %who.user_id, "campaign made");
    Ok(envelope::success(StatusCode::CREATED, ShownCampaign::of(&app, campaign).await?))
}

/// No faster than the server's campaigns may be.
fn slowed(app: &App, pace: CampaignPace) -> CampaignPace {
    let fastest = app.campaigns.limits().calls_per_second;
    CampaignPace { calls_per_second: pace.calls_per_second.min(fastest), ..pace }
}

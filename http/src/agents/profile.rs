//! `GET` and `PUT /profile`: who has signed in, as an agent.

use super::{
    fields::NAME,
    shown::{ShownAgent, ShownUser},
};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Body, Failure, Filters, Success},
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tsunagu_store::{ProfileChange, StoreError};
use utoipa::ToSchema;

/// One's own profile, settings and status.
#[utoipa::path(
    get, path = "/profile", tag = "agents",
    responses((status = 200, description = "Null for what was never set", body = Success<ShownAgent>)),
)]
pub(super) async fn show(app: Data<App>, who: SignedIn, filters: Filters) -> Result<HttpResponse, ApiError> {
    filters.done()?;
    let found = app.board.ports().store.agent(who.company_id, who.user_id).await?;
    let agent = found.ok_or(ApiError::NotSignedIn)?;
    Ok(envelope::success(StatusCode::OK, ShownAgent::from(agent)))
}

/// What is to change.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeProfile {
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = "\\S", required = false)]
    first_name: String,
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = "\\S", required = false)]
    last_name: String,
    #[schema(value_type = String, min_length = 1, max_length = 254, format = Email, required = false)]
    email: String,
    /// Where they can be reached; hand-overs ring the number of `PUT /phone`.
    #[schema(max_length = 40, format = "phone")]
    phone: Option<String>,
}

/// Change one's own names, e-mail address and number.
#[utoipa::path(
    put, path = "/profile", tag = "agents", request_body = ChangeProfile,
    responses(
        (status = 200, description = "As they are now", body = Success<ShownUser>),
        (status = 409, description = "`email_in_use`", body = Failure),
    ),
)]
pub(super) async fn change(app: Data<App>, who: SignedIn, body: Body) -> Result<HttpResponse, ApiError> {
    let change = read(body)?;
    let changed = app.board.ports().store.change_profile(who.company_id, who.user_id, change).await;
    let user = changed.map_err(|error| match error {
        StoreError::Duplicate { field: "email", .. } => ApiError::Conflict {
            code: "email_in_use",
            sentence: "this e-mail address is somebody else's".to_owned(),
        },
        error => error.into(),
    })?;
    Ok(envelope::success(StatusCode::OK, ShownUser::from(user)))
}

fn read(mut body: Body) -> Result<ProfileChange, ApiError> {
    let email = body.change_of_email("email");
    if email == Some(None) {
        body.refuse("email", "must not be empty");
    }
    let change = ProfileChange {
        first_name: body.new_text("firstName", NAME),
        last_name: body.new_text("lastName", NAME),
        email: email.flatten(),
        phone: body.change_of_phone("phone"),
    };
    body.done()?;
    Ok(change)
}

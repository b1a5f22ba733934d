//! `PATCH /{user}`: another role, other names, another address; disabled or enabled again. What is not named stays; null
//! empties `phone`. Who is disabled is out at once, keeps the call they are on, and gets no other.

use super::{ROLES, show, view::UserView};
use crate::{
    App,
    auth::{NAME, SignedIn},
    envelope::{self, Body, Failure, Success},
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::UserId;
use tsunagu_store::{UserChange, UserRole};
use utoipa::ToSchema;

/// What is to change about a user.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
struct ChangeUser {
    /// `agent`, `supervisor` or `admin`; `user` of older clients is an agent.
    #[schema(value_type = Option<String>, pattern = "^(agent|supervisor|admin|user|)$")]
    role: Option<UserRole>,
    /// Who is disabled is signed out everywhere at once.
    disabled: Option<bool>,
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = "\\S", required = false)]
    first_name: String,
    #[schema(value_type = String, min_length = 1, max_length = 200, pattern = "\\S", required = false)]
    last_name: String,
    /// International (`+81…`) or national Japanese; null empties it.
    #[schema(max_length = 40, format = "phone", example = "03-1234-5678")]
    phone: Option<String>,
    #[schema(value_type = String, max_length = 254, format = Email, required = false)]
    email: String,
}

/// Change a user's role, names, telephone number or e-mail address, or disable and enable them. What is not named stays.
#[utoipa::path(
    patch, path = "/{user}", tag = "users", request_body = ChangeUser,
    responses(
        (status = 200, description = "As they are now", body = Success<UserView>),
        (status = 409, description = "`last_admin`, or `email_in_use`", body = Failure),
    ),
)]
pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let seen = show::find(&app, &who, *user).await?;
    let change = read(&mut body);
    body.done()?;

    let ports = app.board.ports();
    let changed = ports.store.change_user(who.company_id, seen.id, change).await?;
    if changed.session_epoch != seen.session_epoch {
        ports.hub.dismiss(who.company_id, changed.id, None);
    }
    tracing::info!(
        by = %who.user_id, user = %changed.id, role = changed.role.as_str(), disabled = changed.disabled, "user changed"
    );
    Ok(envelope::success(StatusCode::OK, UserView::from(changed)))
}

fn read(body: &mut Body) -> UserChange {
    UserChange {
        role: body.optional_word("role", &ROLES),
        disabled: body.optional_flag("disabled"),
        first_name: body.new_text("firstName", NAME),
        last_name: body.new_text("lastName", NAME),
        phone: body.change_of_phone("phone"),
        email: body.is_given("email").then(|| body.email("email")),
    }
}

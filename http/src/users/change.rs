//! `PATCH /{user}`: another role, other names, another address; disabled or enabled again. What is not named stays; null
//! empties `phone`. Who is disabled is out at once, keeps the call they are on, and gets no other.

use super::{show, view::UserView};
use crate::{
    App,
    auth::{NAME, ROLES, SignedIn},
    envelope,
    envelope::Body,
    error::ApiError,
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use tsunagu_call::UserId;
use tsunagu_store::UserChange;

pub(super) async fn change(
    app: Data<App>,
    who: SignedIn,
    user: Path<UserId>,
    mut body: Body,
) -> Result<HttpResponse, ApiError> {
    let seen = show::find(&app, &who, *user).await?;
    let change = read(&mut body);
    body.done()?;

    let changed = app.board.ports().store.change_user(who.company_id, seen.id, change).await?;
    tracing::info!(
        by = %who.user_id, user = %changed.id, role = changed.role.as_str(), disabled = changed.disabled, "user changed"
    );
    Ok(envelope::success(StatusCode::OK, UserView::from(changed)))
}

fn read(body: &mut Body) -> UserChange {
    UserChange {
        role: body.optional_word("role", &ROLES),
        disabled: body.optional_flag("disabled"),
        first_name: name(body, "firstName"),
        last_name: name(body, "lastName"),
        phone: body.change_of_phone("phone"),
        email: body.is_given("email").then(|| body.email("email")),
    }
}

/// A name that may be changed, and must not be emptied.
fn name(body: &mut Body, field: &'static str) -> Option<String> {
    let change = body.change_of_text(field, NAME)?;
    if change.is_none() {
        body.refuse(field, "must not be empty");
    }
    change
}

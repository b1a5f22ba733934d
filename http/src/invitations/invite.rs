//! `POST /`: invites somebody. The token is shown this one time, for the admin to hand over; whoever signs up with it and
//! with the e-mail address it is for joins the company. An older invitation for the same address is void.

use super::view::InvitationView;
use crate::{
    App,
    auth::{SignedIn, now, one_time},
    envelope::{self, Body, Failure, Success},
    error::ApiError,
    users::ROLES,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_actors::fresh;
use tsunagu_store::{Invitation, UserRole, normal_email};
use utoipa::ToSchema;

/// For how many days an invitation is good unless it is said, and at most.
const DAYS: u32 = 7;
const MOST_DAYS: u32 = 30;
/// How many invitations of a company may stand at once.
const AT_ONCE: usize = 1_000;
const DAY_SECS: u32 = 24 * 60 * 60;

/// Who is invited.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct Invite {
    #[schema(max_length = 254, format = Email)]
    email: String,
    /// `agent`, `supervisor` or `admin`; `user` of older clients is an agent.
    #[schema(value_type = String, pattern = "^(agent|supervisor|admin|user)$")]
    role: UserRole,
    /// For how many days it is good; 7 when it is not given.
    #[schema(minimum = 1, maximum = 30)]
    expires_in_days: Option<u32>,
}

/// The invitation, and what the admin hands over.
#[derive(Serialize, ToSchema)]
struct Invited {
    #[serde(flatten)]
    invitation: InvitationView,
    token: String,
}

/// Invite somebody. The token is shown this one time; whoever signs up with it joins the company.
#[utoipa::path(
    post, path = "", tag = "invitations", request_body = Invite,
    responses(
        (status = 201, description = "The invitation, and the token to hand over", body = Success<Invited>),
        (status = 409, description = "`email_in_use`, or `too_many`", body = Failure),
    ),
)]
pub(super) async fn invite(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    let Invite { email, role, expires_in_days: days } = Invite {
        email: normal_email(&body.email("email")),
        role: body.word("role", &ROLES, UserRole::Agent),
        expires_in_days: body.optional_number("expiresInDays", 1, MOST_DAYS),
    };
    body.done()?;

    let (now, (token, hash)) = (now(), one_time::mint());
    let invitation = Invitation {
        id: fresh(now),
        company_id: who.company_id,
        email,
        role,
        hash,
        invited_by: who.user_id,
        created_at: now,
        expires_at: now.plus_secs(days.unwrap_or(DAYS) * DAY_SECS),
    };
    app.board.ports().store.put_invitation(invitation.clone(), AT_ONCE, now).await?;
    tracing::info!(by = %who.user_id, invitation = %invitation.id, role = role.as_str(), "invited");
    let invited = Invited { invitation: InvitationView::of(invitation, now), token };
    Ok(envelope::success(StatusCode::CREATED, invited))
}

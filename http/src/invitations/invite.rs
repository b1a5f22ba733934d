//! `POST /`: invites somebody. The token is shown this one time, for the admin to hand over; whoever signs up with it and
//! with the e-mail address it is for joins the company. An older invitation for the same address is void.

use super::view::InvitationView;
use crate::{
    App,
    auth::{ROLES, SignedIn, now, one_time},
    envelope,
    envelope::Body,
    error::ApiError,
};
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;
use tsunagu_actors::fresh;
use tsunagu_store::{Invitation, UserRole, normal_email};

/// For how many days an invitation is good unless it is said, and at most.
const DAYS: u32 = 7;
const MOST_DAYS: u32 = 30;
/// How many invitations of a company may stand at once.
const AT_ONCE: usize = 1_000;
const DAY_SECS: u32 = 24 * 60 * 60;

/// The invitation, and what the admin hands over.
#[derive(Serialize)]
struct Invited {
    #[serde(flatten)]
    invitation: InvitationView,
    token: String,
}

pub(super) async fn invite(app: Data<App>, who: SignedIn, mut body: Body) -> Result<HttpResponse, ApiError> {
    who.must_be(UserRole::Admin)?;
    let email = normal_email(&body.email("email"));
    let role = body.word("role", &ROLES, UserRole::Agent);
    let days = body.optional_whole("expiresInDays", 1..=MOST_DAYS).unwrap_or(DAYS);
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
        expires_at: now.plus_secs(days * DAY_SECS),
    };
    app.board.ports().store.put_invitation(invitation.clone(), AT_ONCE, now).await?;
    tracing::info!(by = %who.user_id, invitation = %invitation.id, role = role.as_str(), "invited");
    let invited = Invited { invitation: InvitationView::of(invitation, now), token };
    Ok(envelope::success(StatusCode::CREATED, invited))
}

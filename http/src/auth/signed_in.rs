//! Who asks: the extractor behind which everything stands that is not for everybody.

use super::{least_role, secrets::Claims};
use crate::{App, error::ApiError};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use std::{future::Future, pin::Pin};
use tsunagu_call::{CompanyId, DocumentId, Time, UserId};
use tsunagu_store::{User, UserRole};

/// Somebody who has signed in and may still do so. Role and company are those of this moment, not those of the token.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    /// Who.
    pub user_id: UserId,
    /// Beyond this company they see nothing.
    pub company_id: CompanyId,
    /// What they may do there.
    pub role: UserRole,
    user: User,
}

impl SignedIn {
    /// Whether they may do what this role may.
    pub(crate) fn is_at_least(&self, role: UserRole) -> bool {
        self.role >= role
    }

    /// How often they have been signed out everywhere.
    pub(crate) const fn epoch(&self) -> u32 {
        self.user.session_epoch
    }

    /// All that is known of them.
    pub(super) const fn user(&self) -> &User {
        &self.user
    }

    /// Whoever brings this token, and what it says.
    async fn by_token(app: &App, token: &str) -> Result<(Self, Claims), ApiError> {
        let claims = app.secrets.keys.read(token).ok_or(ApiError::NotSignedIn)?;
        let who = Self::find(app, claims.company_id, claims.id, claims.epoch).await?;
        Ok((who, claims))
    }

    /// Whoever brings this token, from which sign-in it is, if it tells, and until when it is good.
    pub(crate) async fn with_token(
        app: &App,
        token: &str,
    ) -> Result<(Self, Option<DocumentId>, Time), ApiError> {
        let (who, claims) = Self::by_token(app, token).await?;
        Ok((who, claims.sign_in, Time::from_millis(claims.exp.saturating_mul(1000))))
    }

    /// The same person as they are now, if they may still do anything.
    pub(crate) async fn again(&self, app: &App) -> Result<Self, ApiError> {
        Self::find(app, self.company_id, self.user_id, self.user.session_epoch).await
    }

    async fn find(app: &App, company: CompanyId, user: UserId, epoch: u32) -> Result<Self, ApiError> {
        let user = app.board.ports().store.user(company, user).await?;
        let user =
            user.filter(|user| !user.disabled && user.session_epoch == epoch).ok_or(ApiError::NotSignedIn)?;
        Ok(Self { user_id: user.id, company_id: user.company_id, role: user.role, user })
    }
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = request.app_data::<web::Data<App>>().cloned();
        let token = bearer(request).map(str::to_owned);
        let least = request.match_pattern().and_then(|path| least_role(request.method(), &path));
        Box::pin(async move {
            let app = app.ok_or(ApiError::Internal("the app is not configured"))?;
            let (who, _) = Self::by_token(&app, &token.ok_or(ApiError::NotSignedIn)?).await?;
            if least.is_some_and(|least| who.is_at_least(least)) { Ok(who) } else { Err(ApiError::Forbidden) }
        })
    }
}

/// The token of `Authorization: Bearer …`; the scheme's name counts alike in either case (RFC 9110).
fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

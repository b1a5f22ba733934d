//! `GET /`: the company's users, who came first first.

use super::view::UserView;
use crate::{
    App,
    auth::{ROLES, SignedIn},
    envelope,
    envelope::Filters,
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::{UserFilter, UserRole};

pub(super) async fn list(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    who.must_be(UserRole::Admin)?;
    let paging = filters.paging();
    let filter = UserFilter {
        role: filters.word("role", &ROLES),
        disabled: filters.word("disabled", &[("true", true), ("false", false)]),
    };
    filters.done()?;

    let found = app.board.ports().store.list_users(who.company_id, filter, paging).await?;
    let shown: Vec<UserView> = found.items.into_iter().map(UserView::from).collect();
    Ok(envelope::page(&shown, found.total, paging))
}

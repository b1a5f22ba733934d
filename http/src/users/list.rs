//! `GET /`: the company's users, who came first first.

use super::{ROLES, view::UserView};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, PageQuery, Paged},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::UserFilter;

/// The company's users, who came first first.
#[utoipa::path(
    get, path = "", tag = "users",
    params(
        PageQuery,
        (
            "role" = Option<String>,
            Query,
            pattern = "^(agent|supervisor|admin|user)$",
            description = "With exactly this role; `user` is an agent",
        ),
        ("disabled" = Option<bool>, Query, description = "Who may no longer sign in, or who still may"),
    ),
    responses((status = 200, description = "A page of them", body = Paged<Vec<UserView>>)),
)]
pub(super) async fn list(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
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

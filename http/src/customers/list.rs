//! `GET /`: the company's customers, entered last first unless `sort` says otherwise.

use super::{fields::STATUS, shown::ShownCustomer};
use crate::{
    App,
    auth::SignedIn,
    envelope::{self, Filters, PageQuery, Paged},
    error::ApiError,
};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::{CustomerFilter, CustomerOrder};
use utoipa::IntoParams;

/// The longest text that is searched for, in characters.
const SEARCH: usize = 200;

/// The orders: a hyphen turns one round.
const ORDERS: [(&str, CustomerOrder); 6] = [
    ("-createdAt", CustomerOrder::Newest),
    ("createdAt", CustomerOrder::Oldest),
    ("name", CustomerOrder::Name),
    ("-name", CustomerOrder::NameDescending),
    ("-lastCallAt", CustomerOrder::LastCalled),
    ("nextCallAt", CustomerOrder::NextCall),
];

/// Which customers.
#[derive(IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes what `wanted` reads")]
pub(super) struct CustomerQuery {
    /// A part of the name, company, number or e-mail address; width, case, kana and a number's hyphens do not matter.
    #[param(max_length = 200)]
    search: Option<String>,
    #[param(max_length = 100)]
    status: Option<String>,
    /// Who have asked never to be rung again, or have not.
    do_not_call: Option<bool>,
    /// Whose number is somebody else's, or is not.
    wrong_number: Option<bool>,
}

/// The customers, entered last first unless `sort` says otherwise.
#[utoipa::path(
    get, path = "", tag = "customers",
    params(
        PageQuery,
        CustomerQuery,
        (
            "sort" = Option<String>,
            Query,
            pattern = "^(-createdAt|createdAt|name|-name|-lastCallAt|nextCallAt)$",
            description = "`-` turns an order round",
        ),
    ),
    responses((status = 200, description = "A page of them", body = Paged<Vec<ShownCustomer>>)),
)]
pub(super) async fn list(
    app: Data<App>,
    who: SignedIn,
    mut filters: Filters,
) -> Result<HttpResponse, ApiError> {
    let paging = filters.paging();
    let order = filters.word("sort", &ORDERS).unwrap_or_default();
    let filter = CustomerFilter { order, ..wanted(&mut filters) };
    filters.done()?;

    let found = app.board.ports().store.customers(who.company_id, &filter, paging).await?;
    let shown: Vec<ShownCustomer> = found.items.into_iter().map(Into::into).collect();
    Ok(envelope::page(&shown, found.total, paging))
}

/// Which customers a query asks for, in whatever order.
pub(super) fn wanted(filters: &mut Filters) -> CustomerFilter {
    CustomerFilter {
        search: filters.text("search", SEARCH),
        status: filters.text("status", STATUS),
        do_not_call: filters.optional_flag("doNotCall"),
        wrong_number: filters.optional_flag("wrongNumber"),
        order: CustomerOrder::default(),
    }
}

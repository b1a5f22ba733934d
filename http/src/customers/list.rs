//! `GET /`: the company's customers, entered last first unless `sort` says otherwise.

use super::{fields::STATUS, shown::ShownCustomer};
use crate::{App, auth::SignedIn, envelope, envelope::Filters, error::ApiError};
use actix_web::{HttpResponse, web::Data};
use tsunagu_store::{CustomerFilter, CustomerOrder};

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

//! A customer as they are shown.

use serde::Serialize;
use tsunagu_call::{CompanyId, CustomerId, Time};
use tsunagu_store::Customer;
use utoipa::ToSchema;

/// Somebody the company rings.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownCustomer {
    #[serde(rename = "_id")]
    id: CustomerId,
    company_id: CompanyId,
    name: String,
    company: Option<String>,
    /// E.164.
    phone: String,
    email: Option<String>,
    notes: Option<String>,
    /// Where the company is with them, in its own words.
    status: Option<String>,
    /// They asked never to be rung again; every start of a call is refused.
    do_not_call: bool,
    /// The number is somebody else's; every start of a call is refused.
    wrong_number: bool,
    last_call_at: Option<Time>,
    /// 成功, 不在, 拒否, 要フォロー or 失敗.
    last_call_result: Option<String>,
    next_call_at: Option<Time>,
    created_at: Time,
}

impl From<Customer> for ShownCustomer {
    fn from(customer: Customer) -> Self {
        Self {
            id: customer.id,
            company_id: customer.company_id,
            name: customer.name,
            company: customer.company,
            phone: customer.phone,
            email: customer.email,
            notes: customer.notes,
            status: customer.status,
            do_not_call: customer.do_not_call,
            wrong_number: customer.wrong_number,
            last_call_at: customer.last_call_at,
            last_call_result: customer.last_call_result,
            next_call_at: customer.next_call_at,
            created_at: customer.created_at,
        }
    }
}

//! Which calls the history and its export show.

use super::outcome::UNDECIDED;
use crate::{
    App,
    auth::SignedIn,
    envelope::{Filters, Period},
    error::ApiError,
};
use jiff::tz::TimeZone;
use tsunagu_call::Status;
use tsunagu_conversation::Outcome;
use tsunagu_store::{CallFilter, CompanySettings};
use utoipa::IntoParams;

/// The longest text that is searched for, in characters.
const SEARCH: usize = 200;

const STATUSES: [Status; 6] = [
    Status::Initiated,
    Status::AiResponding,
    Status::Transferring,
    Status::HumanConnected,
    Status::Completed,
    Status::Failed,
];

/// Which calls.
#[derive(IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes what `wanted` reads")]
pub(super) struct CallQuery {
    status: Option<Status>,
    /// 成功, 不在, 拒否, 要フォロー or 失敗, or the same as `success`, `absent`, `rejected`, `follow_up`, `failed`. 手動終了 and
    /// 完了 find calls that an older server has left with this result.
    #[param(
        pattern = "^(成功|不在|拒否|要フォロー|失敗|success|absent|rejected|follow_up|failed|手動終了|完了)$"
    )]
    result: Option<String>,
    /// The agent who has, or had, the customer.
    #[param(pattern = "^[0-9a-fA-F]{24}$")]
    agent_id: Option<String>,
    #[param(pattern = "^[0-9a-fA-F]{24}$")]
    customer_id: Option<String>,
    /// A part of the customer's name, company, number or e-mail address as they are now, or of the notes on the call; width,
    /// case, kana and a number's hyphens do not matter.
    #[param(max_length = 200)]
    search: Option<String>,
    /// A part of what the customer or an agent said in one breath, on calls that are over; letters and digits alone count, in
    /// whatever width, case and kana.
    #[param(max_length = 200)]
    said: Option<String>,
}

/// What is meant.
pub(super) fn wanted(filters: &mut Filters, zone: &TimeZone) -> CallFilter {
    let statuses = STATUSES.map(|status| (status.as_str(), status));
    let named = Outcome::ALL.iter().map(|outcome| outcome.call_result());
    let machine = Outcome::ALL.iter().map(|outcome| (outcome.machine(), outcome.call_result()));
    let results: Vec<_> = named.chain(UNDECIDED).map(|word| (word, word)).chain(machine).collect();
    let Period { from, to } = Period::read(filters, zone);
    CallFilter {
        status: filters.word("status", &statuses),
        result: filters.word("result", &results).map(str::to_owned),
        agent: filters.id("agentId"),
        customer: filters.id("customerId"),
        from,
        to,
        search: filters.text("search", SEARCH),
        said: filters.text("said", SEARCH),
    }
}

/// How the company of whoever asks has its calls made.
pub(super) async fn settings(app: &App, who: &SignedIn) -> Result<CompanySettings, ApiError> {
    let company = app.board.ports().store.company(who.company_id).await?;
    Ok(company.map(|company| company.settings).unwrap_or_default())
}

/// Where the company's clock hangs; UTC where its settings name no place that is known.
pub(super) fn zone(settings: &CompanySettings) -> TimeZone {
    TimeZone::get(&settings.timezone).unwrap_or(TimeZone::UTC)
}

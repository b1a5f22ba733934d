//! The promise to ring back, as it is kept: with the moment that the customer's words name, at an hour at which the
//! company rings.

use super::effects::{Errand, Life};
use crate::ids;
use jiff::tz::TimeZone;
use tsunagu_call::{CallId, Command, Entry, Event, Time, when};
use tsunagu_store::{Callback, CallbackStatus, Company, FIRST_SEQ, JOURNAL_PAGE, Store, StoreError};

impl Errand {
    /// The callback of this call, which this life of its conference wants kept at this moment.
    pub(super) async fn callback(
        &self,
        words: Option<String>,
        life: Life,
        wanted_at: Time,
    ) -> Result<Callback, StoreError> {
        let store = &self.ports.store;
        let company = store.company(self.created.company_id).await?;
        let promised_at = match life {
            Life::Fresh => wanted_at,
            // Hours may have passed since.
            _ => promised_at(&**store, self.call).await?.unwrap_or(wanted_at),
        };
        let due_at = company
            .as_ref()
            .zip(words.as_deref())
            .and_then(|(company, words)| due_at(company, words, promised_at));
        Ok(Callback {
            id: ids::fresh(promised_at),
            company_id: self.created.company_id,
            customer_id: self.created.customer.id,
            call_id: self.call,
            words,
            due_at,
            status: CallbackStatus::Open,
            assigned_to: self.created.agent,
            notes: None,
            created_at: promised_at,
        })
    }
}

/// The moment that words name on the company's clock, moved to when the company rings again; `None` when they name none,
/// or the company never rings.
fn due_at(company: &Company, words: &str, said_at: Time) -> Option<Time> {
    let settings = &company.settings;
    let zone = TimeZone::get(&settings.timezone).ok()?;
    let wanted = when(words, said_at, &zone)?;
    match &settings.calling_hours {
        None => Some(wanted),
        Some(hours) => hours.window(&settings.timezone).ok()?.next(wanted),
    }
}

/// When a call promised to ring back.
async fn promised_at(store: &dyn Store, call: CallId) -> Result<Option<Time>, StoreError> {
    let mut from = FIRST_SEQ;
    loop {
        let page = store.journal(call, from, JOURNAL_PAGE).await?;
        if let Some(promise) = page.iter().find(|entry| promises(entry)) {
            return Ok(Some(promise.at));
        }
        match page.last() {
            Some(last) if page.len() == JOURNAL_PAGE => from = last.seq + 1,
            _ => return Ok(None),
        }
    }
}

fn promises(entry: &Entry) -> bool {
    matches!(entry.event, Event::Intended { command: Command::KeepCallback { .. }, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_store::CallingHours;

    fn company(hours: Option<CallingHours>) -> Company {
        let mut company: Company = serde_json::from_value(
            serde_json::json!({ "_id": "0001027f80ff090807060504", "name": "青空商事" }),
        )
        .unwrap();
        company.settings.calling_hours = hours;
        company
    }

    #[test]
    fn a_callback_is_due_when_it_is_wanted_and_the_company_rings() {
        let said_at = "2026-11-20T10:30:00+09:00".parse().unwrap();
        let due = |company: &Company, words| due_at(company, words, said_at).map(|at| at.to_string());
        let any_time = company(None);
        assert_eq!(due(&any_time, "三時ごろ").as_deref(), Some("2026-11-20T06:00:00.000Z"));
        assert_eq!(due(&any_time, "後日"), None);
        let office = company(Some(CallingHours::default()));
        assert_eq!(due(&office, "三時ごろ").as_deref(), Some("2026-11-20T06:00:00.000Z"));
        // Saturday is moved to Monday at nine.
        assert_eq!(due(&office, "明日の三時").as_deref(), Some("2026-11-23T00:00:00.000Z"));
        assert_eq!(due(&office, "this evening").as_deref(), Some("2026-11-23T00:00:00.000Z"));
        let never = company(Some(CallingHours { days: Vec::new(), ..CallingHours::default() }));
        assert_eq!(due(&never, "三時ごろ"), None);
        let mut elsewhere = company(None);
        elsewhere.settings.timezone = "America/New_York".into();
        assert_eq!(due(&elsewhere, "tomorrow at ten").as_deref(), Some("2026-11-20T15:00:00.000Z"));
    }
}

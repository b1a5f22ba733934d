//! Very many calls of one company, over two years of working hours, opened and ended as calls are.

use crate::bench::seed::{Callee, EMAIL};
use anyhow::{Context, Result, anyhow};
use std::{path::Path, sync::Arc};
use tokio::task::JoinSet;
use tsunagu_actors::{Clock, fresh};
use tsunagu_call::{
    AiConfiguration, CallRecord, CompanyId, CustomerId, Entry, Event, Participant, Role, Speaker, Status,
    Time, TranscriptLine, UserId,
};
use tsunagu_conversation::Outcome;
use tsunagu_store::{CallStore, Commit, FIRST_SEQ, Opening, SqliteConfig, SqliteStore, Store, UserStore};

/// Over how many days the calls are spread.
const DAYS: u64 = 730;
/// In how many hours of the day calls are made, and from which one on (9:00 in Japan, in UTC).
const HOURS: u64 = 10;
const FIRST_HOUR: u64 = 0;
/// How many agents take calls over.
const AGENTS: u32 = 40;
/// How many calls are being written at once.
const AT_ONCE: usize = 1024;
/// How many calls a page holds when nothing is said.
const PAGE: u64 = 20;

const DAY: i64 = 24 * 3_600_000;

/// What is known of the calls.
pub struct Filled {
    calls: u64,
    /// The midnight at which the first day begins.
    first: Time,
    agents: Vec<UserId>,
    callees: Vec<Callee>,
}

impl Filled {
    /// How many pages they fill.
    pub const fn pages(&self) -> u64 {
        self.calls.div_ceil(PAGE)
    }

    /// So many days, beginning somewhere.
    pub fn days(&self, time: u64, days: u64) -> String {
        let from = time * 37 % (DAYS - days);
        let date = |day: u64| {
            let at = self.first.plus_millis(i64::try_from(day).unwrap_or(0) * DAY);
            at.to_string().chars().take(10).collect::<String>()
        };
        format!("startDate={}&endDate={}", date(from), date(from + days - 1))
    }

    /// One of the agents.
    pub fn agent(&self, time: u64) -> String {
        some(&self.agents, time).map(ToString::to_string).unwrap_or_default()
    }

    /// One of the customers.
    pub fn customer(&self, time: u64) -> String {
        some(&self.callees, time * 7919).map(|callee| callee.id.to_string()).unwrap_or_default()
    }

    /// The number of one of them.
    pub fn number(&self, time: u64) -> String {
        some(&self.callees, time * 7919).map(|callee| callee.phone.replace('+', "%2B")).unwrap_or_default()
    }
}

fn some<T>(all: &[T], time: u64) -> Option<&T> {
    let place = usize::try_from(time).ok()?.checked_rem(all.len())?;
    all.get(place)
}

/// Opens and ends them.
pub async fn fill(data: &Path, callees: &[Callee], calls: u32) -> Result<Filled> {
    let store = Arc::new(SqliteStore::open(&SqliteConfig::new(data)).context("the folder cannot be filled")?);
    let user = store.user_by_email(EMAIL).await?.ok_or_else(|| anyhow!("the folder has no company"))?;
    let now = Clock::real().now();
    let today = now.millis().div_euclid(DAY) * DAY;
    let first = Time::from_millis(today).plus_millis(-i64::try_from(DAYS)? * DAY);
    let agents: Vec<UserId> = (0..AGENTS).map(|_| fresh(now)).collect();
    let mut writers = JoinSet::new();
    for number in 0..calls {
        if writers.len() >= AT_ONCE
            && let Some(written) = writers.join_next().await
        {
            let written: Result<()> = written?;
            written?;
        }
        // Each customer's calls come long after one another, so that they are over by then.
        let callee = some(callees, u64::from(number)).ok_or_else(|| anyhow!("there is nobody to ring"))?;
        let start = start(first, u64::from(number), u64::from(calls));
        let call = call(user.company_id, (callee.id, &callee.phone), &agents, (number, start));
        let store = store.clone();
        writers.spawn(async move { write(&store, call).await });
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    store.close().await.context("the folder was not filled")?;
    Ok(Filled { calls: calls.into(), first, agents, callees: callees.to_vec() })
}

async fn write(store: &SqliteStore, over: CallRecord) -> Result<()> {
    let begun = CallRecord {
        status: Status::Initiated,
        answered_time: None,
        end_time: None,
        duration: 0,
        assigned_agent: None,
        transcript: Vec::new(),
        participants: Vec::new(),
        handoff_time: None,
        handoff_reason: None,
        call_result: None,
        outcome: None,
        end_reason: None,
        notes: None,
        ..over.clone()
    };
    let (call, at) = (over.id, begun.start_time);
    let entry =
        |seq, notes: &str| Entry { seq, at, event: Event::Noted { notes: notes.to_owned(), outcome: None } };
    let entries = vec![entry(FIRST_SEQ, "begun")];
    store
        .open_call(Opening { record: begun, entries, idempotency_key: None })
        .await
        .context("a call cannot be opened")?;
    let end = Commit { call, entries: vec![entry(FIRST_SEQ + 1, "over")], record: Some(Box::new(over)) };
    store.commit(end).await.context("a call cannot be ended")
}

/// Evenly over the working hours of all days.
fn start(first: Time, number: u64, calls: u64) -> Time {
    let of_all = u128::from(number) * u128::from(DAYS * HOURS * 3_600_000) / u128::from(calls.max(1));
    let of_all = u64::try_from(of_all).unwrap_or(0);
    let (day, within) = (of_all / (HOURS * 3_600_000), of_all % (HOURS * 3_600_000));
    let millis = day * 24 * 3_600_000 + FIRST_HOUR * 3_600_000 + within;
    first.plus_millis(i64::try_from(millis).unwrap_or(0))
}

/// A call that is over: most find nobody, some are declined, one in seven goes to a human.
fn call(
    company: CompanyId,
    (customer, phone): (CustomerId, &str),
    agents: &[UserId],
    (number, start): (u32, Time),
) -> CallRecord {
    // Scattered over the calls without a rhythm that a day or a customer would have.
    let dice = number.wrapping_mul(2_654_435_761) >> 8;
    let outcome = match dice % 100 {
        0..10 => Outcome::Success,
        10..20 => Outcome::FollowUp,
        20..45 => Outcome::Rejected,
        45..95 => Outcome::Absent,
        _ => Outcome::Failed,
    };
    let is_answered = dice % 100 < 60;
    let is_handed_over = dice % 100 < 14;
    let (answered, duration) = (start.plus_secs(12), if is_answered { 20 + dice % 280 } else { 0 });
    let end = answered.plus_secs(duration);
    let left = if outcome == Outcome::Success { answered.plus_secs(18) } else { end };
    let party = |role, left_at| Participant {
        role,
        call_sid: Some(format!("CA{number:032x}")),
        joined_at: answered,
        left_at: Some(left_at),
        muted: false,
        on_hold: false,
    };
    CallRecord {
        id: fresh(start),
        company_id: company,
        customer_id: customer,
        phone_number: phone.to_owned(),
        twilio_call_sid: Some(format!("CA{number:032x}")),
        conference_sid: None,
        status: if is_answered && outcome != Outcome::Failed { Status::Completed } else { Status::Failed },
        phase: None,
        start_time: start,
        answered_time: is_answered.then_some(answered),
        end_time: Some(end),
        duration,
        assigned_agent: (outcome == Outcome::Success)
            .then(|| some(agents, u64::from(dice / 100)).copied())
            .flatten(),
        transcript: if is_answered { transcript(answered, dice) } else { Vec::new() },
        participants: if is_answered {
            vec![party(Role::Customer, end), party(Role::Ai, left)]
        } else {
            Vec::new()
        },
        supervision: Vec::new(),
        handoff_time: is_handed_over.then(|| answered.plus_secs(10)),
        handoff_reason: is_handed_over.then(|| "担当者との会話を希望".to_owned()),
        call_result: Some(outcome.call_result().to_owned()),
        outcome: Some(outcome),
        end_reason: Some("customer_hung_up".to_owned()),
        notes: (dice % 50 == 0).then(|| format!("折り返しは{}時ごろ", 9 + dice % 9)),
        recording_url: None,
        recording_sid: None,
        recording_status: None,
        ai_configuration: AiConfiguration {
            company_name: "青空システム".to_owned(),
            service_name: "クラウド勤怠サービス".to_owned(),
            representative_name: "田中".to_owned(),
            target_department: "総務".to_owned(),
        },
        answered_by: is_answered.then(|| "human".to_owned()),
        unsettled: false,
    }
}

/// All say the same, but for the number of the matter.
fn transcript(answered: Time, dice: u32) -> Vec<TranscriptLine> {
    let matter = format!("はい、それでは{}の{}番の件でお願いします。", dice % 7, 100 + dice % 900);
    let talk: [(Speaker, &str); 6] = [
        (
            Speaker::Ai,
            "お世話になっております。青空システムの田中と申します。総務のご担当者様はいらっしゃいますでしょうか。",
        ),
        (Speaker::Customer, "どのようなご用件でしょうか。"),
        (
            Speaker::Ai,
            "クラウド勤怠サービスのご案内でお電話いたしました。一分ほどお時間をいただけますでしょうか。",
        ),
        (Speaker::Customer, "今は少し立て込んでいまして。"),
        (Speaker::Ai, "承知いたしました。それでは改めてお電話いたします。"),
        (Speaker::Customer, &matter),
    ];
    (1..)
        .zip(talk)
        .map(|(place, (speaker, message))| TranscriptLine {
            timestamp: answered.plus_secs(place * 4),
            speaker,
            message: message.to_owned(),
            confidence: (speaker == Speaker::Customer).then_some(0.9),
            intent: None,
            score: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_fall_into_working_hours_and_into_their_order() {
        let first = Time::from_millis(0);
        let starts: Vec<Time> = (0..1000).map(|number| start(first, number, 1000)).collect();
        assert!(starts.is_sorted());
        assert!(starts.iter().all(|start| start.millis() % DAY < i64::try_from(HOURS).unwrap() * 3_600_000));
        assert!(starts.last().unwrap().millis() > DAY * (i64::try_from(DAYS).unwrap() - 2));
    }

    #[test]
    fn days_are_named_as_the_server_takes_them() {
        let filled =
            Filled { calls: 41, first: Time::from_millis(0), agents: Vec::new(), callees: Vec::new() };
        assert_eq!(filled.days(0, 30), "startDate=1970-01-01&endDate=1970-01-30");
        assert_eq!(filled.pages(), 3);
    }
}

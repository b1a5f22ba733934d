//! A call as a row of the sheet, in words of its language and by the company's clock.

use crate::sheet::defused;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use tsunagu_call::{Status, Time};
use tsunagu_conversation::Outcome;
use tsunagu_store::CallSummary;

/// In whose words a sheet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    Japanese,
    English,
}

/// How many columns there are.
const COLUMNS: usize = 15;

/// The names of the columns.
pub(super) const fn heading(words: Words) -> [&'static str; COLUMNS] {
    match words {
        Words::Japanese => [
            "開始日時",
            "応答日時",
            "終了日時",
            "通話時間（秒）",
            "顧客名",
            "会社名",
            "電話番号",
            "状態",
            "結果",
            "担当者",
            "取次依頼日時",
            "取次理由",
            "終了理由",
            "メモ",
            "通話ID",
        ],
        Words::English => [
            "Started",
            "Answered",
            "Ended",
            "Duration (s)",
            "Customer",
            "Company",
            "Number",
            "Status",
            "Result",
            "Agent",
            "Hand-over requested",
            "Hand-over reason",
            "End reason",
            "Notes",
            "Call ID",
        ],
    }
}

/// A call with the names of its people.
pub(super) struct Line<'a> {
    pub call: &'a CallSummary,
    pub name: String,
    pub company: String,
    pub agent: String,
}

impl Line<'_> {
    /// What stands in its row.
    pub(super) fn cells(&self, words: Words, zone: &TimeZone) -> [Cow<'_, str>; COLUMNS] {
        let call = self.call;
        let time = |time: Option<Time>| Cow::Owned(time.map(|time| clock(time, zone)).unwrap_or_default());
        [
            time(Some(call.start_time)),
            time(call.answered_time),
            time(call.end_time),
            Cow::Owned(call.duration.to_string()),
            cell(&self.name),
            cell(&self.company),
            cell(&call.phone_number),
            Cow::Borrowed(status(call.status, words)),
            cell(result(call.call_result.as_deref().unwrap_or_default(), words)),
            cell(&self.agent),
            time(call.handoff_time),
            cell(call.handoff_reason.as_deref().unwrap_or_default()),
            cell(call.end_reason.as_deref().unwrap_or_default()),
            cell(call.notes.as_deref().unwrap_or_default()),
            Cow::Owned(call.id.to_string()),
        ]
    }
}

/// A text that no spreadsheet takes for a formula. A plus and digits are a number to every one of them.
fn cell(text: &str) -> Cow<'_, str> {
    if is_e164(text) { Cow::Borrowed(text) } else { Cow::Owned(defused(text)) }
}

fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// As spreadsheets take times in.
fn clock(time: Time, zone: &TimeZone) -> String {
    time.timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

const fn status(status: Status, words: Words) -> &'static str {
    match (words, status) {
        (Words::English, status) => status.as_str(),
        (Words::Japanese, Status::Initiated) => "発信中",
        (Words::Japanese, Status::AiResponding) => "AI応対中",
        (Words::Japanese, Status::Transferring) => "取次中",
        (Words::Japanese, Status::HumanConnected) => "担当者通話中",
        (Words::Japanese, Status::Completed) => "終了",
        (Words::Japanese, Status::Failed) => "不成立",
    }
}

/// Results are kept in the words of people.
fn result(result: &str, words: Words) -> &str {
    let named = Outcome::ALL.iter().find(|outcome| outcome.call_result() == result);
    match (words, named) {
        (Words::English, Some(outcome)) => outcome.machine(),
        _ => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call() -> CallSummary {
        serde_json::from_value(json!({
            "_id": "0001027f80ff090807060504", "customerId": "0001027f80ff090807060505",
            "phoneNumber": "+819012345678", "status": "completed", "startTime": "2026-11-26T00:00:00Z",
            "duration": 61, "callResult": "要フォロー", "notes": "=HYPERLINK(\"http://x\")",
        }))
        .unwrap()
    }

    #[test]
    fn a_row_is_in_its_language_and_by_the_companys_clock() {
        let call = call();
        let line =
            Line { call: &call, name: "山田".into(), company: "+81".into(), agent: "佐藤 花子".into() };
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let row = |words| line.cells(words, &zone).join("|");
        assert_eq!(
            row(Words::Japanese),
            "2026-11-26 09:00:00|||61|山田|'+81|+819012345678|終了|要フォロー|佐藤 花子||||'=HYPERLINK(\"http://x\")|\
             0001027f80ff090807060504"
        );
        assert!(row(Words::English).contains("|completed|follow_up|"));
    }

    #[test]
    fn numbers_alone_may_begin_like_formulas() {
        for text in ["+819012345678", "山田", ""] {
            assert_eq!(cell(text), text);
        }
        for text in ["=1", "+1+1", "-1", "@x", "\tx", "+81901234567890123", "+８１９０１２３４５６７８"]
        {
            assert_eq!(cell(text), format!("'{text}"));
        }
    }
}

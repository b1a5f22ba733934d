//! From a row of a sheet to a customer to be entered or changed, or what is wrong with it.

use super::columns::{Columns, Field};
use crate::{
    customers::{
        create::blank,
        fields::{NAME, NOTES, STATUS},
    },
    envelope::{EMAIL_MAX, NO_CONTROL, NO_EMAIL, is_control, is_email, phone},
    sheet::{Cells, Row, fused},
};
use jiff::{
    civil,
    tz::{Disambiguation, TimeZone},
};
use tsunagu_call::{CompanyId, Time};
use tsunagu_store::{CustomerChange, CustomerEntry, RowError};

/// What stands for yes and for no in a sheet, in lower case.
const YES: &[&str] =
    &["true", "yes", "y", "1", "on", "x", "はい", "○", "〇", "◯", "有", "あり", "済", "禁止", "不可"];
const NO: &[&str] = &["false", "no", "n", "0", "off", "いいえ", "×", "無", "なし", "-"];
/// Moments without a time zone are those of the company's clock.
const CLOCKS: &[&str] =
    &["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y年%m月%d日 %H:%M"];
const DATES: &[&str] = &["%Y-%m-%d", "%Y年%m月%d日"];

/// What holds for every row of an import.
pub(crate) struct Frame {
    pub company: CompanyId,
    /// Where the company's clock hangs.
    pub zone: TimeZone,
    pub now: Time,
}

/// The customer of a row, or everything that is wrong with it.
pub(crate) fn entry(frame: &Frame, columns: &Columns, row: &Row) -> Result<CustomerEntry, Vec<RowError>> {
    let wrong = |field: &str, message: String| RowError { row: row.number, field: field.to_owned(), message };
    let cells = match &row.cells {
        Cells::Read(cells) => cells,
        Cells::TooLong => {
            let message = "is longer than 64 KiB; perhaps a quotation mark is not closed".to_owned();
            return Err(vec![wrong("", message)]);
        }
        Cells::TooMany => return Err(vec![wrong("", "has more than 256 columns".to_owned())]),
    };
    if cells.iter().skip(columns.count()).any(|cell| !cell.is_empty()) {
        let message = format!("has {} columns, and the first row names {}", cells.len(), columns.count());
        return Err(vec![wrong("", message)]);
    }

    let (mut change, mut errors) = (CustomerChange::default(), Vec::new());
    for (field, cell) in columns.filled(cells) {
        if let Err(message) = read(frame, field, fused(cell), &mut change) {
            errors.push(wrong(field.key(), message));
        }
    }
    if change.phone.is_none() && !errors.iter().any(|error| error.field == Field::Phone.key()) {
        errors.push(wrong(Field::Phone.key(), "is required".to_owned()));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut customer = blank(frame.company, frame.now);
    customer.change(change.clone());
    Ok(CustomerEntry { customer, change })
}

fn read(frame: &Frame, field: Field, cell: &str, change: &mut CustomerChange) -> Result<(), String> {
    match field {
        Field::Name => change.name = Some(line(cell, NAME)?),
        Field::Company => change.company = Some(Some(line(cell, NAME)?)),
        Field::Email => {
            let email = line(cell, EMAIL_MAX)?;
            change.email = Some(Some(email).filter(|email| is_email(email)));
            if change.email == Some(None) {
                return Err(NO_EMAIL.to_owned());
            }
        }
        Field::Notes => change.notes = Some(Some(text(cell, NOTES)?)),
        Field::Status => change.status = Some(Some(line(cell, STATUS)?)),
        Field::Phone => {
            // An apostrophe makes spreadsheets keep the leading zero.
            let number = phone::e164(readable(cell)?.trim_start_matches('\''));
            change.phone = Some(number.ok_or(phone::NO_NUMBER)?);
        }
        // A sheet bars customers and never lifts a bar: what a customer has asked for outlives an old list.
        Field::DoNotCall => change.do_not_call = Some(flag(cell)?).filter(|barred| *barred),
        Field::WrongNumber => change.wrong_number = Some(flag(cell)?).filter(|barred| *barred),
        Field::NextCallAt => change.next_call_at = Some(Some(moment(cell, &frame.zone)?)),
    }
    Ok(())
}

/// A text of one line.
fn line(cell: &str, longest: usize) -> Result<String, String> {
    let text = text(cell, longest)?;
    if text.contains(['\n', '\r']) { Err("must not have more than one line".to_owned()) } else { Ok(text) }
}

fn text(cell: &str, longest: usize) -> Result<String, String> {
    let text = readable(cell)?;
    if text.chars().count() > longest {
        return Err(format!("must not be longer than {longest} characters"));
    }
    Ok(text)
}

fn readable(cell: &str) -> Result<String, String> {
    if cell.contains('\u{fffd}') {
        return Err("holds bytes that are no text in the encoding of the file".to_owned());
    }
    if cell.contains(is_control) {
        return Err(NO_CONTROL.to_owned());
    }
    Ok(cell.to_owned())
}

fn flag(cell: &str) -> Result<bool, String> {
    let word = cell.to_lowercase();
    match (YES.contains(&word.as_str()), NO.contains(&word.as_str())) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

/// A moment in RFC 3339, or as a spreadsheet writes it, by the company's clock. A date alone is its first moment.
fn moment(cell: &str, zone: &TimeZone) -> Result<Time, String> {
    let plain = cell.replace('/', "-");
    let by_clock = || CLOCKS.iter().find_map(|form| civil::DateTime::strptime(form, &plain).ok());
    let by_date = || {
        let date = DATES.iter().find_map(|form| civil::Date::strptime(form, &plain).ok());
        date.map(|date| date.at(0, 0, 0, 0))
    };
    let local = by_clock().or_else(by_date);
    let placed = local.and_then(|local| {
        let zoned = zone.to_ambiguous_zoned(local).disambiguate(Disambiguation::Compatible).ok()?;
        Some(Time::from_millis(zoned.timestamp().as_millisecond()))
    });
    placed.or_else(|| cell.parse().ok()).ok_or_else(|| "must be a time such as 2026-11-22 10:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_store::Customer;

    fn read(names: &[&str], cells: &[&str]) -> Result<CustomerEntry, Vec<(String, String)>> {
        let texts = |texts: &[&str]| Cells::Read(texts.iter().map(|text| (*text).to_owned()).collect());
        let columns = Columns::read(&texts(names)).unwrap();
        let frame = Frame {
            company: CompanyId::from_bytes([1; 12]),
            zone: TimeZone::get("Asia/Tokyo").unwrap(),
            now: Time::from_millis(1_790_000_000_000),
        };
        let errors = |errors: Vec<RowError>| {
            errors
                .into_iter()
                .inspect(|error| assert_eq!(error.row, 7))
                .map(|error| (error.field, error.message))
        };
        entry(&frame, &columns, &Row { number: 7, cells: texts(cells) })
            .map_err(|wrong| errors(wrong).collect())
    }

    fn blamed(names: &[&str], cells: &[&str]) -> Vec<String> {
        read(names, cells).unwrap_err().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn a_row_becomes_a_customer_and_a_change() {
        let names = ["氏名", "電話番号", "備考", "架電禁止", "次回架電日時"];
        let entry = read(&names, &["山田 太郎", "'090-1234-5678", "一\n二", "○", "2026/1/5 9:30"]).unwrap();
        let Customer { name, phone, notes, do_not_call, next_call_at, .. } = entry.customer;
        assert_eq!((name.as_str(), phone.as_str()), ("山田 太郎", "+819012345678"));
        assert_eq!((notes.as_deref(), do_not_call), (Some("一\n二"), true));
        assert_eq!(next_call_at, "2026-01-05T00:30:00Z".parse().ok());
        let entry = read(&names, &["", "09012345678", "", "いいえ"]).unwrap();
        assert_eq!(entry.customer.name, "");
        let phone = Some("+819012345678".to_owned());
        assert_eq!(
            entry.change,
            CustomerChange { phone, ..CustomerChange::default() },
            "what is empty stays"
        );
    }

    #[test]
    fn everything_that_is_wrong_with_a_row_is_told() {
        let names = ["name", "phone", "email", "doNotCall", "nextCallAt", "status"];
        let long = "長".repeat(STATUS + 1);
        assert_eq!(
            blamed(&names, &["a\nb", "12", "nobody", "perhaps", "tomorrow", &long]),
            ["name", "phone", "email", "doNotCall", "nextCallAt", "status"]
        );
        assert_eq!(blamed(&names, &["山\u{fffd}", "03-1234-5678"]), ["name"]);
        assert_eq!(blamed(&names, &["\0", "\u{fffd}"]), ["name", "phone"]);
        assert_eq!(blamed(&names, &["山田"]), ["phone"]);
        assert_eq!(blamed(&["phone"], &["03-1234-5678", "", "more"]), [""]);
        assert!(read(&["phone"], &["03-1234-5678", "", ""]).is_ok());
    }

    #[test]
    fn moments_are_those_of_the_companys_clock_unless_they_say_otherwise() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        for (cell, expected) in [
            ("2026-11-22 10:00", "2026-11-22T01:00:00Z"),
            ("2026-11-22T10:00:30", "2026-11-22T01:00:30Z"),
            ("2026/11/22", "2026-11-21T15:00:00Z"),
            ("2026年11月22日", "2026-11-21T15:00:00Z"),
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:00:00.000+02:00", "2026-11-22T08:00:00Z"),
        ] {
            assert_eq!(moment(cell, &zone).ok(), expected.parse().ok(), "{cell}");
        }
        for cell in ["tomorrow", "2026-13-01", "25:00", "9999999999999"] {
            assert!(moment(cell, &zone).is_err(), "{cell}");
        }
    }
}

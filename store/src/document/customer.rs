//! A customer: somebody a company rings.

use super::{put, search::searched};
use serde::{Deserialize, Serialize};
use tsunagu_call::{CompanyId, CustomerId, Time};

/// Somebody a company rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The customer.
    #[serde(rename = "_id")]
    pub id: CustomerId,
    /// Whose customer.
    pub company_id: CompanyId,
    /// The person's name.
    pub name: String,
    /// Where the person works.
    #[serde(default)]
    pub company: Option<String>,
    /// E.164; unique within the company.
    pub phone: String,
    /// The person's e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// What people wrote about them.
    #[serde(default)]
    pub notes: Option<String>,
    /// Where the company is with them, in its own words.
    #[serde(default)]
    pub status: Option<String>,
    /// They asked never to be rung again.
    #[serde(default)]
    pub do_not_call: bool,
    /// The number is somebody else's.
    #[serde(default)]
    pub wrong_number: bool,
    /// When they were last rung.
    #[serde(default)]
    pub last_call_at: Option<Time>,
    /// What came of it (成功, 不在, 拒否, 要フォロー, 失敗).
    #[serde(default)]
    pub last_call_result: Option<String>,
    /// When they should be rung next.
    #[serde(default)]
    pub next_call_at: Option<Time>,
    /// When they were entered.
    #[serde(default)]
    pub created_at: Time,
}

/// What to change about a customer; what is `None` stays as it is, also when a call changes it at that moment.
/// The inner `None` of a doubly optional field empties it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerChange {
    /// The person's name.
    pub name: Option<String>,
    /// Where the person works.
    pub company: Option<Option<String>>,
    /// E.164.
    pub phone: Option<String>,
    /// The person's e-mail address.
    pub email: Option<Option<String>>,
    /// What people wrote about them.
    pub notes: Option<Option<String>>,
    /// Where the company is with them.
    pub status: Option<Option<String>>,
    /// They asked never to be rung again.
    pub do_not_call: Option<bool>,
    /// The number is somebody else's.
    pub wrong_number: Option<bool>,
    /// When they should be rung next.
    pub next_call_at: Option<Option<Time>>,
}

/// A customer as a list that is taken over names them, to be entered or, when the number is known already, changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerEntry {
    /// As they are entered when the number is new; one without a name is not.
    pub customer: Customer,
    /// What to change when it is not.
    pub change: CustomerChange,
}

/// What became of a [`CustomerEntry`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// The number was new.
    Created,
    /// The number was known; whatever differed was changed.
    Updated,
    /// The number was new, and there is no name to enter.
    Nameless,
}

/// What a call found out about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerMark {
    /// They asked never to be rung again.
    DoNotCall,
    /// The number is somebody else's.
    WrongNumber,
}

impl CustomerMark {
    /// The mark in words, as a sentence needs them.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DoNotCall => "not to be called",
            Self::WrongNumber => "having a wrong number",
        }
    }

    /// The mark of somebody with these flags; of two the one that weighs more, the person's own wish.
    pub const fn of(do_not_call: bool, wrong_number: bool) -> Option<Self> {
        match (do_not_call, wrong_number) {
            (true, _) => Some(Self::DoNotCall),
            (false, true) => Some(Self::WrongNumber),
            (false, false) => None,
        }
    }
}

impl Customer {
    /// What keeps them from being rung.
    pub const fn marked(&self) -> Option<CustomerMark> {
        CustomerMark::of(self.do_not_call, self.wrong_number)
    }

    /// Applies a change.
    pub fn change(&mut self, change: CustomerChange) {
        put(&mut self.name, change.name);
        put(&mut self.company, change.company);
        put(&mut self.phone, change.phone);
        put(&mut self.email, change.email);
        put(&mut self.notes, change.notes);
        put(&mut self.status, change.status);
        put(&mut self.do_not_call, change.do_not_call);
        put(&mut self.wrong_number, change.wrong_number);
        put(&mut self.next_call_at, change.next_call_at);
    }

    /// Applies what a call found out.
    pub fn mark(&mut self, mark: CustomerMark) {
        match mark {
            CustomerMark::DoNotCall => self.do_not_call = true,
            CustomerMark::WrongNumber => self.wrong_number = true,
        }
    }

    /// Notes a call; an earlier one that is told of later does not undo it.
    pub fn note_called(&mut self, at: Time, result: Option<String>) {
        if self.last_call_at.is_none_or(|last| last <= at) {
            self.last_call_at = Some(at);
            self.last_call_result = result;
        }
    }
}

impl Customer {
    /// Where a search looks.
    pub(crate) fn search_text(&self) -> String {
        let words = [Some(&self.name), self.company.as_ref(), self.email.as_ref()];
        searched(words.into_iter().flatten().map(String::as_str), &self.phone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer() -> Customer {
        serde_json::from_str(
            r#"{"_id":"0001027f80ff090807060504","companyId":"0001027f80ff090807060505","name":"山田 太郎",
            "phone":"+819012345678","notes":"夕方に"}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_change_leaves_alone_what_it_does_not_name() {
        let mut customer = customer();
        customer.change(CustomerChange {
            status: Some(Some("見込み".into())),
            notes: Some(None),
            ..Default::default()
        });
        assert_eq!(
            (customer.name.as_str(), customer.status.as_deref(), customer.notes),
            ("山田 太郎", Some("見込み"), None)
        );
    }

    #[test]
    fn an_earlier_call_does_not_undo_a_later_one() {
        let mut customer = customer();
        customer.note_called(Time::from_millis(2), Some("成功".into()));
        customer.note_called(Time::from_millis(1), Some("不在".into()));
        assert_eq!(customer.last_call_result.as_deref(), Some("成功"));
    }
}

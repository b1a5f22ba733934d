//! The fields of a customer: how long they may be, and how a body names them.

use crate::envelope::Body;
use tsunagu_call::Time;
use tsunagu_store::CustomerChange;
use utoipa::ToSchema;

/// What is said of a customer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body: what is absent and what is null differ")]
pub(super) struct CustomerBody {
    #[schema(max_length = 200)]
    company: Option<String>,
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
    #[schema(max_length = 10000)]
    notes: Option<String>,
    /// Where the company is with them, in its own words.
    #[schema(max_length = 100)]
    status: Option<String>,
    /// They asked never to be rung again.
    do_not_call: Option<bool>,
    /// The number is somebody else's.
    wrong_number: Option<bool>,
    /// When to ring next.
    next_call_at: Option<Time>,
}

/// The longest name of a person or of where they work, in characters.
pub(super) const NAME: usize = 200;
/// The longest status, in characters.
pub(super) const STATUS: usize = 100;
/// The longest notes, in characters.
pub(super) const NOTES: usize = 10_000;

/// What a body says of a customer. What it does not name is `None`; the inner `None` empties. What calls find out
/// (`lastCallAt`, `lastCallResult`) is not taken from bodies: older clients send it back as they got it.
pub(super) struct CustomerFields {
    pub company: Option<Option<String>>,
    pub email: Option<Option<String>>,
    pub notes: Option<Option<String>>,
    pub status: Option<Option<String>>,
    pub do_not_call: Option<bool>,
    pub wrong_number: Option<bool>,
    pub next_call_at: Option<Option<Time>>,
}

impl CustomerFields {
    pub(super) fn read(body: &mut Body) -> Self {
        Self {
            company: body.change_of_text("company", NAME),
            email: body.change_of_email("email"),
            notes: body.change_of_text("notes", NOTES),
            status: body.change_of_text("status", STATUS),
            do_not_call: body.optional_flag("doNotCall"),
            wrong_number: body.optional_flag("wrongNumber"),
            next_call_at: body
                .change_of("nextCallAt", "must be a time in RFC 3339, such as 2026-11-22T10:00:00+09:00"),
        }
    }

    /// The same as a change, with the fields that may not be empty.
    pub(super) fn into_change(self, name: Option<String>, phone: Option<String>) -> CustomerChange {
        CustomerChange {
            name,
            company: self.company,
            phone,
            email: self.email,
            notes: self.notes,
            status: self.status,
            do_not_call: self.do_not_call,
            wrong_number: self.wrong_number,
            next_call_at: self.next_call_at,
        }
    }
}

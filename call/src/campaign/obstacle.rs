//! Who on a campaign's list is not rung, and why.

use crate::Time;
use serde::{Deserialize, Serialize};
use tsunagu_conversation::Outcome;

/// Why somebody on the list is not rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The customer has been removed.
    NoCustomer,
    /// The customer has no telephone number.
    NoNumber,
    /// They asked never to be called again.
    DoNotCall,
    /// The number is somebody else's.
    WrongNumber,
    /// Their last call was a success.
    AlreadyWon,
    /// Somebody else rang them a short while ago.
    CalledLately,
    /// A campaign that was started earlier has them on its list.
    Duplicate,
    /// They were in another call whenever it was their turn.
    InCall,
    /// The campaign was stopped first.
    Stopped,
}

impl SkipReason {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoCustomer => "no_customer",
            Self::NoNumber => "no_number",
            Self::DoNotCall => "do_not_call",
            Self::WrongNumber => "wrong_number",
            Self::AlreadyWon => "already_won",
            Self::CalledLately => "called_lately",
            Self::Duplicate => "duplicate",
            Self::InCall => "in_call",
            Self::Stopped => "stopped",
        }
    }
}

/// What a campaign spares its customers, beside what is never done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SkipRules {
    /// Whoever was rung within so many seconds by somebody else is not rung; 0: whoever.
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 31_536_000))]
    pub called_within_secs: u32,
    /// Whoever's last call was a success is not rung.
    pub won: bool,
}

impl Default for SkipRules {
    fn default() -> Self {
        Self { called_within_secs: 86_400, won: true }
    }
}

/// What is known of somebody whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CalledEarlier {
    /// There is a number to ring.
    pub has_number: bool,
    /// They asked never to be called again.
    pub do_not_call: bool,
    /// The number is somebody else's.
    pub wrong_number: bool,
    /// Their last call was a success.
    pub won: bool,
    /// When they were last rung, by whomever.
    pub last_called_at: Option<Time>,
    /// When the campaign's own last call to them ended.
    pub own_last_end: Option<Time>,
    /// A campaign that was started earlier has them on its list.
    pub elsewhere: bool,
}

/// Whether a customer's last call, by the result that is kept of it, was a success.
pub fn was_won(last_call_result: Option<&str>) -> bool {
    last_call_result == Some(Outcome::Success.call_result())
}

/// Why somebody is not rung at `now`; `None` inside is a customer who has been removed.
pub fn obstacle(customer: Option<CalledEarlier>, rules: &SkipRules, now: Time) -> Option<SkipReason> {
    let Some(customer) = customer else { return Some(SkipReason::NoCustomer) };
    let spared_from = now.plus_millis(-i64::from(rules.called_within_secs) * 1000);
    // The campaign's own calls are no reason: it knows how long it waits.
    let by_others = customer.last_called_at.filter(|at| customer.own_last_end.is_none_or(|own| *at > own));
    let checks = [
        (!customer.has_number, SkipReason::NoNumber),
        (customer.do_not_call, SkipReason::DoNotCall),
        (customer.wrong_number, SkipReason::WrongNumber),
        (rules.won && customer.won, SkipReason::AlreadyWon),
        (by_others.is_some_and(|at| at > spared_from), SkipReason::CalledLately),
        (customer.elsewhere, SkipReason::Duplicate),
    ];
    checks.into_iter().find_map(|(holds, reason)| holds.then_some(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(1_800_000_000_000);

    fn plain() -> CalledEarlier {
        CalledEarlier { has_number: true, ..CalledEarlier::default() }
    }

    #[test]
    fn each_reason_is_told() {
        let of = |customer| obstacle(Some(customer), &SkipRules::default(), NOW);
        assert_eq!(of(plain()), None);
        assert_eq!(of(CalledEarlier::default()), Some(SkipReason::NoNumber));
        assert_eq!(
            of(CalledEarlier { do_not_call: true, won: true, ..plain() }),
            Some(SkipReason::DoNotCall)
        );
        assert_eq!(of(CalledEarlier { wrong_number: true, ..plain() }), Some(SkipReason::WrongNumber));
        assert_eq!(of(CalledEarlier { won: true, ..plain() }), Some(SkipReason::AlreadyWon));
        assert_eq!(of(CalledEarlier { elsewhere: true, ..plain() }), Some(SkipReason::Duplicate));
        assert_eq!(obstacle(None, &SkipRules::default(), NOW), Some(SkipReason::NoCustomer));
    }

    #[test]
    fn a_call_of_somebody_else_spares_them_for_a_while() {
        let rules = SkipRules { called_within_secs: 3600, won: false };
        let of = |ago: i64, own: Option<i64>| {
            let customer = CalledEarlier {
                last_called_at: Some(NOW.plus_millis(-ago * 1000)),
                own_last_end: own.map(|ago| NOW.plus_millis(-ago * 1000)),
                won: true,
                ..plain()
            };
            obstacle(Some(customer), &rules, NOW)
        };
        assert_eq!(of(3599, None), Some(SkipReason::CalledLately));
        assert_eq!(of(3600, None), None);
        assert_eq!(of(100, Some(60)), None, "it was the campaign's own call");
        assert_eq!(of(50, Some(60)), Some(SkipReason::CalledLately));
        let never = SkipRules { called_within_secs: 0, won: false };
        assert_eq!(obstacle(Some(CalledEarlier { last_called_at: Some(NOW), ..plain() }), &never, NOW), None);
    }
}

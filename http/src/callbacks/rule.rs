//! Who may change what about a callback, and when.

use crate::error::ApiError;
use tsunagu_call::UserId;
use tsunagu_store::{Callback, CallbackChange, CallbackStatus};

/// Whether a user may change a callback so. Supervisors may do anything that its state allows; an agent may do it to
/// their own callbacks and to those that nobody has taken, and gives them to nobody but themselves.
///
/// # Errors
/// [`ApiError::Forbidden`], or [`ApiError::Conflict`] when the state is in the way.
pub(super) fn check(
    callback: &Callback,
    change: &CallbackChange,
    user: UserId,
    supervises: bool,
) -> Result<(), ApiError> {
    if !supervises {
        let takes = change.assigned_to == Some(Some(user));
        if change.assigned_to.flatten().is_some_and(|to| to != user) {
            return Err(ApiError::Forbidden);
        }
        match callback.assigned_to {
            Some(holder) if holder != user && takes => {
                return Err(conflict("callback_taken", "somebody else has taken this callback".to_owned()));
            }
            Some(holder) if holder != user => return Err(ApiError::Forbidden),
            _ => {}
        }
    }
    let status = change.status.unwrap_or(callback.status);
    let moved = change.assigned_to.is_some_and(|to| to != callback.assigned_to)
        || change.due_at.is_some_and(|due| due != callback.due_at);
    if callback.status != CallbackStatus::Open
        && status != CallbackStatus::Open
        && (moved || status != callback.status)
    {
        let sentence = format!("this callback is {}; open it again first", callback.status.as_str());
        return Err(conflict("callback_closed", sentence));
    }
    Ok(())
}

fn conflict(code: &'static str, sentence: String) -> ApiError {
    ApiError::Conflict { code, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_call::Time;

    const ME: UserId = UserId::from_bytes([1; 12]);
    const OTHER: UserId = UserId::from_bytes([2; 12]);

    fn held_by(assigned_to: Option<UserId>, status: CallbackStatus) -> Callback {
        Callback {
            id: tsunagu_call::Id::from_bytes([3; 12]),
            company_id: tsunagu_call::Id::from_bytes([4; 12]),
            customer_id: tsunagu_call::Id::from_bytes([5; 12]),
            call_id: tsunagu_call::Id::from_bytes([6; 12]),
            words: None,
            due_at: None,
            status,
            assigned_to,
            notes: None,
            created_at: Time::from_millis(0),
        }
    }

    fn code(callback: &Callback, change: CallbackChange, supervises: bool) -> &'static str {
        check(callback, &change, ME, supervises).map_or_else(|error| error.code(), |()| "ok")
    }

    fn assign(to: Option<UserId>) -> CallbackChange {
        CallbackChange { assigned_to: Some(to), ..CallbackChange::default() }
    }

    fn become_(status: CallbackStatus) -> CallbackChange {
        CallbackChange { status: Some(status), ..CallbackChange::default() }
    }

    #[test]
    fn an_agent_sees_to_their_own_and_to_nobodys() {
        use CallbackStatus::{Done, Open};
        for (holder, change, expected) in [
            (None, assign(Some(ME)), "ok"),
            (Some(ME), assign(Some(ME)), "ok"),
            (Some(ME), assign(None), "ok"),
            (None, become_(Done), "ok"),
            (Some(ME), become_(Done), "ok"),
            (None, assign(Some(OTHER)), "forbidden"),
            (Some(ME), assign(Some(OTHER)), "forbidden"),
            (Some(OTHER), assign(Some(ME)), "callback_taken"),
            (Some(OTHER), assign(None), "forbidden"),
            (Some(OTHER), become_(Done), "forbidden"),
        ] {
            assert_eq!(
                code(&held_by(holder, Open), change.clone(), false),
                expected,
                "{holder:?} {change:?}"
            );
            assert_eq!(code(&held_by(holder, Open), change, true), "ok", "a supervisor");
        }
    }

    #[test]
    fn what_is_closed_is_only_opened_again_or_written_about() {
        use CallbackStatus::{Cancelled, Done, Open};
        let done = held_by(Some(ME), Done);
        let due = CallbackChange { due_at: Some(Some(Time::from_millis(9))), ..CallbackChange::default() };
        let notes = CallbackChange { notes: Some(Some("留守".into())), ..CallbackChange::default() };
        let reopened = CallbackChange { status: Some(Open), ..assign(None) };
        for (change, expected) in [
            (become_(Done), "ok"),
            (assign(Some(ME)), "ok"),
            (notes, "ok"),
            (become_(Open), "ok"),
            (reopened, "ok"),
            (become_(Cancelled), "callback_closed"),
            (assign(None), "callback_closed"),
            (due, "callback_closed"),
        ] {
            assert_eq!(code(&done, change.clone(), true), expected, "{change:?}");
        }
    }
}

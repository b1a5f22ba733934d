//! From the errors of other rooms to what a client is told.

use super::{ApiError, Cause};
use actix_web::error::BlockingError;
use tsunagu_actors::{CallError, StartError, Unpresentable};
use tsunagu_call::{JournalError, Refusal};
use tsunagu_carrier::CarrierError;
use tsunagu_store::StoreError;

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let sentence = error.to_string();
        match error {
            StoreError::NotFound { what } => Self::NotFound(what),
            StoreError::Changed { .. } => Self::Conflict { code: "changed_meanwhile", sentence },
            StoreError::Duplicate { what: "user", field: "email" } => Self::email_in_use(),
            StoreError::Duplicate { .. } => Self::Conflict { code: "duplicate", sentence },
            StoreError::LastAdmin => Self::Conflict { code: "last_admin", sentence },
            StoreError::TooMany { .. } => Self::Conflict { code: "too_many", sentence },
            StoreError::CustomerBusy { .. } => StartError::CustomerBusy.into(),
            StoreError::CustomerMarked { mark } => StartError::from(mark).into(),
            StoreError::Conflict { .. } => CallError::Stale.into(),
            StoreError::Full { .. } => Self::overloaded(),
            StoreError::Unavailable { .. } => Self::store_unavailable(error.into()),
            StoreError::Invalid { .. }
            | StoreError::Corrupt { .. }
            | StoreError::InUse { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::Exists { .. }
            | StoreError::NoDatabase { .. }
            | StoreError::Unfit { .. }
            | StoreError::Open { .. } => Self::Faulty(error.into()),
        }
    }
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        let busy =
            |code, sentence, retry_secs| Self::Unavailable { code, sentence, retry_secs, source: None };
        match error {
            CallError::NotFound => Self::NotFound("call"),
            CallError::Refused(refusal) => refusal.into(),
            CallError::NoCustomer => StartError::NoCustomer.into(),
            CallError::CustomerMarked(mark) => StartError::from(mark).into(),
            CallError::CustomerBusy(_) => StartError::CustomerBusy.into(),
            CallError::NoAgent => Self::Conflict {
                code: "no_agent_available",
                sentence: "no agent is free to take the call".into(),
            },
            CallError::Draining => busy("draining", "the server is shutting down and takes no new calls", 10),
            CallError::Overloaded => Self::overloaded(),
            CallError::Late => {
                busy("late", "the call did not answer in time; whether it did as asked is not known", 2)
            }
            CallError::Stale => {
                busy("call_resuming", "the call is being taken up again; try again in a moment", 1)
            }
            CallError::Faulty => Self::Faulty(error.into()),
            CallError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::NotInConference => return Self::NotFound("participant"),
            Refusal::NotWithAi(_) => "not_ai_responding",
            Refusal::NoHandover(_) => "no_handover",
            Refusal::Over => "call_over",
            Refusal::NotRecorded => "not_recorded",
            Refusal::RecordingBusy => "recording_busy",
            Refusal::WithAi(_) => "with_ai",
            Refusal::HumanPartOver => "human_part_over",
            Refusal::TooManySupervisors => "too_many_supervisors",
            Refusal::AgentYourself => "agent_yourself",
            Refusal::NotSupervising => "not_supervising",
            Refusal::TakeoverBusy => "takeover_busy",
            Refusal::CustomersLeg => "customers_leg",
            Refusal::SupervisorsLeg => "supervisors_leg",
            Refusal::ParticipantBusy => "participant_busy",
        };
        Self::Conflict { code, sentence: refusal.to_string() }
    }
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        let sentence = error.to_string();
        match error {
            StartError::NoCustomer => Self::NotFound("customer"),
            StartError::NoAgent => Self::NotFound("agent"),
            StartError::CustomerBusy => Self::Conflict { code: "customer_busy", sentence },
            StartError::DoNotCall => Self::Conflict { code: "do_not_call", sentence },
            StartError::WrongNumber => Self::Conflict { code: "wrong_number", sentence },
            StartError::OutsideCallingHours => Self::Conflict { code: "outside_calling_hours", sentence },
            StartError::NoSettings => Self::NotSetUp { code: "no_settings", sentence },
            StartError::NoNumber => Self::NotSetUp { code: "no_number", sentence },
            StartError::Call(error) => error.into(),
        }
    }
}

impl From<CarrierError> for ApiError {
    fn from(error: CarrierError) -> Self {
        match error {
            CarrierError::RateLimited { .. }
            | CarrierError::Unavailable { .. }
            | CarrierError::Ambiguous { .. } => Self::Unavailable {
                code: "carrier_unavailable",
                sentence: "the carrier cannot be reached at the moment; try again a little later",
                retry_secs: 5,
                source: Some(error.into()),
            },
            _ => Self::Carrier(error.into()),
        }
    }
}

impl From<Unpresentable> for ApiError {
    fn from(error: Unpresentable) -> Self {
        Self::store_unavailable(error.into())
    }
}

impl From<JournalError> for ApiError {
    fn from(error: JournalError) -> Self {
        Self::Faulty(error.into())
    }
}

impl From<BlockingError> for ApiError {
    fn from(error: BlockingError) -> Self {
        Self::Faulty(error.into())
    }
}

impl ApiError {
    /// Somebody has this e-mail address already, at whatever company.
    pub(crate) fn email_in_use() -> Self {
        let sentence = "this e-mail address is in use; sign in instead".into();
        Self::Conflict { code: "email_in_use", sentence }
    }

    fn store_unavailable(cause: Cause) -> Self {
        Self::Unavailable {
            code: "store_unavailable",
            sentence: "the store cannot be reached at the moment; try again a little later",
            retry_secs: 5,
            source: Some(cause),
        }
    }

    /// More is asked at once than is taken; nothing was done.
    pub(crate) const fn overloaded() -> Self {
        Self::Unavailable {
            code: "overloaded",
            sentence: "too much is going on at once; try again in a moment",
            retry_secs: 1,
            source: None,
        }
    }
}

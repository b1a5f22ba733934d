//! Where a campaign is, and what may be ordered of it there.

use serde::{Deserialize, Serialize};

/// Where a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum CampaignState {
    /// Being put together; nobody is rung.
    #[default]
    Draft,
    /// Its customers are rung as pace and hours allow.
    Running,
    /// Nobody is rung; calls that live go on.
    Paused,
    /// Ended by a person: who had not been reached stays so.
    Stopped,
    /// Everybody on its list has been seen to.
    Completed,
}

/// What may be ordered of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CampaignOrder {
    /// Begin to ring.
    Start,
    /// Ring nobody for now.
    Pause,
    /// Go on.
    Resume,
    /// End for good.
    Stop,
}

/// Why an order does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CampaignRefusal {
    /// It never began.
    #[error("the campaign has not been started yet")]
    NotStarted,
    /// It began, and was paused.
    #[error("the campaign has been started; resume it")]
    Started,
    /// It is over.
    #[error("the campaign is over")]
    Over,
}

/// Why a campaign is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// Somebody asked for it.
    Asked,
    /// Too many of its last calls failed.
    FailureRate,
    /// Nobody's conversation settings can be used, and it has none of its own.
    NoSettings,
    /// The server has no number to call from.
    NoNumber,
    /// The agent it speaks for works at the company no longer.
    NoAgent,
    /// Its hours and the company's have no minute in common.
    NoHours,
}

impl CampaignState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Running, Self::Paused, Self::Stopped, Self::Completed];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Completed => "completed",
        }
    }

    /// Nobody will be rung any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Stopped | Self::Completed)
    }

    /// Where an order leads. One that has been obeyed already is obeyed again: it may have been sent twice.
    ///
    /// # Errors
    /// It does not fit the state.
    pub const fn obey(self, order: CampaignOrder) -> Result<Self, CampaignRefusal> {
        use CampaignOrder::{Pause, Resume, Start, Stop};
        match (order, self) {
            (Start, Self::Draft | Self::Running) | (Resume, Self::Paused | Self::Running) => {
                Ok(Self::Running)
            }
            (Pause, Self::Running | Self::Paused) => Ok(Self::Paused),
            (Stop, Self::Draft | Self::Running | Self::Paused | Self::Stopped) => Ok(Self::Stopped),
            (Start, Self::Paused) => Err(CampaignRefusal::Started),
            (Pause | Resume, Self::Draft) => Err(CampaignRefusal::NotStarted),
            (Start | Pause | Resume, Self::Stopped) | (_, Self::Completed) => Err(CampaignRefusal::Over),
        }
    }
}

impl CampaignRefusal {
    /// The machine word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "campaign_not_started",
            Self::Started => "campaign_started",
            Self::Over => "campaign_over",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CampaignOrder::{Pause, Resume, Start, Stop};

    #[test]
    fn what_is_over_stays_over_and_an_order_may_come_twice() {
        for order in [Start, Pause, Resume, Stop] {
            for state in CampaignState::ALL {
                match state.obey(order) {
                    Ok(next) => {
                        assert_eq!(next.obey(order), Ok(next), "{order:?} twice from {state:?}");
                        assert!(!state.is_over() || next == state, "{order:?} revived {state:?}");
                    }
                    Err(refusal) => assert_eq!(state.is_over(), refusal == CampaignRefusal::Over),
                }
            }
        }
    }

    #[test]
    fn only_a_draft_is_started_and_only_what_was_paused_goes_on() {
        assert_eq!(CampaignState::Paused.obey(Start), Err(CampaignRefusal::Started));
        assert_eq!(CampaignState::Draft.obey(Resume), Err(CampaignRefusal::NotStarted));
        assert_eq!(CampaignState::Paused.obey(Resume), Ok(CampaignState::Running));
        assert_eq!(CampaignState::Draft.obey(Stop), Ok(CampaignState::Stopped));
    }
}

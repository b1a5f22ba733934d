//! The states in which the carrier says that calls, conferences, participants and recordings are.
//!
//! Twilio adds values now and then. A value that is not known is never an error here: the command that was
//! answered with it has been carried out all the same.

/// Declares an enum of wire values with `as_str`, `parse` and `Display`; what is not listed becomes `Unknown`.
macro_rules! wire_values {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A value that this version does not know.
            #[default]
            Unknown,
        }

        impl $name {
            /// As it is written on the wire; `unknown` for a value that is not known.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown => "unknown",
                }
            }

            /// Reads a wire value; `Unknown` if it is none of ours.
            pub fn parse(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

wire_values! {
    /// Where a call stands.
    CallStatus {
        /// Accepted, not yet dialled.
        Queued => "queued",
        /// Being dialled; only in callbacks.
        Initiated => "initiated",
        /// The telephone rings.
        Ringing => "ringing",
        /// Answered and alive.
        InProgress => "in-progress",
        /// Answered once, and over.
        Completed => "completed",
        /// The line was engaged.
        Busy => "busy",
        /// It could not be connected.
        Failed => "failed",
        /// Nobody answered within the timeout.
        NoAnswer => "no-answer",
        /// Given up before it was answered.
        Canceled => "canceled",
    }
}

impl CallStatus {
    /// No further change can come.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Busy | Self::Failed | Self::NoAnswer | Self::Canceled)
    }

    /// Neither over nor unknown.
    pub fn is_live(self) -> bool {
        !self.is_final() && self != Self::Unknown
    }
}

wire_values! {
    /// Where a conference stands.
    ConferenceStatus {
        /// Somebody waits in it.
        Init => "init",
        /// At least two are in it.
        InProgress => "in-progress",
        /// Over.
        Completed => "completed",
    }
}

wire_values! {
    /// Where a participant's leg stands.
    ParticipantStatus {
        /// Accepted, not yet dialled.
        Queued => "queued",
        /// Being dialled.
        Connecting => "connecting",
        /// The telephone rings.
        Ringing => "ringing",
        /// In the conference.
        Connected => "connected",
        /// Has left.
        Complete => "complete",
        /// Never came in.
        Failed => "failed",
    }
}

wire_values! {
    /// Where a recording stands.
    RecordingStatus {
        /// Being made.
        InProgress => "in-progress",
        /// Waiting to go on.
        Paused => "paused",
        /// Ended, not yet written.
        Stopped => "stopped",
        /// Being written.
        Processing => "processing",
        /// Ready to be fetched.
        Completed => "completed",
        /// Nothing was recorded.
        Absent => "absent",
        /// It could not be made.
        Failed => "failed",
        /// Its media are gone.
        Deleted => "deleted",
    }
}

wire_values! {
    /// Who started a call, and how.
    Direction {
        /// Somebody rang us.
        Inbound => "inbound",
        /// Rung by a REST request.
        OutboundApi => "outbound-api",
        /// Rung by `<Dial>` or as a conference participant.
        OutboundDial => "outbound-dial",
    }
}

wire_values! {
    /// What machine detection thought had answered. `Unknown` is also Twilio's own word for "cannot say".
    AnsweredBy {
        /// A person.
        Human => "human",
        /// A machine; it is still speaking.
        MachineStart => "machine_start",
        /// A machine; its tone has sounded.
        MachineEndBeep => "machine_end_beep",
        /// A machine; it fell silent.
        MachineEndSilence => "machine_end_silence",
        /// A machine; its greeting ended in another way.
        MachineEndOther => "machine_end_other",
        /// A fax.
        Fax => "fax",
    }
}

impl AnsweredBy {
    /// A machine or a fax.
    pub fn is_machine(self) -> bool {
        !matches!(self, Self::Human | Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_wire() {
        for status in [CallStatus::Queued, CallStatus::InProgress, CallStatus::NoAnswer, CallStatus::Canceled]
        {
            assert_eq!(CallStatus::parse(status.as_str()), status);
        }
        assert_eq!(AnsweredBy::parse("machine_end_beep"), AnsweredBy::MachineEndBeep);
        assert_eq!(AnsweredBy::parse("unknown"), AnsweredBy::Unknown);
    }

    #[test]
    fn a_new_value_is_no_error_and_neither_live_nor_final() {
        let status = CallStatus::parse("teleported");
        assert_eq!(status, CallStatus::Unknown);
        assert!(!status.is_live() && !status.is_final());
    }
}

//! How a call ends, why, and why it goes to a human.

use tsunagu_understanding::named;

named! {
    /// What came of the call.
    Outcome {
        /// A human spoke with them.
        Success = "success",
        /// Nobody to talk to: away, a machine, silence.
        Absent = "absent",
        /// They declined.
        Rejected = "rejected",
        /// Somebody has to do something next: ring again, send something.
        FollowUp = "follow_up",
        /// The call could not do its work: a wrong number, for one.
        Failed = "failed",
    }
}

impl Outcome {
    /// The name for machines: `success`, `absent`, `rejected`, `follow_up`, `failed`.
    pub const fn machine(self) -> &'static str {
        self.name()
    }

    /// The `callResult` shown to people.
    pub const fn call_result(self) -> &'static str {
        match self {
            Outcome::Success => "成功",
            Outcome::Absent => "不在",
            Outcome::Rejected => "拒否",
            Outcome::FollowUp => "要フォロー",
            Outcome::Failed => "失敗",
        }
    }
}

named! {
    /// A mark that the call leaves on the customer for good.
    Mark {
        /// Never to be called again.
        DoNotCall = "do_not_call",
        /// The number is not theirs.
        WrongNumber = "wrong_number",
    }
}

named! {
    /// Why the AI's part of the call ended.
    EndReason {
        /// They declined.
        Declined = "declined",
        /// They asked never to be called again.
        NeverAgain = "never_again",
        /// Not that company or person, or a number out of use.
        WrongNumber = "wrong_number",
        /// A recording or a voice menu answered.
        Machine = "machine",
        /// Nobody said anything.
        Silence = "silence",
        /// Nobody picked up within the holding time.
        HeldTooLong = "held_too_long",
        /// A time to ring again was given.
        CallbackAgreed = "callback_agreed",
        /// The person is away or busy, and no time was given.
        CallbackOpen = "callback_open",
        /// They want it in writing.
        MaterialWanted = "material_wanted",
        /// Nobody there could be spoken to about it.
        NobodyElse = "nobody_else",
        /// They said goodbye.
        Goodbye = "goodbye",
        /// The AI could not follow them.
        NotUnderstood = "not_understood",
        /// The talk went on without progress.
        TooManyTurns = "too_many_turns",
        /// No agent was free; a call back was promised.
        NoAgent = "no_agent",
        /// A human has spoken with them.
        HumanDone = "human_done",
    }
}

named! {
    /// Why the AI hands over to a human.
    HandoverReason {
        /// They agreed to be connected.
        Agreed = "agreed",
        /// They asked for a person, or whether this is a machine.
        AskedForHuman = "asked_for_human",
        /// They pressed the key for it.
        KeyPressed = "key_pressed",
        /// The AI could not follow them.
        NotUnderstood = "not_understood",
        /// The talk went on without progress.
        TooManyTurns = "too_many_turns",
        /// Somebody on our side, a supervisor say, wants them put through now.
        Requested = "requested",
    }
}

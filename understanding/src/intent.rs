//! What an utterance means: a closed set.

use crate::named;

named! {
    /// What an utterance means, in the order of priority: where an utterance holds several, the first of them is
    /// the one that the caller must act on.
    Intent {
        /// Declines for ever: never call again, take us off the list, a complaint.
        DoNotCall = "do_not_call",
        /// Not that company or person, or the number is not in use.
        WrongNumber = "wrong_number",
        /// The telephone's own assistant asks who is calling and why before it rings through.
        Screening = "screening",
        /// A recording, an answering machine, a voice menu or the network speaks.
        Voicemail = "voicemail",
        /// Declines.
        Reject = "reject",
        /// Wants a person, or asks whether it speaks with a machine.
        AskHuman = "ask_human",
        /// Do it in writing: web form, mail, fax, brochure.
        SendMaterial = "send_material",
        /// A time or day at which to ring again.
        CallbackTime = "callback_time",
        /// The person in charge is not there, no time given.
        Absent = "absent",
        /// There, but cannot talk now; "later", no time given.
        BusyNow = "busy_now",
        /// The speaker is, or has just become, the person in charge.
        PersonInCharge = "person_in_charge",
        /// Is about to fetch or connect somebody, or asks to hold.
        PuttingThrough = "putting_through",
        /// A question about the matter itself: price, contents, conditions, how they got the number.
        AskQuestion = "ask_question",
        /// What is it about, whom do you want, is this a sales call.
        AskPurpose = "ask_purpose",
        /// Who is calling, from which company, from which number.
        AskCompany = "ask_company",
        /// Could not hear or follow.
        AskRepeat = "ask_repeat",
        /// Says yes to what the AI just asked.
        Affirm = "affirm",
        /// A plain no to what the AI asked, that none of the others says better.
        Negate = "negate",
        /// Ends the call.
        Goodbye = "goodbye",
        /// Answers the telephone, greets, or makes a sound of attention; nothing is agreed or asked.
        Acknowledge = "acknowledge",
        /// None of these: off topic, babble, recognition rubbish.
        Unknown = "unknown",
    }
}

impl Intent {
    /// Rank in the order of priority: 0 is acted on first.
    pub const fn priority(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_priority_agree_with_serde_and_order() {
        for (rank, intent) in Intent::ALL.iter().enumerate() {
            assert_eq!(intent.priority(), rank);
            assert_eq!(Intent::from_name(intent.name()), Some(*intent));
            assert_eq!(serde_json::to_string(intent).unwrap(), format!("\"{intent}\""));
        }
        assert_eq!(Intent::ALL.len(), 21);
    }
}

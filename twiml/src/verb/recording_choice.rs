//! What every kind of recording shares.

keywords! {
    /// What the recording status callback is called for (default completed).
    pub enum RecordingCallbackEvent {
        /// Recording has begun.
        InProgress = "in-progress",
        /// The recording can be fetched.
        Completed = "completed",
        /// There is no recording: too short or silent.
        Absent = "absent",
    }
}

keywords! {
    /// Whether silence at both ends is cut off.
    pub enum Trim {
        /// It is.
        TrimSilence = "trim-silence",
        /// It is not.
        DoNotTrim = "do-not-trim",
    }
}

keywords! {
    /// Which direction is recorded, seen from Twilio.
    pub enum RecordingTrack {
        /// What Twilio receives.
        Inbound = "inbound",
        /// What Twilio sends.
        Outbound = "outbound",
        /// Both.
        Both = "both",
    }
}

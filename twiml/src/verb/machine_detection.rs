//! Answering machine detection.

keywords! {
    /// Whether a human, a machine or a fax is told apart when the call is answered.
    pub enum MachineDetection {
        /// As soon as it is known.
        Enable = "Enable",
        /// At the end of a machine's greeting, when a message can be left.
        DetectMessageEnd = "DetectMessageEnd",
    }
}

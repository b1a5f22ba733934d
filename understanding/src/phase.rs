//! What the AI said last: the context in which the next utterance is understood.

use crate::named;

named! {
    /// What the AI said last. The same words mean different things in different phases.
    #[derive(Default)]
    Phase {
        /// Greeted, named its company and service, and asked for the person in charge.
        #[default]
        Opening = "opening",
        /// Said again, shorter, who it is and why it calls, and asked again for the person in charge.
        Purpose = "purpose",
        /// Explained the service to the person in charge and asked whether it may connect a representative now.
        Pitch = "pitch",
        /// Was asked to wait, and listens in silence for somebody to pick up.
        Holding = "holding",
        /// Learned that the person is away or busy, and asked when it may ring again.
        Callback = "callback",
        /// Said goodbye.
        Closing = "closing",
    }
}

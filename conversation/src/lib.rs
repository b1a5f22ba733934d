//! The conversation engine: understanding, script and state chart of the AI side of a call.

//! The people whom the sandbox rings.

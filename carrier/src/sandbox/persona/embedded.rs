//! The persona files that come with the program.

/// File names and texts.
pub(super) const SOURCES: &[(&str, &str)] = &[];

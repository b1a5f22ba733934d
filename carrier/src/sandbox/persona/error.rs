//! What can be wrong with the files of a cast.

/// Why a cast could not be put together. Each names the file, and the place in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CastError {
    /// Not TOML, or not the keys and values that a persona has.
    #[error("{file}, line {line}: {message}")]
    Syntax {
        /// The file's name.
        file: String,
        /// Counted from one.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A value that is well written but makes no sense.
    #[error("{file}, {place}: {message}")]
    Value {
        /// The file's name.
        file: String,
        /// The key, such as `rules[2].when`; rules are counted from one.
        place: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// Two personas of one name.
    #[error("{file}: the name `{name}` is taken by {other}")]
    SameName {
        /// The later file.
        file: String,
        /// The name.
        name: String,
        /// The earlier file.
        other: String,
    },
    /// A number would reach two personas.
    #[error("{file}: the numbers {pattern} overlap with {other_pattern} in {other}")]
    SameNumber {
        /// The later file.
        file: String,
        /// Its pattern.
        pattern: String,
        /// The earlier file.
        other: String,
        /// That file's pattern.
        other_pattern: String,
    },
}

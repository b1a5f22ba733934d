//! The texts that an engine is made from.

/// A data file: its name inside `config/conversation`, such as `ja/script.toml`, and what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// The name, with `/` between folders. The first folder is the language.
    pub name: &'a str,
    /// The whole text.
    pub text: &'a str,
}

/// The files of `config/conversation` as they were when this was compiled. A company's own script replaces the
/// entry of the same name.
pub const EMBEDDED: &[Source<'static>] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The model that the build has trained on each embedded language's phrase files, by folder.
pub(crate) const MODELS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/models.rs"));

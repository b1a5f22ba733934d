//! Why a sandbox does not start.

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// A setting makes no sense.
    #[error("the sandbox's configuration is wrong: {0}")]
    Config(String),
    /// The listener is of no use.
    #[error("the sandbox cannot listen")]
    Listen(#[source] std::io::Error),
    /// The HTTP client for webhooks cannot be built.
    #[error("the sandbox cannot send webhooks")]
    Client(#[source] reqwest::Error),
}

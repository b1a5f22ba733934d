//! REST, webhooks and sign-in: handlers that translate and forward.

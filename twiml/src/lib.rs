//! TwiML writing and reading, Twilio webhook forms and request signatures.

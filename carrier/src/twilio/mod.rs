//! Twilio over its REST API (2010-04-01).

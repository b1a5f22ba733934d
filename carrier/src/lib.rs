//! The carrier behind one trait: Twilio's REST client, and the sandbox carrier.

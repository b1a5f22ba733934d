//! The messages of a media stream, both ways. Numbers that count or tell the time are strings on the wire; the sampling
//! rate and the channels are numbers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// Mu-law silence.
const SILENCE: u8 = 0xff;

/// The first message; it has no number.
pub fn connected() -> Value {
    json!({ "event": "connected", "protocol": "Call", "version": "1.0.0" })
}

/// Who is who in a stream's messages.
#[derive(Debug, Clone)]
pub struct Names {
    /// `MZ…`.
    pub stream: String,
    /// `AC…`.
    pub account: String,
    /// `CA…`.
    pub call: String,
}

impl Names {
    /// The stream starts.
    pub fn start(&self, sequence: u64, tracks: &[&str], parameters: &[(String, String)]) -> Value {
        let custom: serde_json::Map<String, Value> =
            parameters.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        json!({
            "event": "start",
            "sequenceNumber": sequence.to_string(),
            "streamSid": self.stream,
            "start": {
                "streamSid": self.stream,
                "accountSid": self.account,
                "callSid": self.call,
                "tracks": tracks,
                "customParameters": custom,
                "mediaFormat": { "encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1 },
            },
        })
    }

    /// So many bytes of silence on a track, the first of which lies `millis` after the stream's beginning.
    pub fn silence(&self, sequence: u64, track: &str, chunk: u64, millis: u64, bytes: usize) -> Value {
        json!({
            "event": "media",
            "sequenceNumber": sequence.to_string(),
            "streamSid": self.stream,
            "media": {
                "track": track,
                "chunk": chunk.to_string(),
                "timestamp": millis.to_string(),
                "payload": STANDARD.encode(vec![SILENCE; bytes]),
            },
        })
    }

    /// The caller has pressed a key.
    pub fn dtmf(&self, sequence: u64, digit: char) -> Value {
        json!({
            "event": "dtmf",
            "streamSid": self.stream,
            "sequenceNumber": sequence.to_string(),
            "dtmf": { "track": "inbound_track", "digit": digit.to_string() },
        })
    }

    /// What was sent before this mark has been played, or cleared.
    pub fn mark(&self, sequence: u64, name: &str) -> Value {
        json!({
            "event": "mark",
            "sequenceNumber": sequence.to_string(),
            "streamSid": self.stream,
            "mark": { "name": name },
        })
    }

    /// The stream is over.
    pub fn stop(&self, sequence: u64) -> Value {
        json!({
            "event": "stop",
            "sequenceNumber": sequence.to_string(),
            "streamSid": self.stream,
            "stop": { "accountSid": self.account, "callSid": self.call },
        })
    }
}

/// What the program wants of a stream that goes both ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To be played: so many bytes of audio.
    Media(usize),
    /// To be told when everything before it has been played.
    Mark(String),
    /// To play nothing of what has not been played yet.
    Clear,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Wire {
    Media {
        #[serde(rename = "streamSid")]
        stream: String,
        media: Media,
    },
    Mark {
        #[serde(rename = "streamSid")]
        stream: String,
        mark: Mark,
    },
    Clear {
        #[serde(rename = "streamSid")]
        stream: String,
    },
}

#[derive(Deserialize)]
struct Media {
    payload: String,
}

#[derive(Deserialize)]
struct Mark {
    name: String,
}

/// Reads a message for the stream with this sid; what is wrong with it otherwise.
pub fn read(text: &str, own: &str) -> Result<Command, String> {
    let wire: Wire = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let (stream, command) = match wire {
        Wire::Media { stream, media } => {
            let audio = STANDARD.decode(media.payload).map_err(|e| format!("the payload: {e}"))?;
            (stream, Command::Media(audio.len()))
        }
        Wire::Mark { stream, mark } => (stream, Command::Mark(mark.name)),
        Wire::Clear { stream } => (stream, Command::Clear),
    };
    if stream == own { Ok(command) } else { Err(format!("{stream:?} is not this stream")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names { stream: "MZ1".into(), account: "AC1".into(), call: "CA1".into() }
    }

    #[test]
    fn counters_are_strings_and_the_format_is_numbers() {
        let start = names().start(1, &["inbound"], &[("lead".into(), "7".into())]);
        assert_eq!(start["sequenceNumber"], "1");
        assert_eq!(start["start"]["customParameters"], json!({ "lead": "7" }));
        assert_eq!(start["start"]["mediaFormat"]["sampleRate"], 8000);
        let media = names().silence(2, "inbound", 1, 20, 160);
        assert_eq!((&media["media"]["chunk"], &media["media"]["timestamp"]), (&"1".into(), &"20".into()));
        let payload = STANDARD.decode(media["media"]["payload"].as_str().unwrap()).unwrap();
        assert_eq!(payload, [0xff; 160]);
        assert!(connected().get("sequenceNumber").is_none() && connected().get("streamSid").is_none());
    }

    #[test]
    fn what_a_program_may_send() {
        let good = [
            (r#"{"event":"media","streamSid":"MZ1","media":{"payload":"f39/"}}"#, Command::Media(3)),
            (r#"{"event":"mark","streamSid":"MZ1","mark":{"name":"a"}}"#, Command::Mark("a".into())),
            (r#"{"event":"clear","streamSid":"MZ1"}"#, Command::Clear),
        ];
        for (text, command) in good {
            assert_eq!(read(text, "MZ1"), Ok(command));
        }
        for bad in [
            "",
            "[]",
            r#"{"event":"start","streamSid":"MZ1"}"#,
            r#"{"event":"clear","streamSid":"MZ2"}"#,
            r#"{"event":"media","streamSid":"MZ1","media":{"payload":"?"}}"#,
            r#"{"event":"mark","streamSid":"MZ1"}"#,
        ] {
            assert!(read(bad, "MZ1").is_err(), "{bad}");
        }
    }
}

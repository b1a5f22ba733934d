//! The messages of ConversationRelay, both ways.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// Most repetitions of a `play`, and those of `loop: 0`.
const MAX_LOOPS: u32 = 1_000;

/// Who is connected, and how: the first message of a session.
pub fn setup(
    session: &str,
    call: &[(String, String)],
    status: &str,
    parameters: &[(String, String)],
) -> Value {
    let get = |name: &str| {
        call.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let custom: serde_json::Map<String, Value> =
        parameters.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let kind = if get("From").starts_with("client:") { "Client" } else { "PSTN" };
    json!({
        "type": "setup",
        "sessionId": session,
        "accountSid": get("AccountSid"),
        "parentCallSid": get("ParentCallSid"),
        "callSid": get("CallSid"),
        "from": get("From"),
        "to": get("To"),
        "forwardedFrom": get("ForwardedFrom"),
        "callType": kind,
        "callerName": get("CallerName"),
        "direction": get("Direction"),
        "callStatus": status.to_ascii_uppercase(),
        "customParameters": custom,
    })
}

/// The caller says, or has said, this.
pub fn prompt(text: &str, lang: &str, last: bool) -> Value {
    json!({ "type": "prompt", "voicePrompt": text, "lang": lang, "last": last })
}

/// The caller has pressed a key.
pub fn dtmf(digit: char) -> Value {
    json!({ "type": "dtmf", "digit": digit.to_string() })
}

/// The caller has spoken into what was being said: how much of it was heard, and for how long.
pub fn interrupt(heard: &str, millis: u64) -> Value {
    json!({ "type": "interrupt", "utteranceUntilInterrupt": heard, "durationUntilInterruptMs": millis })
}

/// Something is wrong.
pub fn error(description: &str) -> Value {
    json!({ "type": "error", "description": description })
}

/// What the program wants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// To say this; with `last` the sentence is complete.
    Text {
        token: String,
        #[serde(default)]
        last: Option<bool>,
        #[serde(default)]
        lang: Option<String>,
        #[serde(default)]
        interruptible: Option<bool>,
        #[serde(default)]
        preemptible: Option<bool>,
    },
    /// To play this file.
    Play {
        source: String,
        #[serde(default, rename = "loop")]
        loops: Option<u32>,
        #[serde(default)]
        interruptible: Option<bool>,
        #[serde(default)]
        preemptible: Option<bool>,
    },
    /// To press these keys.
    SendDigits { digits: String },
    /// To speak, or to understand, another language.
    Language {
        #[serde(default)]
        tts_language: Option<String>,
        #[serde(default)]
        transcription_language: Option<String>,
    },
    /// To end the session.
    End {
        #[serde(default)]
        handoff_data: Option<String>,
    },
}

/// Reads a message; what is wrong with it otherwise.
pub fn read(text: &str) -> Result<Command, String> {
    let command: Command = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let filled = |text: &Option<String>| text.as_deref().is_none_or(|text| !text.is_empty());
    match &command {
        Command::Text { lang, .. } if !filled(lang) => Err("lang must not be empty".into()),
        Command::Play { source, .. } if Url::parse(source).is_err() => {
            Err(format!("source must be a URL, not {source:?}"))
        }
        Command::Play { loops: Some(loops), .. } if *loops > MAX_LOOPS => {
            Err(format!("loop must be within 0 to {MAX_LOOPS}"))
        }
        Command::SendDigits { digits } if digits.is_empty() || !digits.chars().all(is_key) => {
            Err("digits must be one or more of 0-9, w, # and *".into())
        }
        Command::Language { tts_language: None, transcription_language: None } => {
            Err("ttsLanguage or transcriptionLanguage must be there".into())
        }
        Command::Language { tts_language, transcription_language }
            if !filled(tts_language) || !filled(transcription_language) =>
        {
            Err("a language must not be empty".into())
        }
        _ => Ok(command),
    }
}

fn is_key(key: char) -> bool {
    key.is_ascii_digit() || matches!(key, 'w' | '#' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_may_send() {
        assert_eq!(
            read(r#"{"type":"text","token":" well","last":true,"lang":null,"interruptible":false}"#),
            Ok(Command::Text {
                token: " well".into(),
                last: Some(true),
                lang: None,
                interruptible: Some(false),
                preemptible: None,
            })
        );
        assert_eq!(
            read(r#"{"type":"play","source":"https://example.com/a.mp3","loop":0}"#),
            Ok(Command::Play {
                source: "https://example.com/a.mp3".into(),
                loops: Some(0),
                interruptible: None,
                preemptible: None,
            })
        );
        assert_eq!(
            read(r#"{"type":"sendDigits","digits":"9ww1#"}"#),
            Ok(Command::SendDigits { digits: "9ww1#".into() })
        );
        assert_eq!(
            read(r#"{"type":"language","ttsLanguage":"ja-JP"}"#),
            Ok(Command::Language { tts_language: Some("ja-JP".into()), transcription_language: None })
        );
        assert_eq!(
            read(r#"{"type":"end","handoffData":"{\"a\":1}"}"#),
            Ok(Command::End { handoff_data: Some(r#"{"a":1}"#.into()) })
        );
    }

    #[test]
    fn what_it_may_not() {
        for bad in [
            "",
            "[]",
            r#"{"foo":"bar"}"#,
            r#"{"type":"shout","token":"a"}"#,
            r#"{"type":"text"}"#,
            r#"{"type":"text","token":null}"#,
            r#"{"type":"text","token":"a","last":"yes"}"#,
            r#"{"type":"text","token":"a","lang":""}"#,
            r#"{"type":"play","source":"a.mp3"}"#,
            r#"{"type":"play","source":"https://example.com/a.mp3","loop":-1}"#,
            r#"{"type":"play","source":"https://example.com/a.mp3","loop":1001}"#,
            r#"{"type":"sendDigits","digits":""}"#,
            r#"{"type":"sendDigits","digits":"1W"}"#,
            r#"{"type":"language"}"#,
            r#"{"type":"language","ttsLanguage":""}"#,
            r#"{"type":"end","handoffData":{"a":1}}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_session_says_who_is_connected() {
        let call = [("CallSid", "CA1"), ("From", "+81"), ("Direction", "outbound-api")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        let setup = setup("VX1", &call, "in-progress", &[("lead".into(), "7".into())]);
        assert_eq!((&setup["sessionId"], &setup["callSid"]), (&"VX1".into(), &"CA1".into()));
        assert_eq!((&setup["callStatus"], &setup["callType"]), (&"IN-PROGRESS".into(), &"PSTN".into()));
        assert_eq!(setup["customParameters"], json!({ "lead": "7" }));
        assert_eq!(setup["parentCallSid"], "");
    }
}

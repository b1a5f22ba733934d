//! Recordings: what the carrier tells of them, what it can be told, and their sound.

use std::pin::Pin;

use actix_web::web::Bytes;
use futures_util::Stream;

use crate::{CarrierDate, CarrierError, RecordingStatus};

/// How the two sides of a call are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channels {
    /// Both sides mixed.
    Mono,
    /// Each side on its own channel.
    Dual,
}

impl Channels {
    /// As it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Dual => "dual",
        }
    }
}

/// What a recording belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingSource {
    /// A call, by its sid.
    Call(String),
    /// A conference, by its sid.
    Conference(String),
}

/// What a recording that is being made can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordingCommand {
    /// Wait; silence is recorded meanwhile, so that the times stay true.
    PauseWithSilence,
    /// Wait; the time meanwhile is left out.
    PauseAndSkip,
    /// Go on.
    Resume,
    /// End.
    Stop,
}

/// A recording as the carrier tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordingInfo {
    /// The carrier's name of it, `RE…`.
    pub sid: String,
    /// The call that was recorded.
    pub call_sid: Option<String>,
    /// The conference that was recorded.
    pub conference_sid: Option<String>,
    /// Where it stands.
    pub status: RecordingStatus,
    /// Its length in seconds, once it is known.
    pub duration_secs: Option<u32>,
    /// Where the carrier keeps its sound, without extension, as its callbacks tell it.
    pub media_url: Option<String>,
    /// One channel or two.
    pub channels: Option<u32>,
    /// How it was started, in the carrier's words, such as `OutboundAPI`.
    pub source: Option<String>,
    /// The first recorded moment.
    pub start_time: Option<CarrierDate>,
    /// When it was asked for.
    pub date_created: Option<CarrierDate>,
    /// The carrier's error, if it failed.
    pub error_code: Option<u32>,
}

/// The sound of a recording to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRequest {
    /// The recording, `RE…`.
    pub sid: String,
    /// In which form.
    pub format: MediaFormat,
    /// A `Range` header to be passed on, such as `bytes=0-1023`.
    pub range: Option<String>,
}

/// The form of a recording's sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaFormat {
    /// Uncompressed.
    Wav,
    /// Compressed.
    Mp3,
}

impl MediaFormat {
    /// The ending of its file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
        }
    }
}

/// The sound of a recording, as it arrives.
pub struct RecordingMedia {
    /// 200, or 206 for a part.
    pub status: u16,
    /// `content-type`, `content-length`, `content-range`, `accept-ranges`, `etag` and `last-modified`, where the
    /// carrier sent them; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes. An error ends it.
    pub body: Pin<Box<dyn Stream<Item = Result<Bytes, CarrierError>> + Send>>,
}

impl RecordingMedia {
    /// One of the headers.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for RecordingMedia {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordingMedia")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

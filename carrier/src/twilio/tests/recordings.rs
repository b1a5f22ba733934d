//! Recordings and their sound.

use futures_util::{StreamExt, TryStreamExt};

use super::client;
use super::stage::{Act, Stage};
use crate::{
    Carrier, CarrierError, MediaFormat, MediaRequest, RecordingCommand, RecordingSource, RecordingStatus,
};

fn wanted(range: Option<&str>) -> MediaRequest {
    MediaRequest { sid: "RE1".into(), format: MediaFormat::Wav, range: range.map(str::to_owned) }
}

#[actix_web::test]
async fn lists_changes_and_deletes() {
    let stage = Stage::open().await;
    let client = client(&stage.url);
    let of = RecordingSource::Call("CA1".into());
    let found = client.recordings(&of).await.unwrap().remove(0);
    assert_eq!((found.sid.as_str(), found.duration_secs, found.channels), ("RE1", Some(12), Some(2)));
    assert_eq!(found.media_url.as_deref(), Some("https://carrier.example.jp/RE1"));
    let of = RecordingSource::Conference("CF1".into());
    let paused =
        client.update_recording(&of, "Twilio.CURRENT", RecordingCommand::PauseWithSilence).await.unwrap();
    assert_eq!(paused.status, RecordingStatus::Paused);
    client.delete_recording("RE1").await.unwrap();
    let seen = stage.seen();
    assert_eq!(seen[1].path, "Conferences/CF1/Recordings/Twilio.CURRENT.json");
    assert_eq!(seen[1].body, "Status=paused&PauseBehavior=silence");
    assert_eq!(seen[2].path, "Recordings/RE1.json");
}

#[actix_web::test]
async fn the_sound_comes_whole_or_in_part() {
    let stage = Stage::open().await;
    let client = client(&stage.url);
    let whole = client.recording_media(&wanted(None)).await.unwrap();
    assert_eq!((whole.status, whole.header("content-type")), (200, Some("audio/x-wav")));
    let bytes: Vec<_> = whole.body.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), b"0123456789");
    let part = client.recording_media(&wanted(Some("bytes=2-4"))).await.unwrap();
    assert_eq!((part.status, part.header("content-range")), (206, Some("bytes 2-4/10")));
    assert_eq!(part.header("set-cookie"), None);
    let bytes: Vec<_> = part.body.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), b"234");
    let error = client.recording_media(&wanted(Some("bytes=99-"))).await.unwrap_err();
    assert!(matches!(error, CarrierError::Rejected { status: 416, .. }), "{error}");
}

#[actix_web::test]
async fn sound_that_is_not_there_or_breaks_off_says_so() {
    let stage = Stage::open().await;
    let client = client(&stage.url);
    stage.reads([Act::Refuse(404, 20404), Act::DoneThenCut]);
    let error = client.recording_media(&wanted(None)).await.unwrap_err();
    assert!(matches!(&error, CarrierError::NotFound { what } if what == "recording"), "{error}");
    let broken = client.recording_media(&wanted(None)).await.unwrap();
    let pieces: Vec<_> = broken.body.collect().await;
    assert!(pieces.last().unwrap().is_err());
}

//! The sound of a recording, passed through as it arrives.

use futures_util::stream;
use reqwest::Response;

use super::TwilioClient;
use super::client::chain;
use super::exchange::Request;
use super::retry::Repeat;
use crate::{CarrierError, MediaRequest, RecordingMedia};

/// What is passed on of the carrier's headers.
const HEADERS: [&str; 6] =
    ["content-type", "content-length", "content-range", "accept-ranges", "etag", "last-modified"];

impl TwilioClient {
    pub(super) async fn recording_fetch(
        &self,
        wanted: &MediaRequest,
    ) -> Result<RecordingMedia, CarrierError> {
        let ending = format!(".{}", wanted.format.extension());
        let mut request =
            Request::get("recording.media", self.resource(&["Recordings", &wanted.sid], &ending));
        request.range.clone_from(&wanted.range);
        // The place among the requests is given back once the headers are there: somebody listening to an hour of
        // sound must not keep calls from being made.
        let response =
            self.attempts(request.operation, Repeat::Freely, || self.open(&request)).await.result?;
        let headers = HEADERS.iter().filter_map(|name| {
            let value = response.headers().get(*name)?.to_str().ok()?;
            Some((*name, value.to_owned()))
        });
        Ok(RecordingMedia {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: Box::pin(stream::try_unfold(response, next_chunk)),
        })
    }
}

async fn next_chunk(
    mut response: Response,
) -> Result<Option<(actix_web::web::Bytes, Response)>, CarrierError> {
    match response.chunk().await {
        Ok(chunk) => Ok(chunk.map(|chunk| (chunk, response))),
        Err(error) => Err(CarrierError::Unavailable { detail: chain(&error) }),
    }
}

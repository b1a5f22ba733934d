//! Recordings.

use super::MAX_PAGE;
use crate::twilio::TwilioClient;
use crate::twilio::answer::{self, RecordingAnswer};
use crate::twilio::exchange::Request;
use crate::twilio::form::Form;
use crate::twilio::retry::{Repeat, Tried};
use crate::{CarrierError, RecordingCommand, RecordingInfo, RecordingSource};

impl TwilioClient {
    pub(in crate::twilio) async fn recording_list(
        &self,
        of: &RecordingSource,
    ) -> Result<Vec<RecordingInfo>, CarrierError> {
        let (folder, sid) = place(of);
        let url = self.resource(&[folder, sid, "Recordings"], ".json");
        let mut recordings =
            self.list::<RecordingAnswer, RecordingInfo>("recording.list", url, MAX_PAGE, |_| true).await?;
        // Twilio lists those of a call without the address that its callbacks tell.
        for recording in &mut recordings {
            let sid = &recording.sid;
            let address = || self.resource(&["Recordings", sid], "").to_string();
            recording.media_url.get_or_insert_with(address);
        }
        Ok(recordings)
    }

    pub(in crate::twilio) async fn recording_update(
        &self,
        of: &RecordingSource,
        recording_sid: &str,
        command: RecordingCommand,
    ) -> Result<RecordingInfo, CarrierError> {
        let (folder, sid) = place(of);
        let url = self.resource(&[folder, sid, "Recordings", recording_sid], ".json");
        let request = Request::post("recording.update", url, Form::from(command));
        let body = self.request(&request, Repeat::Freely).await.result?;
        answer::read::<RecordingAnswer>(request.operation, &body).map(RecordingInfo::from)
    }

    pub(in crate::twilio) async fn recording_delete(&self, recording_sid: &str) -> Result<(), CarrierError> {
        let url = self.resource(&["Recordings", recording_sid], ".json");
        let request = Request::delete("recording.delete", url);
        match self.request(&request, Repeat::Freely).await {
            Tried { result: Err(CarrierError::NotFound { .. }), maybe_done: true } => Ok(()),
            tried => tried.result.map(drop),
        }
    }
}

fn place(of: &RecordingSource) -> (&'static str, &str) {
    match of {
        RecordingSource::Call(sid) => ("Calls", sid),
        RecordingSource::Conference(sid) => ("Conferences", sid),
    }
}

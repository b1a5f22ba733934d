//! What a call wants of its recording, done at the carrier.

use super::effects::{Errand, done};
use tsunagu_call::Settlement;
use tsunagu_carrier::{CarrierError, RecordingCommand, RecordingSource};

/// The carrier's name of whatever recording is being made.
const CURRENT: &str = "Twilio.CURRENT";

impl Errand {
    /// Lets the recording of the customer's leg wait, or go on. Silence is recorded meanwhile, so that the times in the
    /// sound stay those of the transcript.
    pub(super) async fn steer_recording(&self, call_sid: String, paused: bool) -> Settlement {
        let command = if paused { RecordingCommand::PauseWithSilence } else { RecordingCommand::Resume };
        done(self.ports.carrier.update_recording(&RecordingSource::Call(call_sid), CURRENT, command).await)
    }

    /// Deletes a recording; one that the carrier does not know is deleted.
    pub(super) async fn delete_recording(&self, sid: &str) -> Settlement {
        match self.ports.carrier.delete_recording(sid).await {
            Ok(()) | Err(CarrierError::NotFound { .. }) => {
                metrics::counter!("recordings_deleted_total").increment(1);
                Settlement::Done
            }
            Err(error) => {
                metrics::counter!("recording_deletions_failed_total").increment(1);
                tracing::warn!(callId = %self.call, %error, "a recording could not be deleted; it is tried again later");
                done::<()>(Err(error))
            }
        }
    }
}

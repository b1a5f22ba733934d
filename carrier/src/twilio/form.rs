//! Commands as Twilio's form parameters.

use crate::{
    CallEvent, CallRecording, DetectionMode, NewCall, NewParticipant, ParticipantUpdate, RecordingCommand,
};

/// What is reported of a recording: that it has begun, that it can be fetched, that there is none.
const RECORDING_EVENTS: [&str; 3] = ["in-progress", "completed", "absent"];

/// Parameters in their order; a list repeats its key.
#[derive(Debug, Clone, Default)]
pub(super) struct Form(Vec<(&'static str, String)>);

impl Form {
    pub(super) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.push((key, value.into()));
        self
    }

    pub(super) fn maybe(self, key: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(key, value.to_string()),
            None => self,
        }
    }

    /// A URL, and that it is to be asked for with POST.
    fn url(self, key: &'static str, method: &'static str, url: Option<&String>) -> Self {
        match url {
            Some(url) => self.with(key, url).with(method, "POST"),
            None => self,
        }
    }

    fn each(self, key: &'static str, values: impl Iterator<Item = &'static str>) -> Self {
        values.fold(self, |form, value| form.with(key, value))
    }

    fn recording(self, record: Option<&CallRecording>) -> Self {
        let Some(record) = record else { return self };
        let form = self.with("Record", "true").with("RecordingChannels", record.channels.as_str()).url(
            "RecordingStatusCallback",
            "RecordingStatusCallbackMethod",
            record.status_callback.as_ref(),
        );
        // By default only that it is complete is reported.
        let events = record.status_callback.iter().flat_map(|_| RECORDING_EVENTS);
        form.each("RecordingStatusCallbackEvent", events)
    }

    fn progress(self, callback: Option<&String>, events: &[CallEvent]) -> Self {
        self.url("StatusCallback", "StatusCallbackMethod", callback)
            .each("StatusCallbackEvent", events.iter().map(|event| event.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As `application/x-www-form-urlencoded`.
    pub(super) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

impl From<&NewCall> for Form {
    fn from(call: &NewCall) -> Self {
        let form = Self::default()
            .with("To", &call.to)
            .with("From", &call.from)
            .url("Url", "Method", Some(&call.url))
            .url("FallbackUrl", "FallbackMethod", call.fallback_url.as_ref())
            .progress(call.status_callback.as_ref(), &call.status_events)
            .maybe("Timeout", call.timeout_secs)
            .maybe("TimeLimit", call.time_limit_secs)
            .recording(call.record.as_ref());
        let Some(detection) = &call.machine_detection else { return form };
        let form = form.with("MachineDetection", detection.mode.as_str());
        match &detection.async_callback {
            Some(url) => form.with("AsyncAmd", "true").url(
                "AsyncAmdStatusCallback",
                "AsyncAmdStatusCallbackMethod",
                Some(url),
            ),
            None => form,
        }
    }
}

impl From<&NewParticipant> for Form {
    fn from(new: &NewParticipant) -> Self {
        let form = Self::default()
            .with("To", &new.to)
            .with("From", &new.from)
            .maybe("Label", new.label.as_ref())
            .progress(new.status_callback.as_ref(), &new.status_events)
            .maybe("Timeout", new.timeout_secs)
            .maybe("TimeLimit", new.time_limit_secs)
            .with("Muted", new.muted.to_string())
            .with("Beep", new.beep.to_string())
            .with("StartConferenceOnEnter", new.start_conference_on_enter.to_string())
            .with("EndConferenceOnExit", new.end_conference_on_exit.to_string())
            .with("EarlyMedia", new.early_media.to_string())
            .url("WaitUrl", "WaitMethod", new.wait_url.as_ref())
            .recording(new.record.as_ref())
            .url(
                "ConferenceStatusCallback",
                "ConferenceStatusCallbackMethod",
                new.conference_status_callback.as_ref(),
            )
            .each("ConferenceStatusCallbackEvent", new.conference_events.iter().map(|event| event.as_str()));
        let form = match &new.coach {
            Some(coach) => form.with("Coaching", "true").with("CallSidToCoach", coach),
            None => form,
        };
        let Some(detection) = &new.machine_detection else { return form };
        form.with("MachineDetection", DetectionMode::as_str(detection.mode)).url(
            "AmdStatusCallback",
            "AmdStatusCallbackMethod",
            detection.async_callback.as_ref(),
        )
    }
}

impl From<&ParticipantUpdate> for Form {
    fn from(update: &ParticipantUpdate) -> Self {
        Self::default()
            .maybe("Muted", update.muted)
            .maybe("Hold", update.hold)
            .url("HoldUrl", "HoldMethod", update.hold_url.as_ref())
            .url("AnnounceUrl", "AnnounceMethod", update.announce_url.as_ref())
            .url("WaitUrl", "WaitMethod", update.wait_url.as_ref())
            .maybe("BeepOnExit", update.beep_on_exit)
            .maybe("EndConferenceOnExit", update.end_conference_on_exit)
            .maybe("Coaching", update.coaching)
            .maybe("CallSidToCoach", update.coach.as_ref())
    }
}

impl From<RecordingCommand> for Form {
    fn from(command: RecordingCommand) -> Self {
        let form = Self::default();
        match command {
            RecordingCommand::PauseWithSilence => {
                form.with("Status", "paused").with("PauseBehavior", "silence")
            }
            RecordingCommand::PauseAndSkip => form.with("Status", "paused").with("PauseBehavior", "skip"),
            RecordingCommand::Resume => form.with("Status", "in-progress"),
            RecordingCommand::Stop => form.with("Status", "stopped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channels, MachineDetection};

    #[test]
    fn a_call_says_everything_that_was_asked_for() {
        let mut call =
            NewCall::new("+815010010000", "+815030000000", "https://a.example/v?x=1&y=2", Default::default());
        call.status_callback = Some("https://a.example/s".into());
        call.status_events = CallEvent::ALL.to_vec();
        call.timeout_secs = Some(25);
        call.machine_detection = Some(MachineDetection {
            mode: DetectionMode::DetectMessageEnd,
            async_callback: Some("https://a.example/m".into()),
        });
        call.record = Some(CallRecording { channels: Channels::Dual, status_callback: None });
        assert_eq!(
            Form::from(&call).encoded(),
            "To=%2B815010010000&From=%2B815030000000\
             &Url=https%3A%2F%2Fa.example%2Fv%3Fx%3D1%26y%3D2&Method=POST\
             &StatusCallback=https%3A%2F%2Fa.example%2Fs&StatusCallbackMethod=POST\
             &StatusCallbackEvent=initiated&StatusCallbackEvent=ringing\
             &StatusCallbackEvent=answered&StatusCallbackEvent=completed\
             &Timeout=25&Record=true&RecordingChannels=dual\
             &MachineDetection=DetectMessageEnd&AsyncAmd=true\
             &AsyncAmdStatusCallback=https%3A%2F%2Fa.example%2Fm&AsyncAmdStatusCallbackMethod=POST"
        );
    }

    #[test]
    fn a_recording_is_reported_from_its_beginning() {
        let mut call =
            NewCall::new("+815010010000", "+815030000000", "https://a.example/v", Default::default());
        let status_callback = Some("https://a.example/r".into());
        call.record = Some(CallRecording { channels: Channels::Mono, status_callback });
        let encoded = Form::from(&call).encoded();
        assert!(
            encoded.ends_with(
                "&RecordingStatusCallback=https%3A%2F%2Fa.example%2Fr&RecordingStatusCallbackMethod=POST\
                 &RecordingStatusCallbackEvent=in-progress&RecordingStatusCallbackEvent=completed\
                 &RecordingStatusCallbackEvent=absent"
            ),
            "{encoded}"
        );
    }

    #[test]
    fn a_participant_has_its_own_name_for_machine_detection() {
        let mut new = NewParticipant::new("+81701001000", "+815030000000", Default::default());
        new.machine_detection = Some(MachineDetection {
            mode: DetectionMode::Enable,
            async_callback: Some("https://a.example/m".into()),
        });
        let encoded = Form::from(&new).encoded();
        assert!(encoded.contains("&AmdStatusCallback=https") && !encoded.contains("AsyncAmd"), "{encoded}");
    }

    #[test]
    fn an_update_says_only_what_changes() {
        let update = ParticipantUpdate { hold: Some(true), ..Default::default() };
        assert_eq!(Form::from(&update).encoded(), "Hold=true");
        assert!(Form::from(&ParticipantUpdate::default()).is_empty());
    }
}

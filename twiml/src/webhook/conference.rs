//! What happens in a conference.

use super::{CallStatus, Form};

/// A conference's status callback. `sequence_number` orders them within one conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConferenceEvent {
    /// The conference.
    pub conference_sid: String,
    /// Its name.
    pub friendly_name: String,
    /// The account.
    pub account_sid: String,
    /// Counts up within one conference.
    pub sequence_number: u32,
    /// What happened.
    pub kind: ConferenceEventKind,
    /// When, RFC 2822.
    pub timestamp: Option<String>,
    /// The participant's call leg; it and the next six come with events about a participant.
    pub call_sid: Option<String>,
    /// Whether the participant is muted.
    pub muted: Option<bool>,
    /// Whether the participant is on hold.
    pub hold: Option<bool>,
    /// Whether the participant coaches another.
    pub coaching: Option<bool>,
    /// Whether the conference ends when the participant leaves.
    pub end_conference_on_exit: Option<bool>,
    /// Whether the conference starts when the participant enters.
    pub start_conference_on_enter: Option<bool>,
    /// The participant's label.
    pub participant_label: Option<String>,
    /// The status of the leg that left.
    pub participant_call_status: Option<CallStatus>,
    /// Why the participant left.
    pub reason_participant_left: Option<ReasonParticipantLeft>,
    /// The leg whose leaving ended the conference.
    pub call_sid_ending_conference: Option<String>,
    /// Its label.
    pub participant_label_ending_conference: Option<String>,
    /// Why the conference ended.
    pub reason_conference_ended: Option<ReasonConferenceEnded>,
    /// The same as a sentence.
    pub reason: Option<String>,
    /// What was announced.
    pub announce_url: Option<String>,
    /// Why the announcement failed.
    pub reason_announcement_failed: Option<String>,
    /// The rest.
    pub extra: Form,
}

open_keywords! {
    /// What happened in a conference (`StatusCallbackEvent`).
    pub enum ConferenceEventKind {
        /// It has started.
        ConferenceStart = "conference-start",
        /// It has ended.
        ConferenceEnd = "conference-end",
        /// Someone has entered.
        ParticipantJoin = "participant-join",
        /// Someone has left, or was called in vain.
        ParticipantLeave = "participant-leave",
        /// Someone was muted.
        ParticipantMute = "participant-mute",
        /// Someone was unmuted.
        ParticipantUnmute = "participant-unmute",
        /// Someone was put on hold.
        ParticipantHold = "participant-hold",
        /// Someone was taken back.
        ParticipantUnhold = "participant-unhold",
        /// Someone's settings were changed.
        ParticipantModify = "participant-modify",
        /// Someone begins to speak.
        ParticipantSpeechStart = "participant-speech-start",
        /// Someone ceases to speak.
        ParticipantSpeechStop = "participant-speech-stop",
        /// An announcement is over.
        AnnouncementEnd = "announcement-end",
        /// An announcement failed.
        AnnouncementFail = "announcement-fail",
    }
}

open_keywords! {
    /// Why a conference ended.
    pub enum ReasonConferenceEnded {
        /// By the API.
        ConferenceEndedViaApi = "conference-ended-via-api",
        /// The last participant was removed.
        LastParticipantKicked = "last-participant-kicked",
        /// The last participant left.
        LastParticipantLeft = "last-participant-left",
        /// A participant with whom it ends was removed.
        ParticipantWithEndConferenceOnExitKicked = "participant-with-end-conference-on-exit-kicked",
        /// A participant with whom it ends left.
        ParticipantWithEndConferenceOnExitLeft = "participant-with-end-conference-on-exit-left",
    }
}

open_keywords! {
    /// Why a participant left.
    pub enum ReasonParticipantLeft {
        /// The conference was ended by the API.
        ConferenceEndedViaApi = "conference_ended_via_api",
        /// The participant with whom it ends left.
        ModeratorEndedConference = "moderator_ended_conference",
        /// The API removed or redirected the participant.
        ParticipantUpdatedViaApi = "participant_updated_via_api",
        /// The participant hung up.
        ParticipantHungUp = "participant_hung_up",
        /// The participant never entered: no answer, busy, refused.
        ParticipantAddFailed = "participant_add_failed",
    }
}

parameters! {
    ConferenceEvent: extra
    required {
        "ConferenceSid" => conference_sid: String;
        "FriendlyName" => friendly_name: String;
        "AccountSid" => account_sid: String;
        "SequenceNumber" => sequence_number: u32;
        "StatusCallbackEvent" => kind: ConferenceEventKind;
    }
    optional {
        "Timestamp" => timestamp;
        "CallSid" => call_sid;
        "Muted" => muted;
        "Hold" => hold;
        "Coaching" => coaching;
        "EndConferenceOnExit" => end_conference_on_exit;
        "StartConferenceOnEnter" => start_conference_on_enter;
        "ParticipantLabel" => participant_label;
        "ParticipantCallStatus" => participant_call_status;
        "ReasonParticipantLeft" => reason_participant_left;
        "CallSidEndingConference" => call_sid_ending_conference;
        "ParticipantLabelEndingConference" => participant_label_ending_conference;
        "ReasonConferenceEnded" => reason_conference_ended;
        "Reason" => reason;
        "AnnounceUrl" => announce_url;
        "ReasonAnnouncementFailed" => reason_announcement_failed;
    }
}

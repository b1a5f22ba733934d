//! The trait: what a carrier can be told to do.

use async_trait::async_trait;

use crate::{
    CallInfo, CallQuery, CarrierError, ConferenceInfo, ConferenceQuery, MediaRequest, NewCall,
    NewParticipant, ParticipantInfo, ParticipantUpdate, RecordingCommand, RecordingInfo, RecordingMedia,
    RecordingSource,
};

/// A carrier: makes calls, bridges them, records them.
///
/// Every command may take seconds. An error says whether the command may have been carried out
/// ([`CarrierError::is_ambiguous`]); an implementation makes such errors rare by looking it up itself.
#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// Rings somebody.
    async fn create_call(&self, call: &NewCall) -> Result<CallInfo, CarrierError>;

    /// Makes a live call go on with the TwiML at `url`; takes it out of its conference.
    /// [`CarrierError::NotInProgress`] if it is over.
    async fn redirect_call(&self, call_sid: &str, url: &str) -> Result<CallInfo, CarrierError>;

    /// Ends a call, whether it rings or was answered. [`CarrierError::NotInProgress`] if it is over already.
    async fn hang_up(&self, call_sid: &str) -> Result<CallInfo, CarrierError>;

    /// Gives up a call that was not answered yet; one that was goes on.
    async fn cancel(&self, call_sid: &str) -> Result<CallInfo, CarrierError>;

    /// How a call stands; may be a moment old.
    async fn fetch_call(&self, call_sid: &str) -> Result<CallInfo, CarrierError>;

    /// Calls, newest first.
    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallInfo>, CarrierError>;

    /// Rings somebody and puts them into a conference, named by its sid or by its room. A room without a live
    /// conference gets one.
    async fn create_participant(
        &self,
        conference: &str,
        participant: &NewParticipant,
    ) -> Result<ParticipantInfo, CarrierError>;

    /// Changes somebody in a conference; `participant` is the leg's call sid or its label.
    async fn update_participant(
        &self,
        conference_sid: &str,
        participant: &str,
        update: &ParticipantUpdate,
    ) -> Result<ParticipantInfo, CarrierError>;

    /// Takes somebody out of a conference; the leg goes on with what its own TwiML says next.
    /// [`CarrierError::NotFound`] if it had left.
    async fn remove_participant(&self, conference_sid: &str, participant: &str) -> Result<(), CarrierError>;

    /// Those in a conference now; empty if it is over.
    async fn participants(&self, conference_sid: &str) -> Result<Vec<ParticipantInfo>, CarrierError>;

    /// How a conference stands.
    async fn fetch_conference(&self, conference_sid: &str) -> Result<ConferenceInfo, CarrierError>;

    /// Conferences, newest first.
    async fn find_conferences(&self, query: &ConferenceQuery) -> Result<Vec<ConferenceInfo>, CarrierError>;

    /// Ends a conference; each leg goes on with what its own TwiML says next.
    async fn end_conference(&self, conference_sid: &str) -> Result<ConferenceInfo, CarrierError>;

    /// Says the TwiML at `url` to everybody in a conference. Not repeated when the answer is lost: that would say
    /// it twice.
    async fn announce(&self, conference_sid: &str, url: &str) -> Result<ConferenceInfo, CarrierError>;

    /// The recordings of a call or a conference.
    async fn recordings(&self, of: &RecordingSource) -> Result<Vec<RecordingInfo>, CarrierError>;

    /// Tells a recording that is being made to wait, go on or end. `recording_sid` may be `Twilio.CURRENT`.
    async fn update_recording(
        &self,
        of: &RecordingSource,
        recording_sid: &str,
        command: RecordingCommand,
    ) -> Result<RecordingInfo, CarrierError>;

    /// Deletes a recording and its media.
    async fn delete_recording(&self, recording_sid: &str) -> Result<(), CarrierError>;

    /// The sound of a recording, as a stream. [`CarrierError::NotFound`] while it is still being written.
    async fn recording_media(&self, request: &MediaRequest) -> Result<RecordingMedia, CarrierError>;

    /// Whether the carrier can be reached and knows the account: one cheap request, no retry.
    async fn check(&self) -> Result<(), CarrierError>;
}

//! Conferences and those in them.

use super::{MAX_PAGE, unknown_is_down};
use crate::twilio::TwilioClient;
use crate::twilio::answer::{self, ConferenceAnswer, ParticipantAnswer};
use crate::twilio::exchange::Request;
use crate::twilio::form::Form;
use crate::twilio::retry::{Repeat, Tried};
use crate::{
    CarrierError, ConferenceInfo, ConferenceQuery, NewParticipant, ParticipantInfo, ParticipantUpdate,
};

impl TwilioClient {
    pub(in crate::twilio) async fn participant_create(
        &self,
        conference: &str,
        new: &NewParticipant,
    ) -> Result<ParticipantInfo, CarrierError> {
        let url = self.resource(&["Conferences", conference, "Participants"], ".json");
        let request = Request::post("participant.create", url, Form::from(new));
        let read = |body: &actix_web::web::Bytes| {
            let created = read_participant(request.operation, body)?;
            self.remember(&created.call_sid);
            Ok(created)
        };
        self.create_once(&request, read, || self.unheard_participant(conference, new)).await
    }

    pub(in crate::twilio) async fn participant_update(
        &self,
        conference_sid: &str,
        participant: &str,
        update: &ParticipantUpdate,
    ) -> Result<ParticipantInfo, CarrierError> {
        let url = self.resource(&["Conferences", conference_sid, "Participants", participant], ".json");
        let request = Request::post("participant.update", url, Form::from(update));
        let repeat = if update.announce_url.is_some() { Repeat::OnlyIfNotDone } else { Repeat::Freely };
        let body = self.request_of_new(&request, repeat).await.result?;
        read_participant(request.operation, &body)
    }

    pub(in crate::twilio) async fn participant_remove(
        &self,
        conference_sid: &str,
        participant: &str,
    ) -> Result<(), CarrierError> {
        let url = self.resource(&["Conferences", conference_sid, "Participants", participant], ".json");
        let request = Request::delete("participant.remove", url);
        match self.request(&request, Repeat::Freely).await {
            Tried { result: Err(CarrierError::NotFound { .. }), maybe_done: true } => Ok(()),
            tried => tried.result.map(drop),
        }
    }

    pub(in crate::twilio) async fn participant_list(
        &self,
        conference_sid: &str,
    ) -> Result<Vec<ParticipantInfo>, CarrierError> {
        let url = self.resource(&["Conferences", conference_sid, "Participants"], ".json");
        self.list::<ParticipantAnswer, ParticipantInfo>("participant.list", url, MAX_PAGE, |_| true).await
    }

    pub(in crate::twilio) async fn conference_fetch(
        &self,
        conference_sid: &str,
    ) -> Result<ConferenceInfo, CarrierError> {
        let url = self.resource(&["Conferences", conference_sid], ".json");
        let request = Request::get("conference.fetch", url);
        let body = unknown_is_down(self.request_of_new(&request, Repeat::Freely).await.result)?;
        read_conference(request.operation, &body)
    }

    pub(in crate::twilio) async fn conference_list(
        &self,
        query: &ConferenceQuery,
    ) -> Result<Vec<ConferenceInfo>, CarrierError> {
        let mut url = self.resource(&["Conferences"], ".json");
        {
            let mut pairs = url.query_pairs_mut();
            if let Some(name) = &query.friendly_name {
                pairs.append_pair("FriendlyName", name);
            }
            if let Some(status) = query.status {
                pairs.append_pair("Status", status.as_str());
            }
        }
        self.list::<ConferenceAnswer, ConferenceInfo>("conference.list", url, query.limit, |_| true).await
    }

    pub(in crate::twilio) async fn conference_end(
        &self,
        conference_sid: &str,
    ) -> Result<ConferenceInfo, CarrierError> {
        let url = self.resource(&["Conferences", conference_sid], ".json");
        let request = Request::post("conference.end", url, Form::default().with("Status", "completed"));
        match self.request(&request, Repeat::Freely).await {
            Tried {
                result: Err(CarrierError::NotFound { .. } | CarrierError::Rejected { .. }),
                maybe_done: true,
            } => self.conference_fetch(conference_sid).await,
            tried => read_conference(request.operation, &tried.result?),
        }
    }

    pub(in crate::twilio) async fn conference_announce(
        &self,
        conference_sid: &str,
        url: &str,
    ) -> Result<ConferenceInfo, CarrierError> {
        let form = Form::default().with("AnnounceUrl", url).with("AnnounceMethod", "POST");
        let resource = self.resource(&["Conferences", conference_sid], ".json");
        let request = Request::post("conference.announce", resource, form);
        let body = self.request(&request, Repeat::OnlyIfNotDone).await.result?;
        read_conference(request.operation, &body)
    }
}

fn read_participant(operation: &'static str, body: &[u8]) -> Result<ParticipantInfo, CarrierError> {
    answer::read::<ParticipantAnswer>(operation, body).map(ParticipantInfo::from)
}

fn read_conference(operation: &'static str, body: &[u8]) -> Result<ConferenceInfo, CarrierError> {
    answer::read::<ConferenceAnswer>(operation, body).map(ConferenceInfo::from)
}

//! Calls.

use jiff::Timestamp;

use super::unknown_is_down;
use crate::twilio::TwilioClient;
use crate::twilio::answer::{self, CallAnswer};
use crate::twilio::exchange::Request;
use crate::twilio::form::Form;
use crate::twilio::retry::{Repeat, Tried};
use crate::{CallInfo, CallQuery, CarrierError, NewCall};

impl TwilioClient {
    pub(in crate::twilio) async fn call_create(&self, call: &NewCall) -> Result<CallInfo, CarrierError> {
        let request = Request::post("call.create", self.resource(&["Calls"], ".json"), Form::from(call));
        let read = |body: &actix_web::web::Bytes| {
            let created = read_call(request.operation, body)?;
            self.remember(&created.sid);
            Ok(created)
        };
        self.create_once(&request, read, || self.unheard_call(&call.to, &call.from, call.created_after)).await
    }

    /// Repeated freely: the call then asks for the same document again.
    pub(in crate::twilio) async fn call_redirect(
        &self,
        call_sid: &str,
        url: &str,
    ) -> Result<CallInfo, CarrierError> {
        let form = Form::default().with("Url", url).with("Method", "POST");
        let request = Request::post("call.redirect", self.resource(&["Calls", call_sid], ".json"), form);
        let body = self.request_of_new(&request, Repeat::Freely).await.result?;
        read_call(request.operation, &body)
    }

    pub(in crate::twilio) async fn call_end(
        &self,
        call_sid: &str,
        operation: &'static str,
        status: &'static str,
    ) -> Result<CallInfo, CarrierError> {
        let form = Form::default().with("Status", status);
        let request = Request::post(operation, self.resource(&["Calls", call_sid], ".json"), form);
        match self.request_of_new(&request, Repeat::Freely).await {
            // The first attempt did it, and its answer was lost.
            Tried { result: Err(CarrierError::NotInProgress), maybe_done: true } => {
                self.call_fetch(call_sid).await
            }
            tried => read_call(operation, &tried.result?),
        }
    }

    pub(in crate::twilio) async fn call_fetch(&self, call_sid: &str) -> Result<CallInfo, CarrierError> {
        let request = Request::get("call.fetch", self.resource(&["Calls", call_sid], ".json"));
        let body = unknown_is_down(self.request_of_new(&request, Repeat::Freely).await.result)?;
        read_call(request.operation, &body)
    }

    pub(in crate::twilio) async fn call_list(
        &self,
        query: &CallQuery,
    ) -> Result<Vec<CallInfo>, CarrierError> {
        let mut url = self.resource(&["Calls"], ".json");
        {
            let mut pairs = url.query_pairs_mut();
            let words = [
                ("To", query.to.as_deref()),
                ("From", query.from.as_deref()),
                ("ParentCallSid", query.parent_call_sid.as_deref()),
                ("Status", query.status.map(|status| status.as_str())),
            ];
            for (key, value) in words {
                if let Some(value) = value {
                    pairs.append_pair(key, value);
                }
            }
            if let Some(after) = query.started_after {
                pairs.append_pair("StartTime>", &after.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            }
        }
        let created_after = query.created_after;
        // A call without a date is so new that it has none yet.
        let keep = |call: &CallInfo| match (created_after, created(call)) {
            (Some(bound), Some(at)) => at >= whole_second(bound),
            _ => true,
        };
        self.list::<CallAnswer, CallInfo>("call.list", url, query.limit, keep).await
    }
}

fn created(call: &CallInfo) -> Option<Timestamp> {
    call.date_created.as_ref().and_then(|date| date.at)
}

/// Twilio writes whole seconds: a call of this very second must not look older than a bound within it.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn read_call(operation: &'static str, body: &[u8]) -> Result<CallInfo, CarrierError> {
    answer::read::<CallAnswer>(operation, body).map(CallInfo::from)
}

//! Calls as clients are shown them: with their people, as REST shows them.

use crate::{App, calls::filled::FilledCall, error::ApiError, people::People};
use async_trait::async_trait;
use tsunagu_actors::{Presenter, Unpresentable};
use tsunagu_call::{CallId, CallRecord, CompanyId};

pub(super) struct CallPresenter(pub App);

#[async_trait]
impl Presenter for CallPresenter {
    async fn calls(&self, company: CompanyId, calls: Vec<CallRecord>) -> Result<String, Unpresentable> {
        let people = People::of(&self.0, company, &calls).await?;
        let filled: Vec<_> = calls.iter().map(|call| FilledCall::new(call, &people)).collect();
        serde_json::to_string(&filled).map_err(|error| Unpresentable(error.to_string()))
    }

    async fn call(&self, company: CompanyId, call: CallRecord) -> Result<String, Unpresentable> {
        let calls = [call];
        let people = People::of(&self.0, company, &calls).await?;
        let [call] = &calls;
        serde_json::to_string(&FilledCall::new(call, &people))
            .map_err(|error| Unpresentable(error.to_string()))
    }

    async fn past_call(&self, company: CompanyId, call: CallId) -> Result<Option<String>, Unpresentable> {
        let call = self.0.board.ports().store.call(company, call).await.map_err(ApiError::from)?;
        match call.filter(|call| call.status.is_over()) {
            Some(call) => self.call(company, call).await.map(Some),
            None => Ok(None),
        }
    }
}

impl From<ApiError> for Unpresentable {
    fn from(error: ApiError) -> Self {
        Self(error.to_string())
    }
}

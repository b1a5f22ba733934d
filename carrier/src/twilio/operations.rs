//! Each command as a request, and its answer as a value.

mod calls;
mod conferences;
mod recordings;

use serde::de::DeserializeOwned;
use url::Url;

use super::TwilioClient;
use super::answer::{self, Page};
use super::exchange::Request;
use super::retry::Repeat;
use crate::CarrierError;

/// Pages of a list that are followed, at most.
const MAX_PAGES: usize = 20;
/// The size of a list when none is asked for.
const USUAL_LIMIT: usize = 50;
/// The longest page that Twilio gives.
const MAX_PAGE: usize = 1000;
/// Where every page of the API is.
const API: &str = "/2010-04-01/";

impl TwilioClient {
    /// One cheap request that any kind of credentials may make, tried once.
    pub(super) async fn account_check(&self) -> Result<(), CarrierError> {
        let mut url = self.resource(&["Calls"], ".json");
        url.query_pairs_mut().append_pair("PageSize", "1");
        let request = Request::get("account.check", url);
        match self.exchange(&request).await {
            Ok(_) => Ok(()),
            Err(failure) => Err(match failure.into_error() {
                CarrierError::Ambiguous { detail } => CarrierError::Unavailable { detail },
                error => error,
            }),
        }
    }

    /// A list, page after page, until `limit` or the carrier's end of it.
    async fn list<A, T>(
        &self,
        operation: &'static str,
        mut url: Url,
        limit: usize,
        keep: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, CarrierError>
    where
        A: DeserializeOwned + Into<T>,
    {
        let limit = if limit == 0 { USUAL_LIMIT } else { limit };
        url.query_pairs_mut().append_pair("PageSize", &limit.min(MAX_PAGE).to_string());
        let mut found = Vec::new();
        for _ in 0..MAX_PAGES {
            let body = self.request(&Request::get(operation, url), Repeat::Freely).await.result;
            let page: Page<A> = answer::read(operation, &unknown_is_down(body)?)?;
            for item in page.items {
                let item = item.into();
                if keep(&item) {
                    found.push(item);
                }
                if found.len() >= limit {
                    return Ok(found);
                }
            }
            match page.next_page_uri {
                Some(next) => url = self.page(operation, &next)?,
                None => break,
            }
        }
        Ok(found)
    }

    /// The URL of a next page: always at our carrier, whatever the answer says.
    fn page(&self, operation: &'static str, uri: &str) -> Result<Url, CarrierError> {
        let base = self.inner.base.as_str().trim_end_matches('/');
        let url = uri.starts_with(API).then(|| Url::parse(&format!("{base}{uri}")).ok()).flatten();
        url.ok_or_else(|| CarrierError::BadAnswer {
            operation,
            detail: "the next page is not one of the API".to_owned(),
        })
    }
}

/// A read that was lost has done nothing: the carrier is merely out of reach.
fn unknown_is_down<T>(result: Result<T, CarrierError>) -> Result<T, CarrierError> {
    result.map_err(|error| match error {
        CarrierError::Ambiguous { detail } => CarrierError::Unavailable { detail },
        error => error,
    })
}

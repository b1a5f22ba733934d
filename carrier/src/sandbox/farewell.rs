//! The `action` of the verb that runs, which is requested even when the call does not come to it by itself.

use super::clock::Clock;
use super::webhook::{Method, Params};
use jiff::Timestamp;

/// A request that is due when a call ends, or is redirected, inside a verb. Its answer is not run.
#[derive(Debug, Clone)]
pub struct Farewell {
    /// The action.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// What is sent when the call ends.
    pub params: Params,
    /// A parameter that tells the seconds since then.
    pub counted: Option<(&'static str, Timestamp)>,
    /// What is sent when the call is redirected; `None`: nothing is requested then.
    pub redirected: Option<Params>,
}

impl Farewell {
    /// A request for when the call ends, and for that alone.
    pub fn new(url: String, method: Option<Method>, params: Params) -> Self {
        let method = method.unwrap_or(Method::Post);
        Self { url, method, params, counted: None, redirected: None }
    }

    /// What is sent, with what is counted: for a call that has ended, or one that was redirected.
    pub fn form(&self, redirected: bool, now: Timestamp) -> Option<Params> {
        let mut params = match redirected {
            true => self.redirected.clone()?,
            false => self.params.clone(),
        };
        if let Some((name, since)) = self.counted {
            params.push((name.to_owned(), seconds(since, now)));
        }
        Some(params)
    }
}

/// Whole seconds between two moments, as forms tell them.
pub fn seconds(since: Timestamp, now: Timestamp) -> String {
    (Clock::between(since, now).round() as u64).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_asks_for_it_is_told_of_a_redirect() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let params = vec![("QueueResult".to_owned(), "hangup".to_owned())];
        let mut farewell = Farewell::new("https://example.com/".into(), None, params);
        assert_eq!(farewell.form(true, at(9)), None);
        farewell.counted = Some(("QueueTime", at(5)));
        farewell.redirected = Some(vec![("QueueResult".into(), "redirected".into())]);
        let told = farewell.form(true, at(9)).unwrap();
        assert_eq!(told[0].1, "redirected");
        assert_eq!(told[1], ("QueueTime".into(), "4".into()));
        assert_eq!(farewell.form(false, at(9)).unwrap()[0].1, "hangup");
    }
}

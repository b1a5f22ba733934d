//! The filters of a list. One that the list does not know is an error: a client that mistypes one must not take the
//! whole list for the answer.

use crate::error::{ApiError, Detail};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::{
    future::{Ready, ready},
    ops::RangeInclusive,
};

/// The pairs of a query. Each is taken out by its name; what is left at [`Filters::done`] is unknown.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    given: Vec<(String, String)>,
    wrong: Vec<Detail>,
}

impl Filters {
    /// A whole number within a range, or what stands for it when it is not given.
    pub(crate) fn number(&mut self, name: &str, range: RangeInclusive<u64>, otherwise: u64) -> u64 {
        let Some(text) = self.take(name) else { return otherwise };
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.refuse(
                    name,
                    format!("must be a whole number from {} to {}", range.start(), range.end()),
                );
                otherwise
            }
        }
    }

    /// Refuses the request when a filter was unknown or wrong.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every filter that was.
    pub(crate) fn done(mut self) -> Result<(), ApiError> {
        for (name, _) in std::mem::take(&mut self.given) {
            if !self.wrong.iter().any(|detail| detail.field == name) {
                self.refuse(&name, "is no filter of this list");
            }
        }
        if self.wrong.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.wrong)) }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.given.iter().position(|(given, _)| given == name)?;
        let (_, value) = self.given.remove(place);
        if self.given.iter().any(|(given, _)| given == name) {
            self.refuse(name, "is given more than once");
        }
        Some(value)
    }

    fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.wrong.push(Detail { field: name.to_owned(), message: message.into() });
    }
}

impl FromRequest for Filters {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = request.query_string().as_bytes();
        ready(Ok(Self { given: form_urlencoded::parse(query).into_owned().collect(), wrong: Vec::new() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(query: &str) -> Filters {
        Filters { given: form_urlencoded::parse(query.as_bytes()).into_owned().collect(), wrong: Vec::new() }
    }

    #[test]
    fn unknown_wrong_and_doubled_filters_are_told_together() {
        let mut filters = filters("page=0&limt=5&from=1&from=2");
        filters.number("page", 1..=10, 1);
        filters.number("from", 1..=10, 1);
        let Err(ApiError::Invalid(details)) = filters.done() else { panic!("must be refused") };
        let fields: Vec<_> = details.iter().map(|detail| detail.field.as_str()).collect();
        assert_eq!(fields, ["page", "from", "limt"]);
    }

    #[test]
    fn known_filters_are_read() {
        let mut filters = filters("page=7");
        assert_eq!(filters.number("page", 1..=10, 1), 7);
        assert_eq!(filters.number("limit", 1..=10, 3), 3);
        assert!(filters.done().is_ok());
    }
}

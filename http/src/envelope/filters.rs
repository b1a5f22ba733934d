//! The filters of a list. One that the list does not know is an error: a client that mistypes one must not take the
//! whole list for the answer.

use crate::error::{ApiError, Detail};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::{
    future::{Ready, ready},
    ops::RangeInclusive,
};
use tsunagu_call::{Id, Time};
use tsunagu_store::{PAGE_LIMIT, Paging};

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

    /// Which page: `page` from 1, `limit` from 1 to 100.
    pub(crate) fn paging(&mut self) -> Paging {
        let otherwise = Paging::default();
        let page = self.number("page", 1..=u64::from(u32::MAX), u64::from(otherwise.page()));
        let limit = self.number("limit", 1..=u64::from(PAGE_LIMIT), u64::from(otherwise.limit()));
        Paging::new(u32::try_from(page).unwrap_or(u32::MAX), u32::try_from(limit).unwrap_or(PAGE_LIMIT))
    }

    /// One of some words, and what it stands for.
    pub(crate) fn word<T: Copy>(&mut self, name: &str, known: &[(&str, T)]) -> Option<T> {
        let text = self.take(name)?;
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
        if found.is_none() {
            let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
            self.refuse(name, format!("must be one of {}", words.join(", ")));
        }
        found
    }

    /// A text of at most `longest` characters, trimmed.
    pub(crate) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.take(name)?;
        let text = text.trim();
        if text.chars().count() > longest {
            self.refuse(name, format!("must not be longer than {longest} characters"));
            return None;
        }
        Some(text.to_owned())
    }

    /// Somebody's or something's id.
    pub(crate) fn id<T>(&mut self, name: &str) -> Option<Id<T>> {
        let text = self.take(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.refuse(name, "must be an id of 24 hexadecimal digits");
        }
        id
    }

    /// `true` or `false`, where it is said.
    pub(crate) fn optional_flag(&mut self, name: &str) -> Option<bool> {
        self.word(name, &[("true", true), ("false", false)])
    }

    /// `true` or `false`; false when it is not given.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        self.optional_flag(name).unwrap_or(false)
    }

    /// A moment.
    pub(crate) fn time(&mut self, name: &str) -> Option<Time> {
        let text = self.take(name)?;
        let time = text.parse();
        if let Err(error) = &time {
            self.refuse(name, format!("{error}; a + is written %2B in an address"));
        }
        time.ok()
    }

    /// Somebody's or something's id, or a word in its place; `None` inside stands for the word.
    pub(crate) fn id_or<T>(&mut self, name: &str, word: &str) -> Option<Option<Id<T>>> {
        let text = self.take(name)?;
        if text == word {
            return Some(None);
        }
        let id = text.parse();
        if id.is_err() {
            self.refuse(name, format!("must be an id or `{word}`"));
        }
        id.ok().map(Some)
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

    /// What is given under a name. A blank is as good as nothing: forms send what nobody has filled in.
    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.given.iter().position(|(given, _)| given == name)?;
        let (_, value) = self.given.remove(place);
        if self.given.iter().any(|(given, _)| given == name) {
            self.refuse(name, "is given more than once");
        }
        Some(value).filter(|value| !value.trim().is_empty())
    }

    /// Notes that a filter is invalid.
    pub(crate) fn refuse(&mut self, name: &str, message: impl Into<String>) {
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

    #[test]
    fn what_is_left_blank_counts_as_not_given() {
        let mut read = filters("status=&due=&from=%20&of=&by=&page=&search=+");
        assert_eq!(read.word("status", &[("open", 1)]), None);
        assert_eq!(read.optional_flag("due"), None);
        assert_eq!(read.time("from"), None);
        assert_eq!(read.id_or::<()>("of", "none"), None);
        assert_eq!(read.id::<()>("by"), None);
        assert_eq!(read.paging(), Paging::default());
        assert_eq!(read.text("search", 9), None);
        assert!(read.done().is_ok());
        let mut wrong = filters("status=&status=&colour=");
        wrong.word("status", &[("open", 1)]);
        let Err(ApiError::Invalid(details)) = wrong.done() else { panic!("must be refused") };
        let fields: Vec<_> = details.iter().map(|detail| detail.field.as_str()).collect();
        assert_eq!(fields, ["status", "colour"]);
    }

    #[test]
    fn words_times_ids_and_pages_are_read() {
        let mut read = filters(
            "status=done&due=true&from=2026-11-20T09:00:00%2B09:00&of=none&by=0001027f80ff090807060504&page=3",
        );
        assert_eq!(read.word("status", &[("open", 1), ("done", 2)]), Some(2));
        assert_eq!((read.flag("due"), read.flag("other")), (true, false));
        assert_eq!(read.time("from"), "2026-11-20T00:00:00Z".parse().ok());
        assert_eq!(read.id_or::<()>("of", "none"), Some(None));
        assert!(read.id_or::<()>("by", "none").flatten().is_some());
        assert_eq!(read.paging(), Paging::new(3, 20));
        assert!(read.done().is_ok());
        let mut wrong = filters("status=x&due=1&from=today&of=me&page=0&limit=101");
        wrong.word("status", &[("open", 1)]);
        wrong.flag("due");
        wrong.time("from");
        wrong.id_or::<()>("of", "none");
        wrong.paging();
        let Err(ApiError::Invalid(details)) = wrong.done() else { panic!("must be refused") };
        let fields: Vec<_> = details.iter().map(|detail| detail.field.as_str()).collect();
        assert_eq!(fields, ["status", "due", "from", "of", "page", "limit"]);
    }
}

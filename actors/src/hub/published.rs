//! An event as it goes to screens: numbered, written once, and kept for a while for those who come back.

use std::{
    any::Any,
    collections::VecDeque,
    fmt,
    str::FromStr,
    sync::{Arc, OnceLock},
};
use tsunagu_call::CallId;

/// Who of a company is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Company,
    /// Whoever watches this call.
    Watchers(CallId),
    /// Whoever follows how all calls go.
    Followers,
}

/// One event, shared by all who are told of it.
pub struct Published {
    /// Its number within the company, rising and not without gaps. A picture of the present has that of the last event
    /// which is in it.
    pub number: u64,
    /// Which life of the server numbered it.
    pub epoch: u32,
    /// Its name in the contract.
    pub name: &'static str,
    /// Who is told.
    pub audience: Audience,
    /// What is told, in JSON.
    pub data: Box<str>,
    encoded: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Published {
    pub(super) fn new(
        place: Cursor,
        name: &'static str,
        audience: Audience,
        data: impl Into<Box<str>>,
    ) -> Self {
        let Cursor { epoch, number } = place;
        Self { number, epoch, name, audience, data: data.into(), encoded: OnceLock::new() }
    }

    /// Its place among the events, for a client to name when it comes back.
    pub const fn place(&self) -> Cursor {
        Cursor { epoch: self.epoch, number: self.number }
    }

    /// The event in the form of the protocols, made by the first who asks. `None` when others use another form.
    pub fn encoded<T: Any + Send + Sync>(&self, encode: impl FnOnce(&Self) -> T) -> Option<&T> {
        self.encoded.get_or_init(|| Box::new(encode(self))).downcast_ref()
    }
}

impl fmt::Debug for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.name, self.data)
    }
}

/// The last event that a client has seen, as it names it when it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Which life of the server numbered it.
    pub epoch: u32,
    /// Its number.
    pub number: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{}", self.epoch, self.number)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (epoch, number) = text.split_once('-').ok_or(NotACursor)?;
        let epoch = u32::from_str_radix(epoch, 16).map_err(|_| NotACursor)?;
        Ok(Self { epoch, number: number.parse().map_err(|_| NotACursor)? })
    }
}

/// The text names no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the place of an event")]
pub struct NotACursor;

/// The last events of a company.
#[derive(Debug, Default)]
pub(super) struct Ring {
    events: VecDeque<Arc<Published>>,
    bytes: usize,
    /// The number of the last event that is not in it any more.
    forgotten: u64,
}

/// How many events are kept, and how many bytes of them.
const EVENTS: usize = 4096;
const BYTES: usize = 2 * 1024 * 1024;

impl Ring {
    pub fn keep(&mut self, event: Arc<Published>) {
        self.bytes += event.data.len();
        self.events.push_back(event);
        while self.events.len() > EVENTS || self.bytes > BYTES {
            let Some(oldest) = self.events.pop_front() else { return };
            self.bytes -= oldest.data.len();
            self.forgotten = oldest.number;
        }
    }

    /// All that came after this number is here.
    pub fn reaches(&self, number: u64) -> bool {
        number >= self.forgotten
    }

    /// What came after this number, as far as it is here.
    pub fn after(&self, number: u64) -> impl Iterator<Item = &Arc<Published>> {
        self.events.iter().skip(self.events.partition_point(|event| event.number <= number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u64, bytes: usize) -> Arc<Published> {
        Arc::new(Published::new(
            Cursor { epoch: 1, number },
            "call-updated",
            Audience::Company,
            "x".repeat(bytes),
        ))
    }

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = Cursor { epoch: 0xab, number: 12 };
        assert_eq!((cursor.to_string().as_str(), cursor.to_string().parse()), ("000000ab-12", Ok(cursor)));
        for text in ["", "12", "-", "x-1", "1-x", "1-1-1", "123456789-1", "1--1"] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }

    #[test]
    fn who_has_missed_what_is_kept_no_more_is_told_so() {
        let mut ring = Ring::default();
        assert!(ring.reaches(0) && ring.after(0).next().is_none());
        for number in 1..=EVENTS as u64 + 2 {
            ring.keep(event(number, 1));
        }
        assert!(!ring.reaches(1) && ring.reaches(2));
        assert_eq!(ring.after(2).count(), EVENTS);
        assert_eq!(ring.after(EVENTS as u64 + 1).next().unwrap().number, EVENTS as u64 + 2);
    }

    #[test]
    fn large_events_are_kept_for_a_shorter_time() {
        let mut ring = Ring::default();
        for number in 1..=10 {
            ring.keep(event(number, BYTES / 8));
        }
        assert!(!ring.reaches(1) && ring.reaches(2));
        assert_eq!(ring.after(2).count(), 8);
    }

    #[test]
    fn it_is_written_once_and_in_one_form() {
        let event = event(1, 3);
        assert_eq!(event.encoded(|event| event.data.len()), Some(&3));
        assert_eq!(event.encoded(|_| 7_usize), Some(&3));
        assert_eq!(event.encoded(|_| "another form"), None);
    }
}

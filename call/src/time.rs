//! Moments and spans of call time. Time is an input here: nothing in this crate reads a clock.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};
use std::{fmt, str::FromStr, time::Duration};

/// A moment in UTC with milliseconds, written as RFC 3339 (`2026-11-22T01:02:03.004Z`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(i64);

/// Why a text is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time is written as RFC 3339, such as 2026-11-22T01:02:03.004Z")]
pub struct NotATime;

impl Time {
    /// The moment so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment `secs` seconds later.
    pub const fn plus_secs(self, secs: u32) -> Self {
        Self(self.0.saturating_add(secs as i64 * 1000))
    }

    /// The moment `millis` milliseconds later.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Whole seconds since `earlier`, as a call's duration counts them; zero when it lies ahead.
    pub fn secs_since(self, earlier: Self) -> u32 {
        u32::try_from(self.since(earlier).as_secs()).unwrap_or(u32::MAX)
    }

    /// The same moment for calendar arithmetic; the ends of the calendar for what lies beyond it.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}
impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        text.parse::<Timestamp>().map(|at| Self(at.as_millisecond())).map_err(|_| NotATime)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_str(self);
        }
        // BSON, the only binary form in use, makes a date of this.
        let mut date = serializer.serialize_struct("$date", 1)?;
        date.serialize_field("$date", &Millis(self.0))?;
        date.end()
    }
}

/// Milliseconds as BSON's dates hold them.
struct Millis(i64);

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut number = serializer.serialize_struct("$numberLong", 1)?;
        number.serialize_field("$numberLong", &self.0.to_string())?;
        number.end()
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rfc3339;
        impl de::Visitor<'_> for Rfc3339 {
            type Value = Time;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Rfc3339)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::Time;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
    };

    impl PartialSchema for Time {
        fn schema() -> RefOr<Schema> {
            let time = ObjectBuilder::new().schema_type(Type::String);
            time.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into()
        }
    }
    impl ToSchema for Time {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_decimals_whatever_it_is() {
        assert_eq!(Time::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Time::from_millis(1_700_000_000_120).to_string(), "2023-11-14T22:13:20.120Z");
        let at = Time::from_millis(1_700_000_000_123);
        assert_eq!(at.to_string().parse(), Ok(at));
        assert_eq!("2023-11-15T07:13:20.123+09:00".parse(), Ok(at));
        assert_eq!("yesterday".parse::<Time>(), Err(NotATime));
    }

    #[test]
    fn spans_never_run_backwards() {
        let at = Time::from_millis(5_999);
        assert_eq!(at.secs_since(Time::from_millis(0)), 5);
        assert_eq!(Time::from_millis(0).secs_since(at), 0);
        assert_eq!(at.plus_secs(2).millis(), 7_999);
    }
}

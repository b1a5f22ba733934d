//! A part of a recording, by bytes (RFC 9110, section 14).

use crate::error::ApiError;
use actix_web::{
    HttpRequest,
    http::header::{self, ByteRangeSpec, Header as _, Range},
    web::Bytes,
};
use futures_util::{Stream, TryStreamExt, stream};
use std::{fmt, pin::Pin};
use tsunagu_carrier::CarrierError;

/// The one part that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    first: Option<u64>,
    /// The last byte, or how many from the end where there is no first.
    last: Option<u64>,
}

impl Wanted {
    /// What a request asks for. Several parts at once, or another unit than bytes, are answered with the whole; so is a
    /// request that makes it depend on an older answer: those have no validators.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        if request.headers().contains_key(header::IF_RANGE) {
            return None;
        }
        match Range::parse(request).ok()? {
            Range::Bytes(parts) => match parts.as_slice() {
                [ByteRangeSpec::FromTo(first, last)] => Some(Self { first: Some(*first), last: Some(*last) }),
                [ByteRangeSpec::From(first)] => Some(Self { first: Some(*first), last: None }),
                [ByteRangeSpec::Last(count)] => Some(Self { first: None, last: Some(*count) }),
                _ => None,
            },
            Range::Unregistered(..) => None,
        }
    }

    /// The part of something of this length.
    ///
    /// # Errors
    /// It lies outside.
    pub(super) fn within(self, length: u64) -> Result<Part, ApiError> {
        let part = match (self.first, self.last) {
            (Some(first), last) => {
                let last = last.unwrap_or(u64::MAX).min(length.saturating_sub(1));
                (first < length && first <= last).then_some(Part { first, last })
            }
            (None, Some(count)) if count > 0 && length > 0 => {
                Some(Part { first: length.saturating_sub(count), last: length - 1 })
            }
            _ => None,
        };
        part.ok_or(ApiError::NoSuchRange { length: Some(length) })
    }
}

/// As it is passed on to the carrier.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes=")?;
        if let Some(first) = self.first {
            write!(f, "{first}")?;
        }
        f.write_str("-")?;
        self.last.map_or(Ok(()), |last| write!(f, "{last}"))
    }
}

/// A part that there is, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    first: u64,
    last: u64,
}

type Sound = Pin<Box<dyn Stream<Item = Result<Bytes, CarrierError>> + Send>>;

impl Part {
    /// How many bytes it has.
    pub(super) const fn length(self) -> u64 {
        self.last - self.first + 1
    }

    /// Which part of something of this length it is.
    pub(super) fn content_range(self, length: u64) -> String {
        format!("bytes {}-{}/{length}", self.first, self.last)
    }

    /// The part of a whole that comes in pieces.
    pub(super) fn of(self, whole: Sound) -> impl Stream<Item = Result<Bytes, CarrierError>> + Send {
        stream::try_unfold((whole, self.first, self.length()), |(mut whole, mut skip, mut left)| async move {
            while left > 0 {
                let Some(mut piece) = whole.try_next().await? else {
                    let detail = "a recording ended before its end".to_owned();
                    return Err(CarrierError::Unavailable { detail });
                };
                let before = usize::try_from(skip).map_or(piece.len(), |skip| skip.min(piece.len()));
                skip -= before as u64;
                let mut kept = piece.split_off(before);
                kept.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                if !kept.is_empty() {
                    left -= kept.len() as u64;
                    return Ok(Some((kept, (whole, skip, left))));
                }
            }
            Ok(None)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn wanted(range: &str) -> Option<Wanted> {
        Wanted::of(&TestRequest::default().insert_header(("Range", range)).to_http_request())
    }

    fn within(range: &str, length: u64) -> Option<String> {
        wanted(range).unwrap().within(length).ok().map(|part| part.content_range(length))
    }

    #[test]
    fn one_part_in_bytes_is_understood() {
        for range in ["bytes=0-4", "bytes=5-", "bytes=-3"] {
            assert_eq!(wanted(range).unwrap().to_string(), range);
        }
        for range in ["bytes=0-1,3-4", "items=0-1", "bytes=x", ""] {
            assert_eq!(wanted(range), None, "{range}");
        }
        let request = TestRequest::default()
            .insert_header(("Range", "bytes=0-1"))
            .insert_header(("If-Range", "\"old\""))
            .to_http_request();
        assert_eq!(Wanted::of(&request), None);
    }

    #[test]
    fn a_part_is_cut_to_what_there_is() {
        assert_eq!(within("bytes=0-4", 10).as_deref(), Some("bytes 0-4/10"));
        assert_eq!(within("bytes=8-99", 10).as_deref(), Some("bytes 8-9/10"));
        assert_eq!(within("bytes=3-", 10).as_deref(), Some("bytes 3-9/10"));
        assert_eq!(within("bytes=-3", 10).as_deref(), Some("bytes 7-9/10"));
        assert_eq!(within("bytes=-99", 10).as_deref(), Some("bytes 0-9/10"));
        for range in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(within(range, 10), None, "{range}");
        }
        assert_eq!(within("bytes=0-", 0), None);
    }

    #[actix_web::test]
    async fn a_part_is_taken_out_of_any_pieces() {
        for size in 1..=10 {
            for (first, last) in [(0, 9), (0, 0), (9, 9), (3, 6)] {
                let pieces: Vec<_> =
                    b"0123456789".chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
                let part = Part { first, last }.of(Box::pin(stream::iter(pieces)));
                let taken: Vec<Bytes> = part.try_collect().await.unwrap();
                let expected = &b"0123456789"[first as usize..=last as usize];
                assert_eq!(taken.concat(), expected, "in pieces of {size}");
            }
        }
        let short = Part { first: 0, last: 5 }.of(Box::pin(stream::iter([Ok(Bytes::from_static(b"012"))])));
        assert!(short.try_collect::<Vec<_>>().await.is_err(), "what breaks off is no whole part");
    }
}

//! Messages that come over a WebSocket in several frames, joined, with a bound.

use super::packet::Message;
use actix_http::ws::Item;
use actix_web::web::{Bytes, BytesMut};
use bytestring::ByteString;

/// What has come of a message so far.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    begun: Option<Begun>,
}

#[derive(Debug)]
struct Begun {
    text: bool,
    bytes: BytesMut,
}

/// Why frames make no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum FragmentError {
    #[error("a message is too long")]
    TooLong,
    #[error("a message's frames are out of order")]
    Order,
    #[error("a message's text is not UTF-8")]
    Utf8,
}

impl Fragments {
    /// Takes the next frame, and gives the message when it was the last.
    pub(super) fn take(&mut self, item: Item, limit: usize) -> Result<Option<Message>, FragmentError> {
        let (part, last) = match item {
            Item::FirstText(part) => return self.begin(true, &part, limit),
            Item::FirstBinary(part) => return self.begin(false, &part, limit),
            Item::Continue(part) => (part, false),
            Item::Last(part) => (part, true),
        };
        let mut begun = self.begun.take().ok_or(FragmentError::Order)?;
        begun.add(&part, limit)?;
        if last {
            return begun.finish().map(Some);
        }
        self.begun = Some(begun);
        Ok(None)
    }

    fn begin(&mut self, text: bool, part: &Bytes, limit: usize) -> Result<Option<Message>, FragmentError> {
        if self.begun.is_some() {
            return Err(FragmentError::Order);
        }
        let mut begun = Begun { text, bytes: BytesMut::new() };
        begun.add(part, limit)?;
        self.begun = Some(begun);
        Ok(None)
    }
}

impl Begun {
    fn add(&mut self, part: &Bytes, limit: usize) -> Result<(), FragmentError> {
        if part.len() > limit.saturating_sub(self.bytes.len()) {
            return Err(FragmentError::TooLong);
        }
        self.bytes.extend_from_slice(part);
        Ok(())
    }

    fn finish(self) -> Result<Message, FragmentError> {
        let bytes = self.bytes.freeze();
        if self.text {
            ByteString::try_from(bytes).map(Message::Text).map_err(|_| FragmentError::Utf8)
        } else {
            Ok(Message::Binary(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[test]
    fn frames_become_a_message() {
        let mut fragments = Fragments::default();
        assert_eq!(fragments.take(Item::FirstText(part("4he")), 9), Ok(None));
        assert_eq!(fragments.take(Item::Continue(part("ll")), 9), Ok(None));
        let whole = Message::Text("4hello".into());
        assert_eq!(fragments.take(Item::Last(part("o")), 9), Ok(Some(whole)));
        assert_eq!(fragments.take(Item::FirstBinary(part("ab")), 9), Ok(None));
        let whole = Message::Binary(part("abc"));
        assert_eq!(fragments.take(Item::Last(part("c")), 9), Ok(Some(whole)));
    }

    #[test]
    fn a_message_is_bounded_as_a_whole() {
        let mut fragments = Fragments::default();
        assert_eq!(fragments.take(Item::FirstText(part("1234")), 6), Ok(None));
        assert_eq!(fragments.take(Item::Continue(part("567")), 6), Err(FragmentError::TooLong));
    }

    #[test]
    fn frames_out_of_order_make_no_message() {
        let mut fragments = Fragments::default();
        assert_eq!(fragments.take(Item::Last(part("1")), 6), Err(FragmentError::Order));
        assert_eq!(fragments.take(Item::FirstText(part("1")), 6), Ok(None));
        assert_eq!(fragments.take(Item::FirstText(part("1")), 6), Err(FragmentError::Order));
    }

    #[test]
    fn a_character_may_be_cut_but_not_broken() {
        let (first, rest) = ("é".as_bytes()[..1].to_vec(), "é".as_bytes()[1..].to_vec());
        let mut fragments = Fragments::default();
        assert_eq!(fragments.take(Item::FirstText(first.clone().into()), 6), Ok(None));
        assert_eq!(fragments.take(Item::Last(rest.into()), 6), Ok(Some(Message::Text("é".into()))));
        assert_eq!(fragments.take(Item::FirstText(first.into()), 6), Ok(None));
        assert_eq!(fragments.take(Item::Last(part("")), 6), Err(FragmentError::Utf8));
    }
}

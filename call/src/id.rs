//! Identities: 12 bytes written as 24 hex digits, so that they fit MongoDB's ObjectId and older clients.

use crate::Time;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};
use std::{fmt, marker::PhantomData, str::FromStr};

/// The identity of a thing of kind `T`; ids of different kinds do not mix.
pub struct Id<T> {
    bytes: [u8; 12],
    kind: PhantomData<fn() -> T>,
}

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has exactly 24 hexadecimal digits")]
pub struct NotAnId;

macro_rules! kinds {
    ($($(#[$doc:meta])* $id:ident = $kind:ident;)*) => {$(
        #[doc(hidden)]
        #[derive(Debug)]
        pub enum $kind {}
        $(#[$doc])*
        pub type $id = Id<$kind>;
    )*};
}

kinds! {
    /// One live or past call.
    CallId = CallKind;
    /// One company: the border nobody sees across.
    CompanyId = CompanyKind;
    /// One person called.
    CustomerId = CustomerKind;
    /// One user who signs in; agents, supervisors and admins are users.
    UserId = UserKind;
    /// One promise to ring a customer back.
    CallbackId = CallbackKind;
    /// One campaign.
    CampaignId = CampaignKind;
    /// One registered receiver of events.
    WebhookId = WebhookKind;
    /// One event on its way to one receiver.
    DeliveryId = DeliveryKind;
    /// One life of one server: a node of those that share a store.
    NodeId = NodeKind;
    /// Any other document of the store.
    DocumentId = DocumentKind;
}

impl<T> Id<T> {
    /// An id of the given bytes. By ObjectId's convention: four bytes of Unix seconds, five random, three counting.
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        Self { bytes, kind: PhantomData }
    }

    /// The lowest id that is made at this moment by ObjectId's convention. Ids know whole seconds.
    pub fn first_at(at: Time) -> Self {
        let [s0, s1, s2, s3] = u32::try_from(at.millis().max(0) / 1000).unwrap_or(u32::MAX).to_be_bytes();
        Self::from_bytes([s0, s1, s2, s3, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    /// The twelve bytes.
    pub const fn bytes(&self) -> [u8; 12] {
        self.bytes
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(hex(&self.bytes, &mut [0; 24]))
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits: &[u8; 24] = text.as_bytes().try_into().map_err(|_| NotAnId)?;
        let mut bytes = [0; 12];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
            let [high, low] = pair.map(|digit| (digit as char).to_digit(16));
            *byte = high.zip(low).map(|(high, low)| (high << 4 | low) as u8).ok_or(NotAnId)?;
        }
        Ok(Self::from_bytes(bytes))
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; 24];
        let digits = hex(&self.bytes, &mut digits);
        if serializer.is_human_readable() {
            return serializer.serialize_str(digits);
        }
        // BSON, the only binary form in use, makes an ObjectId of this.
        let mut id = serializer.serialize_struct("$oid", 1)?;
        id.serialize_field("$oid", digits)?;
        id.end()
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Hex<T>(PhantomData<T>);
        impl<T> de::Visitor<'_> for Hex<T> {
            type Value = Id<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 24 hexadecimal digits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id<T>, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Hex(PhantomData))
    }
}

fn hex<'a>(bytes: &[u8; 12], digits: &'a mut [u8; 24]) -> &'a str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble & 15)).copied().unwrap_or(b'0');
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(*byte)];
    }
    std::str::from_utf8(digits).unwrap_or_default()
}

#[cfg(feature = "schema")]
mod schema {
    use super::Id;
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{ObjectBuilder, RefOr, Schema, Type},
    };

    impl<T> PartialSchema for Id<T> {
        fn schema() -> RefOr<Schema> {
            let id = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-fA-F]{24}$"));
            id.description(Some("24 hexadecimal digits")).into()
        }
    }
    impl<T> ToSchema for Id<T> {
        fn name() -> std::borrow::Cow<'static, str> {
            "Id".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_written() {
        let id = CallId::from_bytes([0, 1, 2, 0x7f, 0x80, 0xff, 9, 8, 7, 6, 5, 4]);
        assert_eq!(id.to_string(), "0001027f80ff090807060504");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("0001027F80FF090807060504".parse(), Ok(id));
        assert_eq!(serde_json::from_str::<CallId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in [
            "",
            "0001027f80ff09080706050",
            "0001027f80ff0908070605041",
            "zz01027f80ff090807060504",
            "日本語日本語日本",
        ] {
            assert_eq!(text.parse::<CallId>(), Err(NotAnId), "{text}");
        }
    }
}

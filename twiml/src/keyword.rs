//! Enums whose variants are words on the wire.

/// A closed set of words. `"a" | "b"` after a variant: `a` is written, both are read.
macro_rules! keywords {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$about:meta])* $variant:ident = $text:literal $(| $alias:literal)*),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$about])* $variant),+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }

            /// The value for a word on the wire; words are case sensitive.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($text $(| $alias)* => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl $crate::attribute::Value for $name {
            fn write(&self, out: &mut String) -> Result<(), $crate::attribute::Reason> {
                out.push_str(self.as_str());
                Ok(())
            }

            fn read(text: &str) -> Result<Self, $crate::attribute::Reason> {
                Self::from_word(text).ok_or_else(|| {
                    format!("{text:?} is none of {}", [$($text),+].join(", ")).into()
                })
            }
        }
    };
}

/// A set of words that Twilio extends: a word not known here is kept as `Other`.
/// Make values with `From<&str>`, so that a known word is never hidden inside `Other`.
macro_rules! open_keywords {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$about:meta])* $variant:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$about])* $variant,)+
            /// A word that this crate does not know, as it came.
            Other(String),
        }

        impl $name {
            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($text => Self::$variant,)+
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl $crate::webhook::ParameterValue for $name {
            const EXPECTED: &'static str = "a word";

            fn from_value(value: &str) -> Option<Self> {
                if value.is_empty() { None } else { Some(Self::from(value)) }
            }

            fn to_value(&self) -> std::borrow::Cow<'_, str> {
                self.as_str().into()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

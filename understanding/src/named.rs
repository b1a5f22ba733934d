//! Closed sets whose members have a name in the data files and in JSON.

/// Writes an enum whose members are known by a fixed `snake_case` name: `ALL`, `name()`, `from_name()`, `Display`
/// and serde by that name.
#[macro_export]
macro_rules! named {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $member:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $name)] $member,)+
        }

        impl $type {
            /// Every member, in the order of the definition.
            #[allow(dead_code, reason = "not every set is walked through")]
            pub const ALL: &'static [$type] = &[$($type::$member,)+];

            /// The name in data files, journals and JSON.
            pub const fn name(self) -> &'static str {
                match self { $($type::$member => $name,)+ }
            }

            /// The member of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some($type::$member),)+ _ => None }
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let named = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                named.enum_values(Some([$($name),+])).into()
            }
        }
        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $type {}

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

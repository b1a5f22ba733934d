//! The people of a call, as far as the call needs to know them.

use crate::{CustomerId, UserId};
use serde::{Deserialize, Serialize};
use tsunagu_conversation::Lang;

/// The customer who is rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CustomerRef {
    /// Who.
    #[serde(rename = "_id")]
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// The company they are with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The number dialled, E.164.
    pub phone: String,
}

/// A human agent who is fetched to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentRef {
    /// Who.
    #[serde(rename = "_id")]
    pub id: UserId,
    /// Their name, the family's first.
    pub name: String,
    /// Their given name; empty in journals of older servers.
    #[serde(default)]
    pub first_name: String,
    /// Their family's name; empty in journals of older servers.
    #[serde(default)]
    pub last_name: String,
    /// The number rung, E.164.
    pub phone: String,
    /// The language they are briefed in.
    pub lang: Lang,
}

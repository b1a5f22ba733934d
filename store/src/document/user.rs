//! A user: somebody who signs in.

use super::put;
use serde::{Deserialize, Serialize};
use std::fmt;
use tsunagu_call::{CompanyId, Time, UserId};

/// Somebody of a company who signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The user.
    #[serde(rename = "_id")]
    pub id: UserId,
    /// Where they belong.
    pub company_id: CompanyId,
    /// Unique over all companies, in its normal form (see [`normal_email`]).
    pub email: String,
    /// bcrypt of the password; never shown.
    #[serde(alias = "password")]
    pub password_hash: String,
    /// Given name.
    #[serde(default)]
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    pub last_name: String,
    /// Where they can be reached, E.164.
    #[serde(default)]
    pub phone: Option<String>,
    /// What they may do.
    #[serde(default)]
    pub role: UserRole,
    /// May no longer sign in, and is no longer put through to customers.
    #[serde(default)]
    pub disabled: bool,
    /// How often they were signed out everywhere; a token from before counts no more.
    #[serde(default)]
    pub session_epoch: u32,
    /// Since when.
    #[serde(default)]
    pub created_at: Time,
}

/// What a user may do; each may also do what those before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum UserRole {
    /// Sees the company's calls, changes their own settings. Older tokens and documents say `user`.
    #[default]
    #[serde(alias = "user")]
    Agent,
    /// Steers any call and any agent's status.
    Supervisor,
    /// Also users, the deletion of customers, and the company's settings.
    Admin,
}

/// What users change about themselves; what is `None` stays as it is. The inner `None` empties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Unique over all companies.
    pub email: Option<String>,
    /// Where they can be reached, E.164.
    pub phone: Option<Option<String>>,
}

impl User {
    /// Applies a change.
    pub fn change(&mut self, change: ProfileChange) {
        put(&mut self.first_name, change.first_name);
        put(&mut self.last_name, change.last_name);
        put(&mut self.email, change.email.as_deref().map(normal_email));
        put(&mut self.phone, change.phone);
    }
}

impl UserRole {
    /// All of them, each above those before.
    pub const ALL: [Self; 3] = [Self::Agent, Self::Supervisor, Self::Admin];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }
}

/// The form in which an e-mail address is kept and compared: trimmed and lower-cased.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("company_id", &self.company_id)
            .field("role", &self.role)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = r#"{"_id":"0001027f80ff090807060504","companyId":"0001027f80ff090807060505",
        "email":"hanako@example.jp","password":"$2b$10$secret","firstName":"花子","role":"user"}"#;

    #[test]
    fn a_user_of_an_older_server_is_an_agent() {
        let user: User = serde_json::from_str(OLD).unwrap();
        assert_eq!((user.role, user.disabled, user.last_name.as_str()), (UserRole::Agent, false, ""));
        assert_eq!(serde_json::to_value(&user).unwrap()["role"], "agent");
    }

    #[test]
    fn the_password_hash_is_not_shown_in_debug_output() {
        let user: User = serde_json::from_str(OLD).unwrap();
        assert!(!format!("{user:?}").contains("secret"));
    }

    #[test]
    fn e_mail_addresses_are_one_whatever_their_case() {
        assert_eq!(normal_email(" Hanako@Example.JP "), "hanako@example.jp");
    }

    #[test]
    fn roles_rise() {
        assert!(UserRole::Agent < UserRole::Supervisor && UserRole::Supervisor < UserRole::Admin);
    }
}

//! What an admin changes of a user, and what a company must not lose by it.

use super::{User, UserRole, normal_email};

/// What is to be changed of a user; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserChange {
    /// What they may do.
    pub role: Option<UserRole>,
    /// Whether they may no longer sign in.
    pub disabled: Option<bool>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Where they can be reached, E.164; the inner `None` means nowhere.
    pub phone: Option<Option<String>>,
    /// Their e-mail address; it is brought into its normal form.
    pub email: Option<String>,
}

impl UserChange {
    /// The user as they are afterwards. Whoever is disabled is signed out everywhere by the same step, and stays so when
    /// they are enabled again.
    pub fn apply(self, mut user: User) -> User {
        let disabled = self.disabled.unwrap_or(user.disabled);
        if disabled && !user.disabled {
            user.sign_out();
        }
        User {
            role: self.role.unwrap_or(user.role),
            disabled,
            first_name: self.first_name.unwrap_or(user.first_name),
            last_name: self.last_name.unwrap_or(user.last_name),
            phone: self.phone.unwrap_or(user.phone),
            email: self.email.map_or(user.email, |email| normal_email(&email)),
            ..user
        }
    }
}

impl User {
    /// Whether they look after the company's users: an admin who may sign in.
    pub fn is_acting_admin(&self) -> bool {
        self.role == UserRole::Admin && !self.disabled
    }

    /// Makes all tokens void that were given to them until now.
    pub fn sign_out(&mut self) {
        self.session_epoch = self.session_epoch.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::fixture::{OURS, user};

    #[test]
    fn what_is_absent_stays() {
        assert_eq!(UserChange::default().apply(user(1, OURS)), user(1, OURS));
        let change = UserChange { phone: Some(None), email: Some(" A@B.jp".into()), ..UserChange::default() };
        let changed = change.apply(User { phone: Some("+81312345678".into()), ..user(1, OURS) });
        assert_eq!(changed, User { email: "a@b.jp".into(), ..user(1, OURS) });
    }

    #[test]
    fn who_is_disabled_is_signed_out_once() {
        let disable = UserChange { disabled: Some(true), ..UserChange::default() };
        let disabled = disable.clone().apply(user(1, OURS));
        assert_eq!((disabled.disabled, disabled.session_epoch), (true, 1));
        assert_eq!(disable.apply(disabled.clone()), disabled);
        let enabled = UserChange { disabled: Some(false), ..UserChange::default() }.apply(disabled);
        assert_eq!((enabled.disabled, enabled.session_epoch), (false, 1));
    }
}

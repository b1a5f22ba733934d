//! A user as admins see them.

use serde::Serialize;
use tsunagu_call::{CompanyId, Time, UserId};
use tsunagu_store::{User, UserRole};
use utoipa::ToSchema;

/// A user as admins see them: everything but the password's hash.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserView {
    #[serde(rename = "_id")]
    object_id: UserId,
    id: UserId,
    company_id: CompanyId,
    email: String,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    role: UserRole,
    disabled: bool,
    created_at: Time,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            object_id: user.id,
            id: user.id,
            company_id: user.company_id,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
            role: user.role,
            disabled: user.disabled,
            created_at: user.created_at,
        }
    }
}

//! The words for roles in bodies and queries.

use tsunagu_store::UserRole;

/// The roles by their names, and by the one that older clients have for an agent.
pub(crate) const ROLES: [(&str, UserRole); 4] = [
    ("agent", UserRole::Agent),
    ("supervisor", UserRole::Supervisor),
    ("admin", UserRole::Admin),
    ("user", UserRole::Agent),
];

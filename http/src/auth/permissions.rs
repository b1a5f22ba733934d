//! Who may call what: the one table of it.
//!
//! [`super::SignedIn`] looks every request up here, and what is not listed is refused to everybody: a route that is added
//! without a line stays shut. What depends on the thing itself (whose call it is) is decided where that thing is looked up.

use actix_web::http::Method;
use tsunagu_store::UserRole::{self, Admin, Agent, Supervisor};

/// Who may make one call of the interface.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Permission {
    /// In capital letters. Whoever may `GET` may `HEAD`.
    pub method: &'static str,
    /// As it is routed, with `{…}` for its variable parts.
    pub path: &'static str,
    /// This role and those above it may.
    pub least: UserRole,
}

/// Every route behind the sign-in.
pub(crate) const PERMISSIONS: &[Permission] = &[
    allow("GET", "/api/auth/me", Agent),
    allow("GET", "/api/auth/profile", Agent),
    allow("PUT", "/api/auth/password", Agent),
    allow("GET", "/api/users", Admin),
    allow("GET", "/api/users/{user}", Admin),
    allow("PATCH", "/api/users/{user}", Admin),
    allow("POST", "/api/users/{user}/password-reset", Admin),
    allow("GET", "/api/invitations", Admin),
    allow("POST", "/api/invitations", Admin),
    allow("DELETE", "/api/invitations/{invitation}", Admin),
    allow("POST", "/api/calls/start", Agent),
    allow("GET", "/api/calls/active", Agent),
    allow("GET", "/api/calls/history", Agent),
    allow("GET", "/api/calls/statistics", Agent),
    allow("GET", "/api/calls/export.csv", Agent),
    allow("GET", "/api/calls/{call}", Agent),
    allow("GET", "/api/calls/{call}/events", Agent),
    allow("GET", "/api/calls/{call}/recording", Agent),
    allow("POST", "/api/calls/{call}/recording/pause", Agent),
    allow("POST", "/api/calls/{call}/recording/resume", Agent),
    allow("POST", "/api/calls/{call}/handoff", Agent),
    allow("DELETE", "/api/calls/{call}/handoff", Agent),
    allow("POST", "/api/calls/{call}/supervise", Supervisor),
    allow("DELETE", "/api/calls/{call}/supervise", Supervisor),
    allow("POST", "/api/calls/{call}/takeover", Supervisor),
    allow("PATCH", "/api/calls/{call}/participants/{leg}", Agent),
    allow("DELETE", "/api/calls/{call}/participants/{leg}", Supervisor),
    allow("POST", "/api/calls/{call}/end", Agent),
    allow("PUT", "/api/calls/{call}/transcript", Agent),
    allow("PUT", "/api/calls/{call}/notes", Agent),
    allow("GET", "/api/agents", Supervisor),
    allow("GET", "/api/agents/profile", Agent),
    allow("PUT", "/api/agents/profile", Agent),
    allow("PUT", "/api/agents/phone", Agent),
    allow("PUT", "/api/agents/conversation", Agent),
    allow("GET", "/api/agents/conversation/script", Agent),
    allow("POST", "/api/agents/conversation/try", Agent),
    allow("PUT", "/api/agents/notifications", Agent),
    allow("PUT", "/api/agents/status", Agent),
    allow("GET", "/api/agents/available", Agent),
    allow("GET", "/api/agents/statistics", Agent),
    allow("GET", "/api/agents/{user}", Supervisor),
    allow("PUT", "/api/agents/{user}/status", Supervisor),
    allow("PUT", "/api/agents/{user}/settings", Admin),
    allow("GET", "/api/customers", Agent),
    allow("POST", "/api/customers", Agent),
    allow("POST", "/api/customers/import", Agent),
    allow("GET", "/api/customers/imports/{import}", Agent),
    allow("GET", "/api/customers/export.csv", Agent),
    allow("GET", "/api/customers/{customer}", Agent),
    allow("PUT", "/api/customers/{customer}", Agent),
    allow("PATCH", "/api/customers/{customer}", Agent),
    allow("DELETE", "/api/customers/{customer}", Admin),
    allow("GET", "/api/callbacks", Agent),
    allow("GET", "/api/callbacks/{callback}", Agent),
    allow("PATCH", "/api/callbacks/{callback}", Agent),
    allow("GET", "/api/campaigns", Agent),
    allow("POST", "/api/campaigns", Supervisor),
    allow("GET", "/api/campaigns/{campaign}", Agent),
    allow("PATCH", "/api/campaigns/{campaign}", Supervisor),
    allow("DELETE", "/api/campaigns/{campaign}", Admin),
    allow("POST", "/api/campaigns/{campaign}/check", Supervisor),
    allow("POST", "/api/campaigns/{campaign}/start", Supervisor),
    allow("POST", "/api/campaigns/{campaign}/pause", Supervisor),
    allow("POST", "/api/campaigns/{campaign}/resume", Supervisor),
    allow("POST", "/api/campaigns/{campaign}/stop", Supervisor),
    allow("GET", "/api/campaigns/{campaign}/customers", Agent),
    allow("POST", "/api/campaigns/{campaign}/customers", Supervisor),
    allow("GET", "/api/company", Agent),
    allow("PATCH", "/api/company", Admin),
    allow("GET", "/api/company/phrases", Agent),
    allow("PUT", "/api/company/phrases", Admin),
    allow("GET", "/api/company/readings", Agent),
    allow("PUT", "/api/company/readings", Admin),
    allow("GET", "/api/company/script", Agent),
    allow("PUT", "/api/company/script", Admin),
    allow("POST", "/api/company/script/check", Admin),
    allow("GET", "/api/demo", Agent),
    allow("POST", "/api/demo/calls", Agent),
    allow("POST", "/api/demo/calls/{call}/say", Agent),
    allow("POST", "/api/demo/calls/{call}/hangup", Agent),
    allow("GET", "/api/webhooks", Admin),
    allow("POST", "/api/webhooks", Admin),
    allow("GET", "/api/webhooks/{webhook}", Admin),
    allow("PATCH", "/api/webhooks/{webhook}", Admin),
    allow("DELETE", "/api/webhooks/{webhook}", Admin),
    allow("POST", "/api/webhooks/{webhook}/test", Admin),
    allow("POST", "/api/webhooks/{webhook}/secret", Admin),
    allow("POST", "/api/webhooks/{webhook}/replay", Admin),
    allow("GET", "/api/webhooks/{webhook}/deliveries", Admin),
    allow("POST", "/api/webhooks/{webhook}/deliveries/{delivery}/replay", Admin),
];

const fn allow(method: &'static str, path: &'static str, least: UserRole) -> Permission {
    Permission { method, path, least }
}

/// The least role that may call this; `None` for what stands outside of the sign-in, or nowhere.
pub(crate) fn least_role(method: &Method, path: &str) -> Option<UserRole> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    PERMISSIONS.iter().find(|one| one.method == method && one.path == path).map(|one| one.least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_listed_is_nobodys() {
        assert_eq!(least_role(&Method::GET, "/api/calls/{call}"), Some(Agent));
        assert_eq!(least_role(&Method::HEAD, "/api/calls/{call}/recording"), Some(Agent));
        assert_eq!(least_role(&Method::POST, "/api/calls/{call}/takeover"), Some(Supervisor));
        assert_eq!(least_role(&Method::DELETE, "/api/calls/{call}"), None);
    }

    #[test]
    fn the_page_about_roles_says_the_same() {
        let page = include_str!("../../../docs/roles.md");
        let told: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
        let line = |one: &Permission| format!("| `{} {}` | {} |", one.method, one.path, one.least.as_str());
        let table: Vec<_> = PERMISSIONS.iter().map(line).collect();
        assert_eq!(told, table, "docs/roles.md should have this table:\n{}", table.join("\n"));
    }

    #[test]
    fn nothing_is_listed_twice() {
        for one in PERMISSIONS {
            let same =
                PERMISSIONS.iter().filter(|other| (one.method, one.path) == (other.method, other.path));
            assert_eq!(same.count(), 1, "{} {}", one.method, one.path);
        }
    }
}

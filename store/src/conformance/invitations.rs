//! Invitations.

use super::fixture::*;
use crate::{Invitation, StoreError, User, UserRole};
use std::sync::Arc;
use tsunagu_call::CompanyId;

const LIMIT: usize = 3;

fn invitation(number: u32, company: CompanyId, hash: &str) -> Invitation {
    Invitation {
        id: id(number),
        company_id: company,
        email: format!("user{number}@example.jp"),
        role: UserRole::Agent,
        hash: hash.into(),
        invited_by: id(99),
        created_at: NOW,
        expires_at: NOW.plus_secs(60),
    }
}

fn is_void(result: Result<(), StoreError>) {
    assert!(matches!(result, Err(StoreError::NotFound { what: "invitation" })), "{result:?}");
}

pub async fn an_invitation_is_kept_shown_and_revoked(store: Shared) {
    store.put_invitation(invitation(2, OURS, "b"), LIMIT, NOW).await.unwrap();
    store.put_invitation(invitation(1, OURS, "a"), LIMIT, NOW).await.unwrap();
    store.put_invitation(invitation(3, THEIRS, "c"), LIMIT, NOW).await.unwrap();
    assert_eq!(store.invitations(OURS).await.unwrap(), [invitation(1, OURS, "a"), invitation(2, OURS, "b")]);
    assert_eq!(store.invitation_by_hash("b", NOW).await.unwrap(), Some(invitation(2, OURS, "b")));
    assert!(!store.revoke_invitation(THEIRS, id(2)).await.unwrap());
    assert!(store.revoke_invitation(OURS, id(2)).await.unwrap());
    assert!(!store.revoke_invitation(OURS, id(2)).await.unwrap());
    assert_eq!(store.invitation_by_hash("b", NOW).await.unwrap(), None);
    is_void(store.accept_invitation("b", user(2, OURS), NOW).await);
    assert_eq!(store.invitations(OURS).await.unwrap().len(), 1);
}

pub async fn an_invitation_is_accepted_once(store: Shared) {
    store.put_invitation(invitation(1, OURS, "a"), LIMIT, NOW).await.unwrap();
    let joiner = |number: u32| {
        let store = Arc::clone(&store);
        let user = User { id: id(100 + number), ..user(1, OURS) };
        async move { store.accept_invitation("a", user, NOW).await }
    };
    let joined = at_once(16, joiner).await;
    assert_eq!(joined.iter().filter(|joined| joined.is_ok()).count(), 1);
    assert_eq!(store.users(OURS).await.unwrap().len(), 1);
    assert_eq!(store.invitations(OURS).await.unwrap(), []);
}

pub async fn an_invitation_is_for_whom_it_names(store: Shared) {
    store.put_invitation(invitation(1, OURS, "a"), LIMIT, NOW).await.unwrap();
    for other in [
        user(1, THEIRS),
        User { role: UserRole::Admin, ..user(1, OURS) },
        User { email: "other@example.jp".into(), ..user(1, OURS) },
    ] {
        let refused = store.accept_invitation("a", other, NOW).await;
        assert!(matches!(refused, Err(StoreError::Invalid { .. })), "{refused:?}");
    }
    store.create_user(user(7, OURS)).await.unwrap();
    let known = store.put_invitation(invitation(7, THEIRS, "b"), LIMIT, NOW).await;
    assert!(matches!(known, Err(StoreError::Duplicate { what: "user", field: "email" })), "{known:?}");
    let id_taken = store.accept_invitation("a", User { id: id(7), ..user(1, OURS) }, NOW).await;
    assert!(matches!(id_taken, Err(StoreError::Duplicate { field: "_id", .. })), "{id_taken:?}");
    store
        .accept_invitation("a", User { email: "USER1@example.jp".into(), ..user(1, OURS) }, NOW)
        .await
        .unwrap();
    assert_eq!(store.find_user(id(1)).await.unwrap(), Some(user(1, OURS)));
}

pub async fn invitations_expire_and_are_bounded(store: Shared) {
    for number in 1..=3 {
        store.put_invitation(invitation(number, OURS, &format!("h{number}")), LIMIT, NOW).await.unwrap();
    }
    let more = store.put_invitation(invitation(4, OURS, "h4"), LIMIT, NOW).await;
    assert!(matches!(more, Err(StoreError::TooMany { what: "invitation", limit: LIMIT })), "{more:?}");
    let again = Invitation { id: id(5), hash: "h5".into(), ..invitation(1, OURS, "") };
    store.put_invitation(again.clone(), LIMIT, NOW).await.unwrap();
    assert_eq!(store.invitation_by_hash("h1", NOW).await.unwrap(), None, "the newer one counts");
    assert_eq!(store.invitation_by_hash("h5", NOW).await.unwrap(), Some(again));
    let late = NOW.plus_secs(60);
    assert_eq!(store.invitation_by_hash("h5", late).await.unwrap(), None);
    is_void(store.accept_invitation("h5", user(1, OURS), late).await);
    let newer = Invitation { expires_at: late.plus_secs(60), ..invitation(4, OURS, "h4") };
    store.put_invitation(newer.clone(), LIMIT, late).await.unwrap();
    assert_eq!(store.invitations(OURS).await.unwrap(), [newer], "those that expired are forgotten");
    assert_eq!(store.forget_expired_tokens(late.plus_secs(60)).await.unwrap(), 1);
}

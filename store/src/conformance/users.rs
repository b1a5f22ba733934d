//! Users as admins manage them, and their passwords.

use super::fixture::*;
use crate::{
    Freed, Paging, PasswordReset, RefreshToken, Spending, StoreError, User, UserChange, UserFilter, UserRole,
};
use std::sync::Arc;

fn admin(number: u32) -> User {
    User { role: UserRole::Admin, ..user(number, OURS) }
}

fn disabling() -> UserChange {
    UserChange { disabled: Some(true), ..UserChange::default() }
}

async fn signed_in(store: &Shared, user: u32, hash: &str) {
    let token = RefreshToken {
        hash: hash.into(),
        user_id: id(user),
        family: id(user),
        epoch: 0,
        expires_at: NOW.plus_secs(3600),
        spent: false,
        spent_at: None,
        spent_for: None,
        revoked: false,
    };
    assert!(store.put_refresh_token(token).await.unwrap());
}

async fn is_void(store: &Shared, hash: &str) -> bool {
    store.spend_refresh_token(hash, None, NOW).await.unwrap() == Spending::Void
}

fn reset(user: u32, hash: &str) -> PasswordReset {
    PasswordReset { user_id: id(user), hash: hash.into(), made_by: id(9), expires_at: NOW.plus_secs(60) }
}

fn ids(users: &[User]) -> Vec<u8> {
    users.iter().map(|user| user.id.bytes()[11]).collect()
}

pub async fn users_are_listed_in_pages_and_filtered(store: Shared) {
    for number in [3, 1, 2] {
        store.create_user(user(number, OURS)).await.unwrap();
    }
    store.create_user(User { disabled: true, ..admin(4) }).await.unwrap();
    store.create_user(user(5, THEIRS)).await.unwrap();
    let list = |filter, page| {
        let store = Arc::clone(&store);
        async move { store.list_users(OURS, filter, Paging::new(page, 3)).await.unwrap() }
    };
    let all = UserFilter::default();
    let (first, second) = (list(all, 1).await, list(all, 2).await);
    assert_eq!((ids(&first.items), first.total), (vec![1, 2, 3], 4));
    assert_eq!((ids(&second.items), second.total), (vec![4], 4));
    let agents = list(UserFilter { role: Some(UserRole::Agent), ..all }, 1).await;
    assert_eq!((ids(&agents.items), agents.total), (vec![1, 2, 3], 3));
    assert_eq!(ids(&list(UserFilter { disabled: Some(true), ..all }, 1).await.items), [4]);
    let working_admins = UserFilter { disabled: Some(false), role: Some(UserRole::Admin) };
    assert_eq!(list(working_admins, 1).await.items, []);
}

pub async fn a_user_is_changed(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    store.create_user(user(2, OURS)).await.unwrap();
    let change = UserChange {
        role: Some(UserRole::Supervisor),
        email: Some("New@Example.jp".into()),
        phone: Some(Some("+81312345678".into())),
        ..UserChange::default()
    };
    let changed = store.change_user(OURS, id(1), change).await.unwrap();
    assert_eq!((changed.role, changed.email.as_str()), (UserRole::Supervisor, "new@example.jp"));
    assert_eq!(store.user_by_email("new@example.jp").await.unwrap(), Some(changed));
    let strangers = store.change_user(THEIRS, id(1), disabling()).await;
    assert!(matches!(strangers, Err(StoreError::NotFound { what: "user" })), "{strangers:?}");
    let taken = UserChange { email: Some("user2@example.jp".into()), ..UserChange::default() };
    let taken = store.change_user(OURS, id(1), taken).await;
    assert!(matches!(taken, Err(StoreError::Duplicate { field: "email", .. })), "{taken:?}");
}

pub async fn a_company_keeps_an_admin(store: Shared) {
    for user in [admin(1), User { disabled: true, ..admin(2) }, user(3, OURS), User { id: id(4), ..admin(4) }]
    {
        store.create_user(user).await.unwrap();
    }
    store.create_user(User { company_id: THEIRS, ..admin(5) }).await.unwrap();
    store.change_user(OURS, id(4), disabling()).await.unwrap();
    let demoting = UserChange { role: Some(UserRole::Supervisor), ..UserChange::default() };
    for change in [disabling(), demoting.clone()] {
        let refused = store.change_user(OURS, id(1), change).await;
        assert!(matches!(refused, Err(StoreError::LastAdmin)), "{refused:?}");
    }
    assert_eq!(store.find_user(id(1)).await.unwrap(), Some(admin(1)));
    let raising = UserChange { role: Some(UserRole::Admin), ..UserChange::default() };
    store.change_user(OURS, id(3), raising).await.unwrap();
    store.change_user(OURS, id(1), demoting).await.unwrap();
}

pub async fn of_two_admins_who_leave_at_once_one_stays(store: Shared) {
    for number in 1..=8 {
        store.create_user(admin(number)).await.unwrap();
    }
    let leaver = |number: u32| {
        let store = Arc::clone(&store);
        async move { store.change_user(OURS, id(number + 1), disabling()).await }
    };
    let left = at_once(8, leaver).await;
    assert_eq!(left.iter().filter(|left| left.is_ok()).count(), 7);
    assert_eq!(left.iter().filter(|left| matches!(left, Err(StoreError::LastAdmin))).count(), 1);
}

pub async fn who_is_disabled_is_signed_out(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    store.create_user(user(2, OURS)).await.unwrap();
    signed_in(&store, 1, "a").await;
    signed_in(&store, 2, "b").await;
    let disabled = store.change_user(OURS, id(1), disabling()).await.unwrap();
    assert!(disabled.disabled && disabled.session_epoch == 1);
    assert!(is_void(&store, "a").await && !is_void(&store, "b").await);
}

pub async fn who_is_disabled_keeps_their_call_and_gets_no_other(store: Shared) {
    let (on_call, promised, idle) = (agent(&store, 1).await, agent(&store, 2).await, agent(&store, 3).await);
    let until = NOW.plus_secs(30);
    assert!(store.reserve_agent(on_call, id(7), until, NOW).await.unwrap());
    assert!(store.seat_agent(on_call, id(7), 3, NOW).await.unwrap());
    assert!(store.reserve_agent(promised, id(8), until, NOW).await.unwrap());
    for user in [on_call, promised, idle] {
        store.change_user(OURS, user, disabling()).await.unwrap();
    }
    assert!(!store.reserve_agent(idle, id(9), until, NOW).await.unwrap());
    assert!(!store.claim_agent(idle, id(9), until, NOW).await.unwrap());
    assert!(store.reserve_agent(promised, id(8), until.plus_secs(30), NOW).await.unwrap(), "renewed");
    assert!(store.claim_agent(on_call, id(7), until, NOW).await.unwrap());
    let freed = Freed { talk_secs: 60, wrap_up_secs: 0, handled: true, now: NOW.plus_secs(60) };
    assert!(store.free_agent(on_call, id(7), freed).await.unwrap());
    assert!(!store.reserve_agent(on_call, id(9), until.plus_secs(90), NOW.plus_secs(60)).await.unwrap());
}

pub async fn a_password_is_changed_from_the_one_that_is_known(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    signed_in(&store, 1, "a").await;
    store.put_password_reset(reset(1, "r")).await.unwrap();
    let wrong = store.change_password(id(1), "another", "new".into()).await;
    assert!(matches!(wrong, Err(StoreError::Changed { what: "user" })), "{wrong:?}");
    assert!(store.password_reset("r", NOW).await.unwrap().is_some());
    let changed = store.change_password(id(1), "$2b$10$x", "new".into()).await.unwrap();
    assert_eq!((changed.password_hash.as_str(), changed.session_epoch), ("new", 1));
    assert_eq!(store.find_user(id(1)).await.unwrap(), Some(changed));
    assert!(is_void(&store, "a").await);
    assert_eq!(store.password_reset("r", NOW).await.unwrap(), None);
    let nobody = store.change_password(id(9), "x", "new".into()).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { what: "user" })), "{nobody:?}");
}

pub async fn a_password_reset_is_good_once_and_for_a_while(store: Shared) {
    let nobody = store.put_password_reset(reset(1, "a")).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { what: "user" })), "{nobody:?}");
    store.create_user(user(1, OURS)).await.unwrap();
    store.put_password_reset(reset(1, "a")).await.unwrap();
    store.put_password_reset(reset(1, "b")).await.unwrap();
    assert_eq!(store.password_reset("a", NOW).await.unwrap(), None, "the newer one counts");
    assert_eq!(store.password_reset("b", NOW).await.unwrap(), Some(reset(1, "b")));
    assert_eq!(store.password_reset("b", NOW.plus_secs(60)).await.unwrap(), None);
    let late = store.reset_password("b", "new".into(), NOW.plus_secs(60)).await;
    assert!(matches!(late, Err(StoreError::NotFound { what: "password reset" })), "{late:?}");
    signed_in(&store, 1, "t").await;
    let resetter = |number: u32| {
        let store = Arc::clone(&store);
        async move { store.reset_password("b", format!("new{number}"), NOW).await }
    };
    let done = at_once(16, resetter).await;
    let one: Vec<_> = done.iter().filter_map(|done| done.as_ref().ok()).collect();
    assert_eq!((one.len(), one[0].session_epoch), (1, 1));
    assert_eq!(store.find_user(id(1)).await.unwrap().as_ref(), Some(one[0]));
    assert!(is_void(&store, "t").await);
}

pub async fn a_password_reset_is_void_for_who_is_disabled(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    store.put_password_reset(reset(1, "a")).await.unwrap();
    store.change_user(OURS, id(1), disabling()).await.unwrap();
    let refused = store.reset_password("a", "new".into(), NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound { what: "password reset" })), "{refused:?}");
    assert_eq!(store.find_user(id(1)).await.unwrap().unwrap().password_hash, "$2b$10$x");
}

//! Companies and users.

use super::fixture::*;
use crate::{
    CompanyChange, CompanyPhrase, CompanySettingsChange, HandoverChange, SpeechChange, StoreError, User,
    UserRole,
};
use tsunagu_conversation::Intent;

pub async fn a_company_is_kept_and_changed(store: Shared) {
    let unchanged = CompanyChange::default();
    assert!(matches!(
        store.change_company(OURS, unchanged.clone()).await,
        Err(StoreError::NotFound { what: "company" })
    ));
    store.create_company(company(OURS)).await.unwrap();
    let again = store.create_company(company(OURS)).await;
    assert!(matches!(again, Err(StoreError::Duplicate { what: "company", field: "_id" })), "{again:?}");
    let mut changed = company(OURS);
    assert_eq!(store.change_company(OURS, unchanged).await.unwrap(), changed);
    changed.name = "新しい名".into();
    changed.settings.handover.wrap_up_secs = 30;
    changed.settings.facts = Some("月額980円です。".into());
    let handover = HandoverChange { wrap_up_secs: Some(30), ..HandoverChange::default() };
    let settings = CompanySettingsChange {
        handover,
        facts: Some(changed.settings.facts.clone()),
        ..CompanySettingsChange::default()
    };
    let change = CompanyChange { name: Some("新しい名".into()), settings, ..CompanyChange::default() };
    assert_eq!(store.change_company(OURS, change).await.unwrap(), changed);
    assert_eq!(store.company(OURS).await.unwrap(), Some(changed));
    assert_eq!(store.company(THEIRS).await.unwrap(), None);
}

pub async fn a_companys_phrases_and_scripts_are_kept_and_counted(store: Shared) {
    store.create_company(company(OURS)).await.unwrap();
    let phrase = CompanyPhrase {
        language: "ja".into(),
        intent: Intent::Absent,
        text: "本社のほうで一括なんで".into(),
    };
    let change = |speech| CompanyChange { speech, ..CompanyChange::default() };
    let phrases = SpeechChange { phrases: Some(vec![phrase.clone()]), ..SpeechChange::default() };
    let changed = store.change_company(OURS, change(phrases)).await.unwrap();
    assert_eq!((changed.speech.revision, &changed.speech.phrases), (1, &vec![phrase.clone()]));
    let script = |text: Option<&str>| SpeechChange {
        script: Some(("en".into(), text.map(str::to_owned))),
        ..SpeechChange::default()
    };
    store.change_company(OURS, change(script(Some("start = \"opening\"")))).await.unwrap();
    store.change_company(OURS, change(script(None))).await.unwrap();
    let name = CompanyChange { name: Some("新しい名".into()), ..CompanyChange::default() };
    let kept = store.change_company(OURS, name).await.unwrap();
    assert_eq!(store.company(OURS).await.unwrap().as_ref(), Some(&kept));
    assert_eq!((kept.speech.revision, kept.speech.phrases.as_slice()), (3, [phrase].as_slice()));
    assert_eq!(
        (kept.speech.script("en"), kept.speech.script_of("en", 1)),
        (None, Some("start = \"opening\""))
    );
}

pub async fn a_company_is_founded_with_its_first_user_or_not_at_all(store: Shared) {
    store.found_company(company(OURS), user(1, OURS)).await.unwrap();
    assert_eq!(store.company(OURS).await.unwrap(), Some(company(OURS)));
    assert_eq!(store.users(OURS).await.unwrap(), [user(1, OURS)]);
    let taken = User { email: "USER1@example.jp".into(), ..user(2, THEIRS) };
    let refused = store.found_company(company(THEIRS), taken).await;
    assert!(matches!(refused, Err(StoreError::Duplicate { what: "user", field: "email" })), "{refused:?}");
    assert_eq!(store.company(THEIRS).await.unwrap(), None);
    let again = store.found_company(company(OURS), user(3, OURS)).await;
    assert!(matches!(again, Err(StoreError::Duplicate { what: "company", field: "_id" })), "{again:?}");
    assert_eq!(store.find_user(id(3)).await.unwrap(), None);
}

pub async fn an_email_address_is_taken_once(store: Shared) {
    store.create_user(User { email: " Hanako@Example.JP".into(), ..user(1, OURS) }).await.unwrap();
    assert_eq!(store.user_by_email("hanako@EXAMPLE.jp ").await.unwrap().unwrap().email, "hanako@example.jp");
    let taken = |error: StoreError| {
        assert!(matches!(error, StoreError::Duplicate { what: "user", field: "email" }), "{error:?}");
    };
    let same = User { email: "hanako@example.jp".into(), ..user(2, THEIRS) };
    taken(store.create_user(same.clone()).await.unwrap_err());
    store.create_user(user(2, THEIRS)).await.unwrap();
    taken(store.update_user(same).await.unwrap_err());
    let id_taken = store.create_user(User { email: "new@example.jp".into(), ..user(1, OURS) }).await;
    assert!(matches!(id_taken, Err(StoreError::Duplicate { field: "_id", .. })), "{id_taken:?}");
}

pub async fn users_are_found_and_replaced(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    let admin = User { role: UserRole::Admin, email: "BOSS@example.jp".into(), ..user(1, OURS) };
    store.update_user(admin).await.unwrap();
    let found = store.find_user(id(1)).await.unwrap().unwrap();
    assert_eq!((found.role, found.email.as_str()), (UserRole::Admin, "boss@example.jp"));
    assert_eq!(store.user_by_email("boss@example.jp").await.unwrap(), Some(found));
    assert_eq!(store.user_by_email("user1@example.jp").await.unwrap(), None);
    assert!(matches!(store.update_user(user(9, OURS)).await, Err(StoreError::NotFound { .. })));
}

pub async fn a_company_sees_only_its_own_users(store: Shared) {
    store.create_user(user(1, OURS)).await.unwrap();
    store.create_user(user(2, THEIRS)).await.unwrap();
    assert_eq!(store.users(OURS).await.unwrap(), [user(1, OURS)]);
    assert_eq!(store.user(OURS, id(1)).await.unwrap(), Some(user(1, OURS)));
    assert_eq!(store.user(THEIRS, id(1)).await.unwrap(), None);
    let moved = store.update_user(user(1, THEIRS)).await;
    assert!(matches!(moved, Err(StoreError::NotFound { .. })), "{moved:?}");
}

pub async fn companies_are_read_one_after_the_other(store: Shared) {
    for number in [3, 1, 2] {
        store.create_company(company(id(number))).await.unwrap();
    }
    let (all, after) = (store.companies(None, 9).await.unwrap(), Some(id(1)));
    assert_eq!(all.iter().map(|company| company.id).collect::<Vec<_>>(), [id(1), id(2), id(3)]);
    let behind = store.companies(after, 1).await.unwrap();
    assert_eq!(behind.iter().map(|company| company.id).collect::<Vec<_>>(), [id(2)]);
    assert_eq!(store.companies(Some(id(3)), 9).await.unwrap(), []);
}

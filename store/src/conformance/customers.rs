//! Customers.

use super::fixture::*;
use crate::{Customer, CustomerChange, CustomerFilter, CustomerMark, CustomerOrder, Paging, StoreError};
use std::sync::Arc;

async fn found(store: &Shared, filter: CustomerFilter) -> Vec<String> {
    let page = store.customers(OURS, &filter, Paging::new(1, 100)).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items.into_iter().map(|customer| customer.name).collect()
}

pub async fn a_customer_is_kept_changed_and_removed(store: Shared) {
    store.create_customer(customer(1, OURS, "山田 太郎")).await.unwrap();
    let change = CustomerChange { phone: Some("+81312345678".into()), ..CustomerChange::default() };
    let changed = store.change_customer(OURS, id(1), change).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.phone.as_str()), ("山田 太郎", "+81312345678"));
    assert_eq!(store.customer(OURS, id(1)).await.unwrap(), Some(changed.clone()));
    assert_eq!(store.customer_by_phone(OURS, "+81312345678").await.unwrap(), Some(changed));
    assert_eq!(store.customer_by_phone(OURS, "+819000000001").await.unwrap(), None);
    assert!(store.delete_customer(OURS, id(1)).await.unwrap());
    assert!(!store.delete_customer(OURS, id(1)).await.unwrap());
    let gone = store.change_customer(OURS, id(1), CustomerChange::default()).await;
    assert!(matches!(gone, Err(StoreError::NotFound { what: "customer" })), "{gone:?}");
    store.mark_customer(id(1), CustomerMark::DoNotCall).await.unwrap();
    store.note_called(id(1), NOW, None).await.unwrap();
    assert_eq!(store.customer(OURS, id(1)).await.unwrap(), None, "a call does not bring them back");
}

pub async fn a_number_is_taken_once_in_a_company(store: Shared) {
    let first = customer(1, OURS, "一");
    store.create_customer(first.clone()).await.unwrap();
    let taken = |error: StoreError| {
        assert!(matches!(error, StoreError::Duplicate { what: "customer", field: "phone" }), "{error:?}");
    };
    taken(
        store
            .create_customer(Customer { phone: first.phone.clone(), ..customer(2, OURS, "二") })
            .await
            .unwrap_err(),
    );
    store.create_customer(customer(2, OURS, "二")).await.unwrap();
    let change = CustomerChange { phone: Some(first.phone.clone()), ..CustomerChange::default() };
    taken(store.change_customer(OURS, id(2), change).await.unwrap_err());
    store.create_customer(Customer { phone: first.phone, ..customer(3, THEIRS, "三") }).await.unwrap();
    let same_id = store.create_customer(Customer { phone: "+8111".into(), ..customer(1, OURS, "一") }).await;
    assert!(matches!(same_id, Err(StoreError::Duplicate { field: "_id", .. })), "{same_id:?}");
}

pub async fn customers_are_searched_and_sorted(store: Shared) {
    for (number, name) in [(1, "Sato"), (2, "鈴木"), (3, "suzuki"), (4, "50%_off")] {
        store.create_customer(customer(number, OURS, name)).await.unwrap();
    }
    let works = |company: &str, status: &str| CustomerChange {
        company: Some(Some(company.into())),
        status: Some(Some(status.into())),
        ..CustomerChange::default()
    };
    store.change_customer(OURS, id(1), works("青空 Trading", "見込み")).await.unwrap();
    let next = CustomerChange { next_call_at: Some(Some(NOW)), ..works("港運輸", "既存") };
    store.change_customer(OURS, id(2), next).await.unwrap();
    store.note_called(id(3), NOW, Some("成功".into())).await.unwrap();

    let search = |text: &str| CustomerFilter { search: Some(text.into()), ..CustomerFilter::default() };
    assert_eq!(found(&store, search("SUZU")).await, ["suzuki"]);
    assert_eq!(found(&store, search(" 木")).await, ["鈴木"]);
    assert_eq!(found(&store, search("trading")).await, ["Sato"]);
    assert_eq!(found(&store, search("00000003")).await, ["suzuki"]);
    assert_eq!(found(&store, search("%")).await, ["50%_off"], "a sign is a sign");
    assert_eq!(found(&store, search("  ")).await.len(), 4);
    let status = CustomerFilter { status: Some("既存".into()), ..CustomerFilter::default() };
    assert_eq!(found(&store, status).await, ["鈴木"]);

    let sorted = |order| CustomerFilter { order, ..CustomerFilter::default() };
    assert_eq!(found(&store, sorted(CustomerOrder::Newest)).await, ["50%_off", "suzuki", "鈴木", "Sato"]);
    assert_eq!(found(&store, sorted(CustomerOrder::Oldest)).await, ["Sato", "鈴木", "suzuki", "50%_off"]);
    assert_eq!(found(&store, sorted(CustomerOrder::Name)).await, ["50%_off", "Sato", "suzuki", "鈴木"]);
    assert_eq!(
        found(&store, sorted(CustomerOrder::NameDescending)).await,
        ["鈴木", "suzuki", "Sato", "50%_off"]
    );
    assert_eq!(found(&store, sorted(CustomerOrder::LastCalled)).await, ["suzuki", "50%_off", "鈴木", "Sato"]);
    assert_eq!(found(&store, sorted(CustomerOrder::NextCall)).await, ["鈴木", "Sato", "suzuki", "50%_off"]);
    let second = store.customers(OURS, &sorted(CustomerOrder::Oldest), Paging::new(2, 3)).await.unwrap();
    assert_eq!((second.items.len(), second.total), (1, 4));
}

pub async fn a_change_and_a_mark_do_not_undo_each_other(store: Shared) {
    store.create_customer(customer(1, OURS, "山田")).await.unwrap();
    let task = |number: u32| {
        let store = Arc::clone(&store);
        async move {
            if number.is_multiple_of(2) {
                let change =
                    CustomerChange { notes: Some(Some("メモ".into())), ..CustomerChange::default() };
                drop(store.change_customer(OURS, id(1), change).await.unwrap());
            } else {
                store.mark_customer(id(1), CustomerMark::DoNotCall).await.unwrap();
            }
        }
    };
    at_once(16, task).await;
    let both = store.customer(OURS, id(1)).await.unwrap().unwrap();
    assert_eq!((both.notes.as_deref(), both.do_not_call), (Some("メモ"), true));
}

pub async fn what_calls_find_out_is_noted(store: Shared) {
    store.create_customer(customer(1, OURS, "山田")).await.unwrap();
    store.mark_customer(id(1), CustomerMark::WrongNumber).await.unwrap();
    store.note_called(id(1), NOW.plus_secs(9), Some("要フォロー".into())).await.unwrap();
    store.note_called(id(1), NOW, Some("不在".into())).await.unwrap();
    let noted = store.customer(OURS, id(1)).await.unwrap().unwrap();
    assert!(noted.wrong_number && !noted.do_not_call);
    assert_eq!(
        (noted.last_call_at, noted.last_call_result.as_deref()),
        (Some(NOW.plus_secs(9)), Some("要フォロー"))
    );
}

pub async fn a_company_sees_only_its_own_customers(store: Shared) {
    let theirs = customer(1, THEIRS, "山田");
    store.create_customer(theirs.clone()).await.unwrap();
    assert_eq!(store.customer(OURS, id(1)).await.unwrap(), None);
    assert_eq!(store.customer_by_phone(OURS, &theirs.phone).await.unwrap(), None);
    assert_eq!(found(&store, CustomerFilter::default()).await, [""; 0]);
    assert!(!store.delete_customer(OURS, id(1)).await.unwrap());
    assert!(store.change_customer(OURS, id(1), CustomerChange::default()).await.is_err());
    assert_eq!(store.customer(THEIRS, id(1)).await.unwrap(), Some(theirs));
}

//! Customers.

use super::fixture::*;
use crate::{
    Customer, CustomerChange, CustomerEntry, CustomerFilter, CustomerMark, CustomerOrder, CustomerPlace,
    Entered, Paging, StoreError,
};
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

pub async fn width_and_kana_and_hyphens_do_not_matter(store: Shared) {
    store.create_customer(customer(12_345_678, OURS, "ヤマダ　ﾀﾛｳ")).await.unwrap();
    store.create_customer(customer(2, OURS, "他の人")).await.unwrap();
    let search = |text: &str| CustomerFilter { search: Some(text.into()), ..CustomerFilter::default() };
    for text in ["やまだ", "ﾔﾏﾀﾞたろう", "090-1234-5678", "+81 90 1234", "０９０ー１２３４", "12345678"]
    {
        assert_eq!(found(&store, search(text)).await, ["ヤマダ　ﾀﾛｳ"], "{text}");
    }
    let renamed = CustomerChange { name: Some("佐藤".into()), ..CustomerChange::default() };
    store.change_customer(OURS, id(12_345_678), renamed).await.unwrap();
    assert_eq!(found(&store, search("やまだ")).await, [""; 0]);
    assert_eq!(found(&store, search("佐 藤")).await, ["佐藤"]);
}

pub async fn customers_are_found_by_their_flags(store: Shared) {
    for (number, name) in [(1, "一"), (2, "二"), (3, "三")] {
        store.create_customer(customer(number, OURS, name)).await.unwrap();
    }
    store.mark_customer(id(1), CustomerMark::DoNotCall).await.unwrap();
    let change = CustomerChange { wrong_number: Some(true), ..CustomerChange::default() };
    store.change_customer(OURS, id(2), change).await.unwrap();
    let flags = |do_not_call, wrong_number| CustomerFilter {
        do_not_call,
        wrong_number,
        order: CustomerOrder::Oldest,
        ..CustomerFilter::default()
    };
    assert_eq!(found(&store, flags(Some(true), None)).await, ["一"]);
    assert_eq!(found(&store, flags(None, Some(true))).await, ["二"]);
    assert_eq!(found(&store, flags(Some(false), None)).await, ["二", "三"]);
    assert_eq!(found(&store, flags(Some(false), Some(false))).await, ["三"]);
}

pub async fn customers_are_read_one_after_the_other(store: Shared) {
    for number in [3, 1, 2] {
        let entered = Customer { created_at: NOW, ..customer(number, OURS, &number.to_string()) };
        store.create_customer(entered).await.unwrap();
    }
    store
        .create_customer(Customer { created_at: NOW.plus_millis(-9), ..customer(4, OURS, "4") })
        .await
        .unwrap();
    store.create_customer(customer(5, THEIRS, "5")).await.unwrap();
    let (mut after, mut names) = (None, Vec::new());
    loop {
        let filter = CustomerFilter { order: CustomerOrder::Name, ..CustomerFilter::default() };
        let found = store.customers_after(OURS, &filter, after, 3).await.unwrap();
        let Some(last) = found.last() else { break };
        after = Some(CustomerPlace { created: last.created_at, customer: last.id });
        names.extend(found.into_iter().map(|customer| customer.name));
    }
    assert_eq!(names, ["4", "1", "2", "3"]);
}

pub async fn many_are_entered_or_changed(store: Shared) {
    store.create_customer(customer(1, OURS, "一")).await.unwrap();
    let noted = |text: &str| CustomerChange { notes: Some(Some(text.into())), ..CustomerChange::default() };
    let entry = |number, name: &str, change| CustomerEntry { customer: customer(number, OURS, name), change };
    let known = CustomerEntry {
        customer: Customer { id: id(11), ..customer(1, OURS, "別の名") },
        change: noted("known"),
    };
    let again = CustomerEntry {
        customer: Customer { id: id(12), ..customer(2, OURS, "二") },
        change: noted("again"),
    };
    let entries = vec![known, entry(2, "二", noted("first")), again, entry(3, "", noted("nameless"))];
    let entered = store.enter_customers(OURS, entries).await.unwrap();
    assert_eq!(entered, [Entered::Updated, Entered::Created, Entered::Updated, Entered::Nameless]);
    let first = store.customer(OURS, id(1)).await.unwrap().unwrap();
    assert_eq!((first.name.as_str(), first.notes.as_deref()), ("一", Some("known")));
    let second = store.customer(OURS, id(2)).await.unwrap().unwrap();
    assert_eq!(second.notes.as_deref(), Some("again"));
    assert_eq!(found(&store, CustomerFilter::default()).await, ["二", "一"]);
}

pub async fn of_many_all_are_entered_or_none(store: Shared) {
    store.create_customer(customer(1, OURS, "一")).await.unwrap();
    let entry = |customer| CustomerEntry { customer, change: CustomerChange::default() };
    let taken = Customer { phone: "+81312345678".into(), ..customer(1, OURS, "同じid") };
    let entries = vec![entry(customer(2, OURS, "二")), entry(taken)];
    let refused = store.enter_customers(OURS, entries).await;
    assert!(matches!(refused, Err(StoreError::Duplicate { field: "_id", .. })), "{refused:?}");
    let strangers = vec![entry(customer(2, OURS, "二")), entry(customer(3, THEIRS, "三"))];
    let refused = store.enter_customers(OURS, strangers).await;
    assert!(matches!(refused, Err(StoreError::Invalid { .. })), "{refused:?}");
    assert_eq!(found(&store, CustomerFilter::default()).await, ["一"]);
    store.create_customer(customer(2, OURS, "二")).await.unwrap();
}

pub async fn who_is_in_a_call_is_not_removed(store: Shared) {
    store.create_customer(customer(7, OURS, "山田")).await.unwrap();
    let record = open(&store, 1, 7).await;
    let busy = store.delete_customer(OURS, id(7)).await;
    assert!(matches!(busy, Err(StoreError::CustomerBusy { call }) if call == record.id), "{busy:?}");
    assert!(!store.delete_customer(THEIRS, id(7)).await.unwrap(), "strangers learn nothing");
    end(&store, &record).await;
    assert!(store.delete_customer(OURS, id(7)).await.unwrap());
}

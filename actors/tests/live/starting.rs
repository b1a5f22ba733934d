//! A call begins: journalled, then dialled, once.

use crate::world::{COMPANY, FROM, World, customer, customer_phone};
use tsunagu_actors::StartError;
use tsunagu_call::{Command, Event, Settlement};
use tsunagu_store::{CustomerMark, CustomerStore};

#[actix::test]
async fn the_carrier_dials_once_the_opening_is_in_the_journal() {
    let world = World::new(1).await;
    world.store.hold();
    let starting = world.try_start(1, None);
    let watching = async {
        world.rest().await;
        assert!(world.carrier.commands().is_empty(), "dialled before the journal had it");
        world.store.release().await;
    };
    let (begun, ()) = tokio::join!(starting, watching);
    let call = begun.unwrap().call;
    world.rest().await;

    let dialled = world.dialled();
    let [leg] = dialled.as_slice() else { panic!("{dialled:?}") };
    let base = "https://calls.example.jp/api/twilio";
    let again = "#rc=5&rp=ct,rt,5xx";
    let url = format!("{base}/voice/conference/{call}?lang=ja{again}");
    assert_eq!((leg.to.as_str(), leg.from.as_str()), (customer_phone(1).as_str(), FROM));
    assert_eq!((&leg.url, leg.fallback_url.as_ref()), (&url, Some(&url)));
    assert_eq!(leg.status_callback, Some(format!("{base}/call/status/{call}{again}")));
    assert_eq!(
        leg.machine_detection.as_ref().unwrap().async_callback,
        Some(format!("{base}/call/amd/{call}{again}"))
    );
    assert_eq!((leg.timeout_secs, leg.time_limit_secs, leg.record.as_ref()), (Some(30), Some(960), None));
    assert_eq!(leg.created_after, world.clock.now().timestamp());

    let journal = world.journal(call).await;
    assert!(matches!(journal[0].event, Event::Created(_)));
    assert!(matches!(journal[1].event, Event::Intended { command: Command::DialCustomer, .. }));
    let call_sid = world.leg(&customer_phone(1));
    assert_eq!(journal[2].event, Event::Settled { id: 1, settlement: Settlement::Dialled { call_sid } });
    world.end().await;
}

#[actix::test]
async fn the_same_key_starts_nothing_again_and_a_customer_is_in_one_call() {
    let world = World::new(1).await;
    let first = world.try_start(1, Some("key")).await.unwrap();
    let again = world.try_start(1, Some("key")).await.unwrap();
    assert_eq!((again.call, first.before, again.before), (first.call, false, true));
    assert!(matches!(world.try_start(1, None).await, Err(StartError::CustomerBusy)));
    world.start(2).await;
    world.rest().await;
    assert_eq!((world.times_dialled(&customer_phone(1)), world.times_dialled(&customer_phone(2))), (1, 1));
    world.end().await;
}

#[actix::test]
async fn who_is_marked_or_removed_while_a_call_begins_is_not_rung() {
    let world = World::new(1).await;
    world.store.hold();
    let starting =
        async { tokio::join!(world.try_start(1, None), world.try_start(2, None), world.try_start(3, None)) };
    let changing = async {
        // All of them have been looked at, and may be rung; their calls are about to be opened.
        world.rest().await;
        let store = &world.store.memory;
        store.mark_customer(customer(1), CustomerMark::DoNotCall).await.unwrap();
        store.mark_customer(customer(2), CustomerMark::WrongNumber).await.unwrap();
        assert!(store.delete_customer(COMPANY, customer(3)).await.unwrap());
        world.store.release().await;
    };
    let ((first, second, third), ()) = tokio::join!(starting, changing);
    assert!(matches!(first, Err(StartError::DoNotCall)), "{first:?}");
    assert!(matches!(second, Err(StartError::WrongNumber)), "{second:?}");
    assert!(matches!(third, Err(StartError::NoCustomer)), "{third:?}");
    world.rest().await;
    assert_eq!(world.dialled(), []);
    world.end().await;
}

#[actix::test]
async fn a_number_that_cannot_be_dialled_ends_the_call() {
    let world = World::new(1).await;
    world.carrier.fail_next(1, tsunagu_carrier::script::Fault::Rejected(21211));
    let call = world.start(1).await;
    let record = world.record(call).await;
    assert_eq!((record.status.as_str(), record.end_reason.as_deref()), ("failed", Some("carrier_failed")));
    world.start(1).await;
    assert_eq!(world.dialled().len(), 1, "the customer is free for another call");
    world.end().await;
}

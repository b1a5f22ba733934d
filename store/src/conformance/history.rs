//! The history of calls: searched, read on from a place, and summed up.

use super::fixture::*;
use crate::{
    Bucket, CallFigures, CallFilter, CallPlace, CallStatistics, Grouping, Opening, Paging, StatisticsFilter,
};
use jiff::tz::TimeZone;
use serde_json::json;
use tsunagu_call::{CallId, CallRecord, Status, Time};

/// A call that was answered, took so many seconds and came to this result.
async fn over(store: &Shared, call: u32, start_time: Time, (duration, result): (u32, &str)) -> CallRecord {
    let begun = CallRecord { start_time, ..record(call, OURS, call) };
    try_open(store, Opening { record: begun.clone(), ..opening(call, call) }).await.unwrap();
    let over = CallRecord {
        status: Status::Completed,
        answered_time: Some(start_time.plus_secs(5)),
        end_time: Some(start_time.plus_secs(5 + duration)),
        duration,
        call_result: Some(result.to_owned()),
        ..begun
    };
    store.commit(replacing(&over)).await.unwrap();
    over
}

async fn figures(store: &Shared, grouping: Grouping) -> CallStatistics {
    store.call_statistics(OURS, StatisticsFilter::default(), grouping).await.unwrap()
}

/// The few calls that a filter finds, which both ways of listing agree on.
async fn listed(store: Shared, filter: CallFilter) -> Vec<CallId> {
    let page = store.calls(OURS, &filter, Paging::default()).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    let lines = store.calls_after(OURS, &filter, None, 9).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|record| record.id).collect();
    assert_eq!(lines.iter().map(|(line, _)| line.id).collect::<Vec<_>>(), ids);
    ids
}

pub async fn calls_are_searched_by_customer_and_notes(store: Shared) {
    for (number, name) in [(1, "山田 太郎"), (2, "ヤマダ電機"), (3, "佐藤")] {
        store.create_customer(customer(number, OURS, name)).await.unwrap();
        over(&store, number, NOW.plus_secs(number), (9, "不在")).await;
    }
    let found = |search: &'static str| {
        listed(store.clone(), CallFilter { search: Some(search.into()), ..CallFilter::default() })
    };
    assert_eq!(found("ﾔﾏﾀﾞ").await, [id(2)], "width and kana do not matter");
    assert_eq!(found("90-0000-0003").await, [id(3)], "nor do hyphens");
    assert_eq!(found("いません").await, []);
    assert_eq!(found(" ").await, [id(3), id(2), id(1)], "nothing is searched for");

    let mut noted = store.call(OURS, id(3)).await.unwrap().unwrap();
    noted.notes = Some("来週　ヤマダさんへ".into());
    store.commit(replacing(&noted)).await.unwrap();
    assert_eq!(found("やまだ").await, [id(3), id(2)]);
    noted.notes = Some("済み".into());
    store.commit(replacing(&noted)).await.unwrap();
    assert_eq!(found("やまだ").await, [id(2)], "what was overwritten is not found");
    noted.notes = None;
    store.commit(replacing(&noted)).await.unwrap();
    assert_eq!(found("済み").await, []);

    store.delete_customer(OURS, id(2)).await.unwrap();
    assert_eq!(found("やまだ").await, [], "a customer who was removed is not found");
}

pub async fn calls_are_found_by_what_was_said(store: Shared) {
    for (number, name) in [(1, "山田"), (2, "佐藤"), (3, "鈴木")] {
        store.create_customer(customer(number, OURS, name)).await.unwrap();
    }
    let said = |record: &CallRecord, lines: &[(&str, &str)]| {
        let line = |(speaker, message): &(&str, &str)| json!({"timestamp": NOW, "speaker": speaker, "message": message});
        let transcript = serde_json::from_value(lines.iter().map(line).collect()).unwrap();
        CallRecord { transcript, ..record.clone() }
    };
    let first = over(&store, 1, NOW.plus_secs(1), (9, "不在")).await;
    let first =
        said(&first, &[("ai", "ご担当者様"), ("customer", "お見積りを、ください"), ("agent", "ＯＫです")]);
    store.commit(replacing(&first)).await.unwrap();
    let second = over(&store, 2, NOW.plus_secs(2), (9, "拒否")).await;
    store
        .commit(replacing(&said(&second, &[("customer", "み"), ("customer", "つもり (a.b)")])))
        .await
        .unwrap();
    let live = CallRecord { start_time: NOW.plus_secs(3), ..record(3, OURS, 3) };
    try_open(&store, Opening { record: live.clone(), ..opening(3, 3) }).await.unwrap();
    store.commit(replacing(&said(&live, &[("customer", "お見積り")]))).await.unwrap();

    let found = |said: &str, search: Option<&str>| {
        let filter = CallFilter {
            said: Some(said.into()),
            search: search.map(str::to_owned),
            ..CallFilter::default()
        };
        listed(store.clone(), filter)
    };
    assert_eq!(found("見積り", None).await, [id(1)], "a call that lives is not found");
    assert_eq!(found("りをくだ", None).await, [id(1)], "punctuation does not matter");
    assert_eq!(found("積", None).await, [id(1)], "one sign is enough");
    assert_eq!(found("ok", None).await, [id(1)], "agents count");
    assert_eq!(found("担当者", None).await, [], "the AI does not");
    assert_eq!(found("ツモリ", None).await, [id(2)]);
    assert_eq!(found("みつもり", None).await, [], "no search reaches across lines");
    assert_eq!(found("(a.b)", None).await, [id(2)]);
    assert_eq!(found("a*\" OR \"り", None).await, []);
    assert_eq!(found("り", None).await, [id(2), id(1)]);
    assert_eq!(found("り", Some("山田")).await, [id(1)], "both are wanted");
    assert_eq!(found("、", None).await, [id(3), id(2), id(1)], "nothing is searched for");

    store.commit(replacing(&said(&first, &[("customer", "結構です")]))).await.unwrap();
    assert_eq!(found("見積", None).await, [], "what was put right is not found");
    store.commit(replacing(&said(&first, &[]))).await.unwrap();
    assert_eq!(found("結構", None).await, []);
}

pub async fn calls_are_read_on_from_a_place(store: Shared) {
    for call in 1..=9 {
        over(&store, call, NOW.plus_secs(call / 3), (9, "不在")).await;
    }
    let live = CallRecord { start_time: NOW.plus_secs(1), ..record(10, OURS, 10) };
    try_open(&store, Opening { record: live.clone(), ..opening(10, 10) }).await.unwrap();
    assert!(store.delete_customer(OURS, id(4)).await.unwrap());
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let lines = store.calls_after(OURS, &CallFilter::default(), after, 2).await.unwrap();
        let Some((last, _)) = lines.last() else { break };
        after = Some(CallPlace { started: last.start_time, call: last.id });
        seen.extend(lines);
        if seen.len() == 4 {
            // One begins and one ends while somebody reads.
            over(&store, 11, NOW.plus_secs(60), (9, "不在")).await;
            end(&store, &live).await;
        }
    }
    let ids: Vec<_> = seen.iter().map(|(line, _)| line.id).collect();
    assert_eq!(ids, [9, 8, 7, 6, 10, 5, 4, 3, 2, 1].map(id));
    for (line, customer) in &seen {
        let expected = Some(line.customer_id).filter(|customer| *customer != id(4));
        assert_eq!(customer.as_ref().map(|customer| customer.id), expected, "one was removed");
    }
    assert!(store.calls_after(THEIRS, &CallFilter::default(), None, 9).await.unwrap().is_empty());
}

pub async fn a_line_tells_how_the_recording_stands(store: Shared) {
    let call = over(&store, 1, NOW, (60, "成功")).await;
    let line = || async {
        let lines = store.calls_after(OURS, &CallFilter::default(), None, 9).await.unwrap();
        let (line, _) = lines.into_iter().next().unwrap();
        (line.twilio_call_sid, line.recording_sid, line.recording_status)
    };
    assert_eq!(line().await, (None, None, None));
    let some = |text: &str| Some(text.to_owned());
    let recorded = CallRecord {
        twilio_call_sid: some("CA1"),
        recording_sid: some("RE1"),
        recording_status: some("in-progress"),
        ..call
    };
    store.commit(replacing(&recorded)).await.unwrap();
    assert_eq!(line().await, (some("CA1"), some("RE1"), some("in-progress")));
}

pub async fn figures_follow_what_is_put_right(store: Shared) {
    let call = over(&store, 1, NOW, (60, "成功")).await;
    store.commit(replacing(&call)).await.unwrap();
    store.commit(replacing(&call)).await.unwrap();
    let once = CallFigures { calls: 1, successful: 1, answered: 1, seconds: 60, ..CallFigures::default() };
    assert_eq!(figures(&store, Grouping::Nothing).await.all, once, "however often it is written");

    let human = json!([{"role": "ai", "joinedAt": NOW, "leftAt": NOW.plus_secs(40)}]);
    let handed_over = CallRecord {
        call_result: Some("要フォロー".into()),
        assigned_agent: Some(id(90)),
        handoff_time: Some(NOW.plus_secs(30)),
        participants: serde_json::from_value(human).unwrap(),
        ..call.clone()
    };
    store.commit(replacing(&handed_over)).await.unwrap();
    let followed = figures(&store, Grouping::Agents).await;
    let handed = CallFigures { successful: 0, handoffs: 1, connected: 1, seconds_waited: 10, ..once };
    assert_eq!(followed.all, handed);
    assert_eq!(followed.results.into_iter().collect::<Vec<_>>(), [("要フォロー".to_owned(), handed)]);
    assert_eq!(followed.series.into_iter().collect::<Vec<_>>(), [(Bucket::Agent(Some(id(90))), handed)]);

    let alive = CallRecord { status: Status::AiResponding, call_result: None, ..handed_over };
    store.commit(replacing(&alive)).await.unwrap();
    let alive = figures(&store, Grouping::Agents).await;
    let counted = CallFigures { calls: 1, ..CallFigures::default() };
    assert_eq!(
        (alive.all, alive.results.len()),
        (counted, 0),
        "a call that is not over counts as a call alone"
    );
    assert_eq!(alive.series.into_iter().collect::<Vec<_>>(), [(Bucket::Agent(Some(id(90))), counted)]);
}

pub async fn figures_are_parted_by_the_places_days(store: Shared) {
    let at = |text: &str| text.parse::<Time>().unwrap();
    over(&store, 1, at("2026-11-25T14:59:59.999Z"), (10, "不在")).await;
    over(&store, 2, at("2026-11-25T15:00:00Z"), (20, "成功")).await;
    over(&store, 3, at("2026-11-26T14:30:00Z"), (40, "拒否")).await;
    let calls = |statistics: CallStatistics| -> Vec<(Bucket, i64, i64)> {
        statistics.series.iter().map(|(bucket, part)| (*bucket, part.calls, part.seconds)).collect()
    };
    let day = |text: &str| Bucket::Day(text.parse().unwrap());
    let zone = |name| TimeZone::get(name).unwrap();
    let tokyo = figures(&store, Grouping::Days(zone("Asia/Tokyo"))).await;
    assert_eq!(tokyo.all.average_seconds(), 23);
    assert_eq!(calls(tokyo), [(day("2026-11-25"), 1, 10), (day("2026-11-26"), 2, 60)]);
    let utc = figures(&store, Grouping::Days(TimeZone::UTC)).await;
    assert_eq!(calls(utc), [(day("2026-11-25"), 2, 30), (day("2026-11-26"), 1, 40)]);
    // 14:30 UTC is the end of an hour of India, within one of UTC.
    let hours = figures(&store, Grouping::Hours(zone("Asia/Kolkata"))).await;
    let hour = |text: &str| Bucket::Hour(at(text));
    assert_eq!(calls(hours), [(hour("2026-11-25T14:30:00Z"), 2, 30), (hour("2026-11-26T14:30:00Z"), 1, 40)]);
    for (since, begun) in [("2026-11-25T15:00:00Z", 2), ("2026-11-25T15:00:00.001Z", 1)] {
        assert_eq!(store.calls_begun(OURS, at(since)).await.unwrap(), begun);
        assert_eq!(store.calls_begun(THEIRS, at(since)).await.unwrap(), 0);
    }
    let to = StatisticsFilter { to: Some(at("2026-11-26T14:30:00Z")), ..StatisticsFilter::default() };
    let part = store.call_statistics(OURS, to, Grouping::Nothing).await.unwrap();
    assert_eq!((part.all.calls, part.results.len()), (2, 2));
    assert_eq!(store.call_statistics(THEIRS, to, Grouping::Agents).await.unwrap(), CallStatistics::default());
}

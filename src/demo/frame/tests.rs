use super::super::view::tests::{START, Told, ended, handover, heard, leg, moved, said};
use super::*;
use tsunagu_call::{EndReason, LegStatus, Stage};
use tsunagu_conversation::{Intent, Phase};

fn busy_view() -> View {
    let mut view = View::default();
    let long = "お忙しいところ恐れ入ります、青空システムの青木に代わり、クラウド勤怠サービスのご案内でお電話しております。";
    for (number, name, company) in [
        (1, "佐藤 一郎", "山田商事"),
        (2, "Mike Donovan", "Harbor Point Clinic"),
        (3, "鈴木 麻衣", "鈴木工業 浜松工場 第二製造部"),
    ] {
        let mut told = Told::begin(&mut view, number, name, company);
        told.tell(&mut view, [leg(LegStatus::InProgress), said(1, Phase::Opening, &[long])]);
        if number == 1 {
            told.tell(
                &mut view,
                [heard(1, "はい、私が担当ですが、どういったお話でしょう", Intent::PersonInCharge)],
            );
            told.tell(&mut view, handover());
            told.tell(&mut view, [moved(Stage::Bridged { attempt: 1 })]);
        }
    }
    let mut told = Told::begin(&mut view, 4, "渡辺 和夫", "渡辺設備");
    told.tell(&mut view, [leg(LegStatus::InProgress), ended(Outcome::Rejected, EndReason::CustomerHungUp)]);
    view
}

fn head() -> Vec<String> {
    vec![
        "Tsunagu demo: 青空システム rings 50 customers".to_owned(),
        "server http://localhost:5000".to_owned(),
    ]
}

/// What a row says, at the columns where it stands.
fn text(row: &Row) -> String {
    let mut text = String::new();
    for cell in row {
        assert!(width(&text) <= cell.column, "{row:?} overlaps");
        text.extend(std::iter::repeat_n(' ', cell.column - width(&text)));
        text.push_str(&cell.text);
    }
    text
}

#[test]
fn nothing_leaves_the_screen_or_overlaps_whatever_its_size() {
    let view = busy_view();
    for columns in [1, 10, 40, 72, 80, 100, 110, 140, 200, 300] {
        for rows in [1, 2, 5, 10, 24, 50] {
            let frame = frame(&view, &head(), START.plus_secs(30), Size { columns, rows });
            assert!(frame.len() <= rows);
            for row in &frame {
                assert!(width(&text(row)) <= columns, "{columns}x{rows}: {row:?}");
            }
        }
    }
}

#[test]
fn the_columns_of_all_calls_stand_below_their_titles() {
    let frame = frame(&busy_view(), &head(), START.plus_secs(30), Size { columns: 120, rows: 30 });
    let rows: Vec<String> = frame.iter().map(text).collect();
    let titles = frame.iter().find(|row| row.first().is_some_and(|cell| cell.text == "customer")).unwrap();
    let last_words = titles.last().unwrap().column;
    for call in frame.iter().filter(|row| row.iter().any(|cell| cell.text.starts_with("with "))) {
        assert_eq!(call.last().unwrap().column, last_words);
    }
    let connected = rows.iter().find(|row| row.starts_with("佐藤 一郎 (山田商事)")).unwrap();
    for part in ["with a human", "opening / person_in_charge", "中野 美咲", "customer: はい、私が担当ですが"]
    {
        let shown = part.chars().take(20).collect::<String>();
        assert!(connected.contains(&shown), "{shown} in {connected}");
    }
    assert!(rows.contains(&"3 live  1 with a human  0 waiting for one".to_owned()), "{rows:#?}");
    let ended = "1 ended  success 0  absent 0  rejected 1  follow_up 0  failed 0  success rate 0 %";
    assert!(rows.contains(&ended.to_owned()), "{rows:#?}");
    assert!(
        rows.iter().any(|row| row.ends_with("ended: rejected 拒否 (customer hung up, 42 s)")),
        "{rows:#?}"
    );
}

#[test]
fn calls_that_find_no_room_are_counted() {
    let mut view = View::default();
    for number in 1..=30 {
        Told::begin(&mut view, number, "佐藤 一郎", "山田商事");
    }
    let rows: Vec<String> =
        frame(&view, &head(), START, Size { columns: 80, rows: 24 }).iter().map(text).collect();
    let shown = rows.iter().filter(|row| row.starts_with("佐藤")).count();
    assert!(rows.contains(&format!("and {} more", 30 - shown)), "{rows:#?}");
    assert!(rows.iter().any(|row| row.starts_with("hand-overs and ends")), "the log has its room: {rows:#?}");
}

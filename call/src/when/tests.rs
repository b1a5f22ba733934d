use super::*;
use proptest::test_runner::{Config as ProptestConfig, RngSeed};

/// A Friday, half past ten in the morning in Tokyo.
const FRIDAY: &str = "2026-11-20T10:30:00+09:00";

#[track_caller]
fn check(said_at: &str, cases: &[(&str, &str)]) {
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    for (words, expected) in cases {
        let moment = when(words, said_at.parse().unwrap(), &zone);
        let shown = moment.map_or("none".to_owned(), |moment| {
            moment.timestamp().to_zoned(zone.clone()).strftime("%a %m-%d %H:%M").to_string()
        });
        assert_eq!(&shown, expected, "{words}");
    }
}

#[test]
fn japanese_times_of_day() {
    check(
        FRIDAY,
        &[
            ("三時ごろ", "Fri 11-20 15:00"),
            ("3時", "Fri 11-20 15:00"),
            ("３時半", "Fri 11-20 15:30"),
            ("二時半", "Fri 11-20 14:30"),
            ("十五時", "Fri 11-20 15:00"),
            ("14時20分", "Fri 11-20 14:20"),
            ("15:45", "Fri 11-20 15:45"),
            ("15:45ごろ", "Fri 11-20 15:45"),
            ("午後三時以降", "Fri 11-20 15:00"),
            ("午後一時", "Fri 11-20 13:00"),
            ("午前十一時", "Fri 11-20 11:00"),
            ("午前9時", "Sat 11-21 09:00"),
            ("午後〇時半", "Fri 11-20 12:30"),
            ("12時", "Fri 11-20 12:00"),
            ("正午", "Fri 11-20 12:00"),
            ("十一時前", "Sat 11-21 10:30"),
            ("四時前後", "Fri 11-20 16:00"),
            ("五時前", "Fri 11-20 16:30"),
            ("夕方5時", "Fri 11-20 17:00"),
            ("朝の8時", "Sat 11-21 08:00"),
            ("夜八時", "Fri 11-20 20:00"),
            ("10時か午後3時", "Sat 11-21 10:00"),
            ("2時か3時あたり", "Fri 11-20 14:00"),
            ("二十五時", "none"),
        ],
    );
}

#[test]
fn japanese_parts_of_the_day() {
    check(
        FRIDAY,
        &[
            ("午後", "Fri 11-20 14:00"),
            ("午後一", "Fri 11-20 13:00"),
            ("午後いちで", "Fri 11-20 13:00"),
            ("お昼過ぎ", "Fri 11-20 13:00"),
            ("昼休み", "Fri 11-20 12:00"),
            ("夕方", "Fri 11-20 17:00"),
            ("夜", "Fri 11-20 19:00"),
            ("朝一番", "Sat 11-21 09:00"),
            // Half past ten, said in the morning: within the morning, a while from now.
            ("午前中", "Fri 11-20 11:30"),
            ("今日の午後", "Fri 11-20 14:00"),
            ("本日中", "Fri 11-20 12:30"),
            ("今晩", "Fri 11-20 19:00"),
        ],
    );
    check(
        "2026-11-20T15:20:30+09:00",
        &[
            ("午後", "Fri 11-20 16:21"),
            ("今日の午前中", "Sat 11-21 10:00"),
            ("三時", "Sat 11-21 15:00"),
            ("昼", "Sat 11-21 12:00"),
        ],
    );
}

#[test]
fn japanese_days() {
    check(
        FRIDAY,
        &[
            ("明日", "Sat 11-21 10:00"),
            ("明日の午前中", "Sat 11-21 10:00"),
            ("あしたの三時", "Sat 11-21 15:00"),
            ("翌朝", "Sat 11-21 10:00"),
            ("明後日", "Sun 11-22 10:00"),
            ("あさっての午後2時半", "Sun 11-22 14:30"),
            ("しあさって", "Mon 11-23 10:00"),
            ("三日後", "Mon 11-23 10:00"),
            ("2,3日後", "Mon 11-23 10:00"),
            ("数日後の夕方", "Mon 11-23 17:00"),
            ("月曜", "Mon 11-23 10:00"),
            ("月曜日の三時", "Mon 11-23 15:00"),
            ("金曜の午後", "Fri 11-20 14:00"),
            ("金曜日", "Fri 11-27 10:00"),
            ("木曜", "Thu 11-26 10:00"),
            ("来週の月曜", "Mon 11-23 10:00"),
            ("来週の金曜の十時", "Fri 11-27 10:00"),
            ("今週の水曜", "Wed 11-25 10:00"),
            ("再来週の火曜日", "Tue 12-01 10:00"),
            ("来週", "Mon 11-23 10:00"),
            ("来週の午後", "Mon 11-23 14:00"),
            ("週明け", "Mon 11-23 10:00"),
            ("今週中", "Fri 11-27 10:00"),
            ("週末", "Sat 11-21 10:00"),
            ("来週末", "Sat 11-28 10:00"),
            ("二週間後", "Fri 12-04 10:00"),
        ],
    );
}

#[test]
fn japanese_dates() {
    check(
        FRIDAY,
        &[
            ("25日", "Wed 11-25 10:00"),
            ("15日の14時半", "Tue 12-15 14:30"),
            ("二十日以降", "Sun 12-20 10:00"),
            ("31日", "Thu 12-31 10:00"),
            ("十二月三日の午前", "Thu 12-03 10:00"),
            ("12月", "Tue 12-01 10:00"),
            ("2月", "Mon 02-01 10:00"),
            ("来月", "Tue 12-01 10:00"),
            ("来月の10日", "Thu 12-10 10:00"),
            ("月末", "Mon 11-30 10:00"),
            ("来月末", "Thu 12-31 10:00"),
            ("月初め", "Tue 12-01 10:00"),
            ("再来月", "Fri 01-01 10:00"),
            ("三ヶ月後", "Sat 02-20 10:00"),
            ("年明け", "Tue 01-05 10:00"),
        ],
    );
}

#[test]
fn japanese_spans() {
    check(
        "2026-11-20T10:30:20+09:00",
        &[
            ("10分後", "Fri 11-20 10:41"),
            ("三十分したら", "Fri 11-20 11:01"),
            ("一時間後", "Fri 11-20 11:31"),
            ("1時間半後", "Fri 11-20 12:01"),
            ("数分後", "Fri 11-20 10:36"),
        ],
    );
}

#[test]
fn english_times_of_day() {
    check(
        FRIDAY,
        &[
            ("after four", "Fri 11-20 16:00"),
            ("around three", "Fri 11-20 15:00"),
            ("three o'clock", "Fri 11-20 15:00"),
            ("3 pm", "Fri 11-20 15:00"),
            ("3pm", "Fri 11-20 15:00"),
            ("at 3 p.m.", "Fri 11-20 15:00"),
            ("at eleven a.m.", "Fri 11-20 11:00"),
            ("9 am", "Sat 11-21 09:00"),
            ("half past two", "Fri 11-20 14:30"),
            ("quarter past one", "Fri 11-20 13:15"),
            ("quarter to four", "Fri 11-20 15:45"),
            ("twenty past five", "Fri 11-20 17:20"),
            ("ten to six", "Fri 11-20 17:50"),
            ("between ten to eleven", "Sat 11-21 10:00"),
            ("two thirty", "Fri 11-20 14:30"),
            ("2:30", "Fri 11-20 14:30"),
            ("2.30", "Fri 11-20 14:30"),
            ("14:30", "Fri 11-20 14:30"),
            ("four forty five", "Fri 11-20 16:45"),
            ("three in the afternoon", "Fri 11-20 15:00"),
            ("eight in the evening", "Fri 11-20 20:00"),
            ("noon", "Fri 11-20 12:00"),
            ("before noon", "Fri 11-20 11:30"),
            ("not before two", "Fri 11-20 14:00"),
            ("before five", "Fri 11-20 16:30"),
            ("two or three", "Fri 11-20 14:00"),
        ],
    );
}

#[test]
fn english_parts_of_the_day() {
    check(
        FRIDAY,
        &[
            ("this afternoon", "Fri 11-20 14:00"),
            ("in the afternoon", "Fri 11-20 14:00"),
            ("late afternoon", "Fri 11-20 16:00"),
            ("after lunch", "Fri 11-20 13:00"),
            ("at lunchtime", "Fri 11-20 12:00"),
            ("this evening", "Fri 11-20 18:00"),
            ("tonight", "Fri 11-20 19:00"),
            ("first thing in the morning", "Sat 11-21 09:00"),
            ("in the morning", "Fri 11-20 11:30"),
            ("later today", "Fri 11-20 12:30"),
            ("end of the day", "Fri 11-20 17:00"),
            ("close of business", "Fri 11-20 17:00"),
        ],
    );
    check(
        "2026-11-20T18:05:00+09:00",
        &[("this afternoon", "Sat 11-21 14:00"), ("after four", "Sat 11-21 16:00")],
    );
}

#[test]
fn english_days_and_dates() {
    check(
        FRIDAY,
        &[
            ("tomorrow morning", "Sat 11-21 10:00"),
            ("tomorrow at half past two", "Sat 11-21 14:30"),
            ("the day after tomorrow", "Sun 11-22 10:00"),
            ("Monday", "Mon 11-23 10:00"),
            ("on monday at ten", "Mon 11-23 10:00"),
            ("monday morning at nine", "Mon 11-23 09:00"),
            ("Friday afternoon", "Fri 11-20 14:00"),
            ("friday", "Fri 11-27 10:00"),
            ("next Tuesday morning", "Tue 11-24 10:00"),
            ("next week", "Mon 11-23 10:00"),
            ("early next week", "Mon 11-23 10:00"),
            ("late next week", "Thu 11-26 10:00"),
            ("end of next week", "Fri 11-27 10:00"),
            ("the week after next", "Mon 11-30 10:00"),
            ("the end of the week", "Fri 11-27 10:00"),
            ("at the weekend", "Sat 11-21 10:00"),
            ("next month", "Tue 12-01 10:00"),
            ("the end of the month", "Mon 11-30 10:00"),
            ("the fifteenth", "Tue 12-15 10:00"),
            ("on the 25th at three", "Wed 11-25 15:00"),
            ("the twenty first", "Sat 11-21 10:00"),
            ("the third of december", "Thu 12-03 10:00"),
            ("december 3rd", "Thu 12-03 10:00"),
            ("in march", "Mon 03-01 10:00"),
            ("in february", "Mon 02-01 10:00"),
            ("next year", "Tue 01-05 10:00"),
        ],
    );
}

#[test]
fn english_spans() {
    check(
        FRIDAY,
        &[
            ("in twenty minutes", "Fri 11-20 10:50"),
            ("in about half an hour", "Fri 11-20 11:00"),
            ("in an hour", "Fri 11-20 11:30"),
            ("in an hour and a half", "Fri 11-20 12:00"),
            ("in a couple of hours", "Fri 11-20 12:30"),
            ("in a few minutes", "Fri 11-20 10:35"),
            ("in two days", "Sun 11-22 10:00"),
            ("in a week", "Fri 11-27 10:00"),
            ("in a fortnight", "Fri 12-04 10:00"),
            ("in two weeks in the afternoon", "Fri 12-04 14:00"),
        ],
    );
}

#[test]
fn nobody_is_rung_at_night() {
    check(
        FRIDAY,
        &[
            ("午前三時", "Sat 11-21 09:00"),
            ("夜の十一時", "Sat 11-21 09:00"),
            ("夜九時", "Fri 11-20 21:00"),
            ("朝七時", "Sat 11-21 07:00"),
            ("明日の23時", "Sun 11-22 09:00"),
            ("3 am", "Sat 11-21 09:00"),
            ("eleven in the evening", "Sat 11-21 09:00"),
            ("in twelve hours", "Sat 11-21 09:00"),
        ],
    );
    check(
        "2026-11-20T23:30:00+09:00",
        &[("一時間後", "Sat 11-21 09:00"), ("in ten minutes", "Sat 11-21 09:00")],
    );
}

#[test]
fn nothing_is_promised_for_more_than_a_year_ahead() {
    check(
        FRIDAY,
        &[
            ("来年の十二月", "Sun 11-21 09:00"),
            ("四月", "Thu 04-01 10:00"),
            ("半年後", "Thu 05-20 10:00"),
            ("五ヶ月後", "Tue 04-20 10:00"),
            ("三ヶ月後", "Sat 02-20 10:00"),
            ("in four months", "Sat 03-20 10:00"),
            ("in two months", "Wed 01-20 10:00"),
            ("december 3rd", "Thu 12-03 10:00"),
            ("november 3rd", "Wed 11-03 10:00"),
        ],
    );
    // A year from then are as many days as may be, and some minutes more.
    check("2027-11-20T09:30:00+09:00", &[("十二ヶ月後", "Mon 11-20 10:00")]);
}

#[test]
fn a_day_of_the_next_year_is_looked_for_there() {
    check(
        FRIDAY,
        &[
            ("年明けの月曜", "Mon 01-11 10:00"),
            ("来年の15日", "Fri 01-15 10:00"),
            ("年明け", "Tue 01-05 10:00"),
        ],
    );
}

#[test]
fn what_names_no_moment_is_none() {
    check(
        FRIDAY,
        &[
            ("", "none"),
            ("後日", "none"),
            ("いつでも", "none"),
            ("連休明け", "none"),
            ("anytime", "none"),
            ("whenever you like", "none"),
            ("next quarter", "none"),
            ("the 45th", "none"),
            ("99時", "none"),
            ("🎺", "none"),
        ],
    );
}

#[test]
fn clocks_that_are_changed_leave_the_time_of_day_as_it_was_said() {
    // New York turns its clocks back on 2026-11-01.
    let zone = TimeZone::get("America/New_York").unwrap();
    let said_at = "2026-10-30T16:00:00Z".parse().unwrap();
    let monday = when("monday at ten", said_at, &zone).unwrap();
    assert_eq!(monday.to_string(), "2026-11-02T15:00:00.000Z");
}

fn by_day_in(moment: Time, zone: &TimeZone) -> bool {
    (EARLIEST..=LATEST).contains(&moment.timestamp().to_zoned(zone.clone()).time())
}

/// As many cases as PROPTEST_CASES says; without it always the same.
fn config() -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => usual,
        None => ProptestConfig { rng_seed: RngSeed::Fixed(1), ..usual },
    }
}

proptest::proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_said_the_moment_lies_ahead(words in "\\PC{0,40}", minutes in 0_i64..2_000_000) {
        let said_at = Time::from_millis(1_790_000_000_000 + minutes * 60_000);
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        if let Some(moment) = when(&words, said_at, &zone) {
            proptest::prop_assert!(moment > said_at);
            proptest::prop_assert!(moment.since(said_at).as_secs() <= 367 * 86_400, "{moment}");
            proptest::prop_assert!(by_day_in(moment, &zone), "{moment}");
        }
    }

    #[test]
    fn times_made_of_known_words_lie_ahead_and_not_far(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "明日", "来週", "月曜", "午後", "三", "十", "時", "半", "日", "月", "末", "分後", "の", "前", "夕方",
                "tomorrow ", "next ", "week ", "friday ", "half ", "past ", "to ", "two ", "thirty ", "pm ", "march ",
                "in ", "a ", "hours ", "31st ", "99 ", "end of ", "the ", "month ",
            ]),
            1..8,
        ),
    ) {
        let said_at = Time::from_millis(1_790_000_000_000);
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        if let Some(moment) = when(&words.concat(), said_at, &zone) {
            proptest::prop_assert!(moment > said_at);
            proptest::prop_assert!(moment.since(said_at).as_secs() <= 367 * 86_400, "{moment}");
            proptest::prop_assert!(by_day_in(moment, &zone), "{moment}");
        }
    }
}

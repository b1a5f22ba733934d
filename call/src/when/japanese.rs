//! Times in Japanese: 明日の午前中, 来週の月曜, 15日の14時半, 三十分後.

use super::plan::{Clock, Edge, Half, Part, Plan, Wait};
use jiff::civil::Weekday;

/// What a word adds.
#[derive(Clone, Copy)]
enum Means {
    /// So many days from today.
    Day(i64),
    /// A part of a day.
    PartOfDay(i64, Part),
    Span(Wait),
    InWeek(i64),
    WeekEdge(i64, Edge),
    On(Weekday),
    Weekend,
    InMonth(i64),
    MonthEdge(Edge),
    NewYear,
    InHalf(Half, Part),
    In(Part),
    AtNoon,
    Nothing,
}

/// The words, tried in this order: a longer one before those that it begins with.
const WORDS: &[(&str, Means)] = {
    use Means::*;
    &[
        ("明明後日", Day(3)),
        ("明々後日", Day(3)),
        ("しあさって", Day(3)),
        ("明後日", Day(2)),
        ("あさって", Day(2)),
        ("明日", Day(1)),
        ("あした", Day(1)),
        ("みょうにち", Day(1)),
        ("翌日", Day(1)),
        ("明朝", PartOfDay(1, Part::Morning)),
        ("翌朝", PartOfDay(1, Part::Morning)),
        ("明晩", PartOfDay(1, Part::Night)),
        ("本日", Day(0)),
        ("今日", Day(0)),
        ("きょう", Day(0)),
        ("今晩", PartOfDay(0, Part::Night)),
        ("今夜", PartOfDay(0, Part::Night)),
        ("今夕", PartOfDay(0, Part::Dusk)),
        ("数分", Span(Wait::Minutes(5))),
        ("数時間", Span(Wait::Minutes(180))),
        ("数日", Span(Wait::Days(3))),
        ("数週間", Span(Wait::Weeks(3))),
        ("再来週", InWeek(2)),
        ("さ来週", InWeek(2)),
        ("さらいしゅう", InWeek(2)),
        ("来週", InWeek(1)),
        ("らいしゅう", InWeek(1)),
        ("翌週", InWeek(1)),
        ("週明け", InWeek(1)),
        ("今週中", WeekEdge(0, Edge::End)),
        ("今週", InWeek(0)),
        ("週末", Weekend),
        ("土日", Weekend),
        ("月曜", On(Weekday::Monday)),
        ("火曜", On(Weekday::Tuesday)),
        ("水曜", On(Weekday::Wednesday)),
        ("木曜", On(Weekday::Thursday)),
        ("金曜", On(Weekday::Friday)),
        ("土曜", On(Weekday::Saturday)),
        ("日曜", On(Weekday::Sunday)),
        ("再来月", InMonth(2)),
        ("さ来月", InMonth(2)),
        ("来月", InMonth(1)),
        ("翌月", InMonth(1)),
        ("月明け", InMonth(1)),
        ("月初", InMonth(1)),
        ("今月中", MonthEdge(Edge::End)),
        ("今月", InMonth(0)),
        ("月末", MonthEdge(Edge::End)),
        ("年末", Nothing),
        ("期末", Nothing),
        ("末", MonthEdge(Edge::End)),
        ("下旬", MonthEdge(Edge::Late)),
        ("来年", NewYear),
        ("年明け", NewYear),
        ("正月明け", NewYear),
        ("午前", InHalf(Half::Am, Part::Morning)),
        ("午後いち", In(Part::AfterLunch)),
        ("午後", InHalf(Half::Pm, Part::Afternoon)),
        ("朝一番", In(Part::FirstThing)),
        ("朝一", In(Part::FirstThing)),
        ("朝いち", In(Part::FirstThing)),
        ("朝早く", In(Part::FirstThing)),
        ("早朝", In(Part::FirstThing)),
        ("朝", In(Part::Morning)),
        ("昼前", In(Part::LateMorning)),
        ("昼過ぎ", In(Part::AfterLunch)),
        ("昼すぎ", In(Part::AfterLunch)),
        ("昼から", In(Part::AfterLunch)),
        ("昼以降", In(Part::AfterLunch)),
        ("正午", AtNoon),
        ("昼", In(Part::Noon)),
        ("夕", In(Part::Dusk)),
        ("夜", In(Part::Night)),
        ("晩", In(Part::Night)),
        // Holidays whose end no calendar here knows.
        ("連休明け", Nothing),
        ("休み明け", Nothing),
        ("お盆明け", Nothing),
    ]
};

/// What so many of a unit come to.
type Counted = fn(i64) -> Wait;

/// Units of a span, which are followed by 後, したら or the like; of units that begin alike the longer is first.
const SPANS: &[(&str, Counted)] = &[
    ("分", Wait::Minutes),
    ("週間", Wait::Weeks),
    ("ヶ月", Wait::Months),
    ("ケ月", Wait::Months),
    ("か月", Wait::Months),
    ("カ月", Wait::Months),
    ("ヵ月", Wait::Months),
    ("箇月", Wait::Months),
    ("日後", Wait::Days),
    ("日ほど", Wait::Days),
    ("日くらい", Wait::Days),
    ("日ぐらい", Wait::Days),
    ("日したら", Wait::Days),
    ("日以内", Wait::Days),
    ("日中に", Wait::Days),
];

/// What the text names.
pub(super) fn read(text: &str) -> Plan {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let text = text.replace("半年", "6ヶ月");
    let mut plan = Plan::default();
    let mut rest = text.as_str();
    while let Some(letter) = rest.chars().next() {
        rest = match number(rest) {
            Some((number, after)) => counted(number, after, &mut plan),
            None => match WORDS.iter().find_map(|(word, means)| Some((rest.strip_prefix(word)?, *means))) {
                Some((after, means)) => {
                    take(means, &mut plan);
                    after
                }
                None => rest.get(letter.len_utf8()..).unwrap_or_default(),
            },
        };
    }
    plan
}

fn take(means: Means, plan: &mut Plan) {
    match means {
        Means::Day(days) => {
            plan.days.get_or_insert(days);
        }
        Means::PartOfDay(days, part) => {
            plan.days.get_or_insert(days);
            plan.part.get_or_insert(part);
        }
        Means::Span(wait) => {
            plan.span.get_or_insert(wait);
        }
        Means::InWeek(week) => {
            plan.week.get_or_insert(week);
        }
        Means::WeekEdge(week, edge) => {
            plan.week.get_or_insert(week);
            plan.edge.get_or_insert(edge);
        }
        Means::On(weekday) => {
            plan.weekday.get_or_insert(weekday);
        }
        Means::Weekend => plan.weekend = true,
        Means::InMonth(months) => {
            plan.months.get_or_insert(months);
        }
        Means::MonthEdge(edge) => {
            // 来週末 is a weekend, 来月末 the end of a month, 末 alone that of this month.
            if plan.week.is_some() {
                plan.weekend = true;
            } else {
                if plan.month.is_none() {
                    plan.months.get_or_insert(0);
                }
                plan.edge.get_or_insert(edge);
            }
        }
        Means::NewYear => plan.new_year = true,
        // A half or a part that comes after a clock time belongs to another one.
        Means::InHalf(..) | Means::In(_) | Means::AtNoon if plan.clock.is_some() => {}
        Means::InHalf(half, part) => {
            plan.part.get_or_insert(part);
            plan.half.get_or_insert(half);
        }
        Means::In(part) => {
            plan.part.get_or_insert(part);
        }
        Means::AtNoon => plan.clock = Some(Clock { hour: 12, minute: 0, half: Some(Half::Pm) }),
        Means::Nothing => {}
    }
}

/// A number and what it counts; gives the text after both.
fn counted<'a>(number: i64, after: &'a str, plan: &mut Plan) -> &'a str {
    if let Some(rest) = after.strip_prefix("時間") {
        let half = rest.strip_prefix('半');
        let minutes = number.saturating_mul(60) + if half.is_some() { 30 } else { 0 };
        plan.span.get_or_insert(Wait::Minutes(minutes));
        return half.unwrap_or(rest);
    }
    if let Some(rest) = after.strip_prefix('時') {
        let (minute, rest) = match rest.strip_prefix('半') {
            Some(rest) => (30, rest),
            None => self::number(rest)
                .and_then(|(minute, rest)| Some((minute, rest.strip_prefix('分')?)))
                .unwrap_or((0, rest)),
        };
        if set_clock(number, minute, plan) && rest.starts_with('前') && !rest.starts_with("前後") {
            plan.before = true;
        }
        return rest;
    }
    if let Some((minute, rest)) = after.strip_prefix(':').and_then(self::number) {
        set_clock(number, minute, plan);
        return rest;
    }
    if let Some((rest, wait)) =
        SPANS.iter().find_map(|(unit, wait)| Some((after.strip_prefix(unit)?, wait(number))))
    {
        plan.span.get_or_insert(wait);
        return rest;
    }
    if let Some(rest) = after.strip_prefix('月') {
        if plan.month.is_none() && plan.months.is_none() {
            plan.month = small(number, 1..=12);
        }
        return rest;
    }
    if let Some(rest) = after.strip_prefix('日') {
        if plan.day.is_none() && !rest.starts_with('間') {
            plan.day = small(number, 1..=31);
        }
        return rest;
    }
    if number == 1 && plan.clock.is_none() && plan.part == Some(Part::Afternoon) {
        // 午後一
        plan.part = Some(Part::AfterLunch);
    }
    after
}

/// Sets the time of day, if none is set yet and it is one.
fn set_clock(hour: i64, minute: i64, plan: &mut Plan) -> bool {
    let (Some(hour), Some(minute), None) = (small(hour, 0..=23), small(minute, 0..=59), plan.clock) else {
        return false;
    };
    // 午前十二時 is noon on a telephone, 午後〇時 too.
    let half = plan.half.filter(|half| !(*half == Half::Am && hour == 12));
    plan.clock = Some(Clock { hour, minute, half });
    true
}

fn small(number: i64, range: std::ops::RangeInclusive<i8>) -> Option<i8> {
    i8::try_from(number).ok().filter(|number| range.contains(number))
}

/// A number at the beginning of the text, in digits or in Chinese figures below a hundred, and the text after it.
fn number(text: &str) -> Option<(i64, &str)> {
    const MOST_DIGITS: usize = 4;
    let figures = text.chars().take_while(|letter| figure(*letter).is_some()).take(MOST_DIGITS);
    let (mut sum, mut last, mut length) = (0, None, 0);
    for letter in figures {
        length += letter.len_utf8();
        match figure(letter)? {
            10 => {
                sum = (sum + last.take().unwrap_or(1)) * 10;
            }
            digit => last = Some(last.unwrap_or(0) * 10 + digit),
        }
    }
    (length > 0).then(|| Some((sum + last.unwrap_or(0), text.get(length..)?)))?
}

fn figure(letter: char) -> Option<i64> {
    Some(match letter {
        '0'..='9' => i64::from(letter.to_digit(10)?),
        '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

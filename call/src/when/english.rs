//! Times in English: "after four", "next Tuesday morning", "half past two", "in twenty minutes", "the fifteenth".

mod numbers;

use super::plan::{Clock, Edge, Half, Part, Plan, Wait};
use jiff::civil::Weekday;
use numbers::{number, ordinal};

/// What the text names.
pub(super) fn read(text: &str) -> Plan {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut reading = Reading { plan: Plan::default(), words: &words, at: 0 };
    while reading.at < words.len() {
        reading.at += reading.next().max(1);
    }
    reading.plan
}

/// Letters and digits apart, without points and apostrophes; a time of day with its minutes is one word (`2:30`).
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().filter(|letter| !matches!(letter, '\'' | '’')).collect();
    let mut words: Vec<String> = vec![String::new()];
    for (place, letter) in letters.iter().copied().enumerate() {
        let digit = |place: Option<usize>| {
            place.and_then(|place| letters.get(place)).is_some_and(char::is_ascii_digit)
        };
        let within_time = digit(place.checked_sub(1)) && digit(place.checked_add(1));
        let Some(word) = words.last_mut() else { break };
        let same = word.chars().last().is_none_or(|last| last.is_alphabetic() == letter.is_alphabetic());
        match letter {
            ':' | '.' if within_time => word.push(':'),
            '.' => {}
            letter if letter.is_alphanumeric() && same => word.push(letter),
            letter if letter.is_alphanumeric() => words.push(letter.to_string()),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A text half read.
struct Reading<'a> {
    plan: Plan,
    words: &'a [&'a str],
    at: usize,
}

impl Reading<'_> {
    /// Takes what begins at the present word; gives how many words that was, 0 when they mean nothing.
    fn next(&mut self) -> usize {
        let rest = self.words.get(self.at..).unwrap_or_default();
        self.span(rest)
            .or_else(|| self.clock(rest))
            .or_else(|| self.part(rest))
            .or_else(|| self.date(rest))
            .unwrap_or(0)
    }

    /// So many words back from the present one.
    fn back(&self, words: usize) -> &str {
        self.at.checked_sub(words).and_then(|at| self.words.get(at)).copied().unwrap_or_default()
    }

    /// "twenty minutes", "half an hour", "a couple of days", "an hour and a half".
    fn span(&mut self, rest: &[&str]) -> Option<usize> {
        const FEW: i64 = 3;
        const FEW_MINUTES: i64 = 5;
        let (count, length) = match rest {
            ["half", "an", "hour", ..] => {
                self.plan.span.get_or_insert(Wait::Minutes(30));
                return Some(3);
            }
            ["a", "couple", "of", ..] => (Some(2), 3),
            ["couple", "of", ..] | ["a", "couple", ..] => (Some(2), 2),
            ["a" | "the", "few" | "next" | "following", ..] => (None, 2),
            ["few" | "several", ..] => (None, 1),
            ["a" | "an" | "another", ..] => (Some(1), 1),
            _ => {
                let (count, length) = number(rest)?;
                (Some(count), length)
            }
        };
        let unit = rest.get(length)?;
        let far = |wait: fn(i64) -> Wait| {
            // "a day", "one week" are no spans by themselves.
            let within = matches!(self.back(1), "in" | "within" | "about" | "around" | "after");
            (count != Some(1) || within).then(|| wait(count.unwrap_or(FEW)))
        };
        let (wait, mut length) = match *unit {
            "minute" | "minutes" | "min" | "mins" => {
                (Wait::Minutes(count.unwrap_or(FEW_MINUTES)), length + 1)
            }
            "hour" | "hours" => (Wait::Minutes(count.unwrap_or(FEW) * 60), length + 1),
            "day" | "days" => (far(Wait::Days)?, length + 1),
            "week" | "weeks" => (far(Wait::Weeks)?, length + 1),
            "fortnight" => (Wait::Weeks(2), length + 1),
            "month" | "months" => (far(Wait::Months)?, length + 1),
            _ => return None,
        };
        let wait = match (wait, rest.get(length..)?) {
            (Wait::Minutes(minutes), ["and", "a", "half", ..]) if unit.starts_with("hour") => {
                length += 3;
                Wait::Minutes(minutes + 30)
            }
            (wait, _) => wait,
        };
        self.plan.span.get_or_insert(wait);
        Some(length)
    }

    /// "half past two", "quarter to four", "2:30 pm", "three o'clock", "at ten", "noon".
    fn clock(&mut self, rest: &[&str]) -> Option<usize> {
        let (hour, minute, length) = match rest {
            ["half", "past", rest @ ..] => Some((hour(rest)?, 30, 3)),
            ["quarter", "past", rest @ ..] => Some((hour(rest)?, 15, 3)),
            ["quarter", "to", rest @ ..] => Some((hour(rest)? - 1, 45, 3)),
            ["noon" | "midday", ..] => Some((12, 0, 1)),
            _ => None,
        }
        .or_else(|| self.minutes_and_hour(rest))
        .or_else(|| self.hour_and_minutes(rest))?;
        let after = rest.get(length..)?;
        let (half, more) = match after {
            ["oclock" | "ish", after @ ..] => {
                half(after).map_or((None, 1), |(half, more)| (Some(half), more + 1))
            }
            after => half(after).map_or((None, 0), |(half, more)| (Some(half), more)),
        };
        if self.plan.clock.is_none() {
            let hour = if half == Some(Half::Am) && hour == 12 { 0 } else { hour };
            let half = half.or(self.plan.half);
            self.plan.clock = Some(Clock { hour: hour.rem_euclid(24), minute, half });
            self.plan.before = self.back(1) == "before" && self.back(2) != "not";
        }
        Some(length + more)
    }

    /// "ten past three", "twenty to four".
    fn minutes_and_hour(&self, rest: &[&str]) -> Option<(i8, i8, usize)> {
        let (minute, length) = number(rest)?;
        let minute = i8::try_from(minute).ok().filter(|minute| [5, 10, 20, 25].contains(minute))?;
        let hour = hour(rest.get(length + 1..)?)?;
        match rest.get(length).copied()? {
            "past" => Some((hour, minute, length + 2)),
            "to" if !matches!(self.back(1), "between" | "from") => Some((hour - 1, 60 - minute, length + 2)),
            _ => None,
        }
    }

    /// "2:30", "two thirty", "1430", "four".
    fn hour_and_minutes(&self, rest: &[&str]) -> Option<(i8, i8, usize)> {
        let word = rest.first()?;
        if let Some((hour, minute)) = word.split_once(':') {
            return Some((small(hour.parse().ok()?, 23)?, small(minute.parse().ok()?, 59)?, 1));
        }
        let (count, length) = number(rest)?;
        if word.len() == 4 && word.bytes().all(|letter| letter.is_ascii_digit()) {
            return Some((small(count / 100, 23)?, small(count % 100, 59)?, 1));
        }
        let after = rest.get(length..)?;
        // The third of March and its like are dates.
        if month(self.back(1)).is_some() || ordinal(rest).is_some() || after.first() == Some(&"of") {
            return None;
        }
        let hour = small(count, 23)?;
        let minute = number(after).and_then(|(minute, more)| {
            let minute = small(minute, 59).filter(|minute| *minute >= 10)?;
            Some((minute, more))
        });
        let (minute, more) = minute.unwrap_or((0, 0));
        Some((hour, minute, length + more))
    }

    /// "tomorrow", "next Tuesday", "end of the month", "the fifteenth of March".
    fn date(&mut self, rest: &[&str]) -> Option<usize> {
        let plan = &mut self.plan;
        Some(match rest {
            ["day", "after", "tomorrow", ..] => {
                plan.days.get_or_insert(2);
                3
            }
            ["tomorrow", ..] => {
                plan.days.get_or_insert(1);
                1
            }
            ["today", ..] => {
                plan.days.get_or_insert(0);
                1
            }
            ["this", "morning" | "afternoon" | "evening" | "lunchtime", ..] => {
                plan.days.get_or_insert(0);
                1
            }
            ["week", "after", "next", ..] => {
                plan.week.get_or_insert(2);
                3
            }
            ["end", "of", "the" | "this", "week", ..] => {
                plan.week.get_or_insert(0);
                plan.edge.get_or_insert(Edge::End);
                4
            }
            ["end", "of", "the" | "this", "month", ..] => {
                plan.months.get_or_insert(0);
                plan.edge.get_or_insert(Edge::End);
                4
            }
            [
                "end",
                "of",
                "next" | "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august"
                | "september" | "october" | "november" | "december",
                ..,
            ] => {
                plan.edge.get_or_insert(Edge::End);
                2
            }
            ["later" | "late", "next" | "this", "week" | "month", ..]
            | ["late" | "later", "in", "the", "week" | "month", ..] => {
                plan.edge.get_or_insert(Edge::Late);
                1
            }
            ["in", "the", "week", ..] => {
                plan.week.get_or_insert(0);
                3
            }
            ["next" | "following", unit, ..] => of_unit(plan, unit, 1)?,
            ["this", unit, ..] => of_unit(plan, unit, 0)?,
            ["new", "year", ..] => {
                plan.new_year = true;
                2
            }
            ["weekend" | "weekends", ..] => {
                plan.weekend = true;
                1
            }
            [word, ..] => {
                if let Some(weekday) = weekday(word) {
                    plan.weekday.get_or_insert(weekday);
                    return Some(1);
                }
                if let Some((day, length)) = ordinal(rest) {
                    if plan.day.is_none() {
                        plan.day = small(day, 31).filter(|day| *day > 0);
                    }
                    return Some(length);
                }
                if let Some(named) = month(word) {
                    let (day, length) = number(rest.get(1..)?).unwrap_or((0, 0));
                    // "may" is more often no month.
                    if *word == "may"
                        && length == 0
                        && !matches!(self.words.get(self.at.wrapping_sub(1)), Some(&("in" | "of")))
                    {
                        return None;
                    }
                    plan.month.get_or_insert(named);
                    if plan.day.is_none() {
                        plan.day = small(day, 31).filter(|day| *day > 0);
                    }
                    return Some(1 + length);
                }
                return None;
            }
            [] => return None,
        })
    }

    /// "late afternoon", "after lunch", "first thing".
    fn part(&mut self, rest: &[&str]) -> Option<usize> {
        use Part::*;
        let lunch = match self.back(1) {
            "after" | "past" => AfterLunch,
            "before" => LateMorning,
            _ => Noon,
        };
        let (part, length) = match rest {
            ["first", "thing", ..] => (FirstThing, 2),
            ["close", "of", "business" | "play", ..] => (CloseOfBusiness, 3),
            ["end", "of", "the" | "this", "day" | "business", ..] => (CloseOfBusiness, 4),
            ["early", "morning" | "mornings", ..] => (FirstThing, 2),
            ["early", "afternoon", ..] => (AfterLunch, 2),
            ["early", "evening", ..] => (Dusk, 2),
            ["late", "morning", ..] => (LateMorning, 2),
            ["late" | "later", "afternoon", ..] => (LateAfternoon, 2),
            ["late", "evening", ..] => (Night, 2),
            ["tonight", ..] => {
                self.plan.days.get_or_insert(0);
                (Night, 1)
            }
            ["lunch" | "lunchtime" | "lunchtimes", ..] => (lunch, 1),
            ["morning" | "mornings", ..] => (Morning, 1),
            ["afternoon" | "afternoons", ..] => (Afternoon, 1),
            ["evening" | "evenings", ..] => (Evening, 1),
            _ => return None,
        };
        self.plan.part.get_or_insert(part);
        Some(length)
    }
}

/// "next week", "this month", "next Friday".
fn of_unit(plan: &mut Plan, unit: &str, from_now: i64) -> Option<usize> {
    match unit {
        "week" => {
            plan.week.get_or_insert(from_now);
        }
        "weekend" => {
            plan.week.get_or_insert(from_now);
            plan.weekend = true;
        }
        "month" => {
            plan.months.get_or_insert(from_now);
        }
        "year" if from_now == 1 => plan.new_year = true,
        unit => {
            plan.weekday.get_or_insert(weekday(unit)?);
            plan.week.get_or_insert(from_now);
        }
    }
    Some(2)
}

/// The hour that the text begins with.
fn hour(rest: &[&str]) -> Option<i8> {
    let (hour, _) = number(rest)?;
    small(hour, 23)
}

/// The half of the day that is named right after a time, and in how many words.
fn half(after: &[&str]) -> Option<(Half, usize)> {
    let named = |word: &str| match word {
        "morning" => Some(Half::Am),
        "afternoon" | "evening" | "night" | "tonight" => Some(Half::Pm),
        _ => None,
    };
    match after {
        ["am", ..] => Some((Half::Am, 1)),
        ["pm", ..] => Some((Half::Pm, 1)),
        ["a", "m", ..] => Some((Half::Am, 2)),
        ["p", "m", ..] => Some((Half::Pm, 2)),
        ["in", "the", word, ..] => named(word).map(|half| (half, 3)),
        ["at", "night", ..] => Some((Half::Pm, 2)),
        [word, ..] => named(word).map(|half| (half, 1)),
        [] => None,
    }
}

fn small(number: i64, most: i8) -> Option<i8> {
    i8::try_from(number).ok().filter(|number| (0..=most).contains(number))
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word) {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let place = MONTHS.iter().position(|month| *month == word)?;
    i8::try_from(place + 1).ok()
}

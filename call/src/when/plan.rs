//! What words about a time have named, and the first moment after now that it fits.

use jiff::{
    Span, ToSpan, Unit, Zoned, ZonedRound,
    civil::{Date, Time, Weekday},
};

/// What was named. Of several that name the same thing the first counts; what names nothing leaves all of it empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Plan {
    /// So long from now.
    pub span: Option<Wait>,
    /// So many days from today.
    pub days: Option<i64>,
    /// So many weeks from this one, which began on Monday.
    pub week: Option<i64>,
    /// A day of the week.
    pub weekday: Option<Weekday>,
    /// Saturday.
    pub weekend: bool,
    /// So many months from this one.
    pub months: Option<i64>,
    /// A month of the year.
    pub month: Option<i8>,
    /// A day of the month.
    pub day: Option<i8>,
    /// The end of the week or the month.
    pub edge: Option<Edge>,
    /// When people are back from the new year's holidays.
    pub new_year: bool,
    /// A time of day.
    pub clock: Option<Clock>,
    /// A half of the day that was named before any time of day.
    pub half: Option<Half>,
    /// A part of the day.
    pub part: Option<Part>,
    /// A little before that.
    pub before: bool,
}

/// A span of time from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    Minutes(i64),
    Days(i64),
    Weeks(i64),
    Months(i64),
}

/// Where in a week or a month; without one its beginning is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Past the middle.
    Late,
    End,
}

/// A time of day as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// 0 to 23; up to 12 either half of the day may be meant.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// The half that was named with it.
    pub half: Option<Half>,
}

/// A half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    FirstThing,
    Morning,
    LateMorning,
    Noon,
    AfterLunch,
    Afternoon,
    LateAfternoon,
    Dusk,
    Evening,
    Night,
    CloseOfBusiness,
}

/// The time of a day on which none was named: the middle of the morning.
const MORNING: Time = Time::constant(10, 0, 0, 0);
/// How long before a time "before" it is.
const BEFORE_MINS: i64 = 30;
/// How long from now "later today" is.
const LATER_MINS: i64 = 120;
/// How long from now a part of the day is that has passed its middle and not its end.
const STILL_MINS: i64 = 60;
/// The first day on which people are surely back in January.
const NEW_YEAR_DAY: i8 = 5;
/// How far is looked ahead for a day that is not in every month or year.
const MONTHS_AHEAD: i64 = 12;
const YEARS_AHEAD: i16 = 8;

impl Plan {
    /// The first moment after `now` that fits.
    pub fn first_after(&self, now: &Zoned) -> Option<Zoned> {
        match self.span {
            Some(Wait::Minutes(minutes)) => return later(now, minutes),
            Some(wait) => {
                let date = now.date().checked_add(wait.span()?).ok()?;
                return self.on(date, now);
            }
            None => {}
        }
        if self.days == Some(0) && self.time().is_none() {
            return later(now, LATER_MINS);
        }
        let dates = self.dates(now.date())?;
        let ahead = |moment: &Zoned| moment > now;
        dates.into_iter().find_map(|date| {
            let exact = self.on(date, now).filter(ahead);
            exact.or_else(|| self.still(now).filter(|_| date == now.date()))
        })
    }

    /// At the time that was named, on this date.
    fn on(&self, date: Date, now: &Zoned) -> Option<Zoned> {
        let time = self.time().unwrap_or(MORNING);
        let moment = date.to_datetime(time).to_zoned(now.time_zone().clone()).ok()?;
        if self.before { moment.checked_sub(BEFORE_MINS.minutes()).ok() } else { Some(moment) }
    }

    /// A part of today that is not over yet: a while from now, within it.
    fn still(&self, now: &Zoned) -> Option<Zoned> {
        let part = self.part.filter(|_| self.clock.is_none())?;
        let end = now.date().to_datetime(part.end()).to_zoned(now.time_zone().clone()).ok()?;
        let moment = later(now, STILL_MINS)?.min(end);
        Some(moment).filter(|moment| moment > now)
    }

    /// The time of day.
    fn time(&self) -> Option<Time> {
        match self.clock {
            Some(clock) => clock.time(self.part),
            None => self.part.map(Part::middle),
        }
    }

    /// The dates that may be meant, first first; `None` when nothing was named at all.
    fn dates(&self, today: Date) -> Option<Vec<Date>> {
        let plus = |date: Date, days: i64| date.checked_add(days.days()).ok();
        if let Some(days) = self.days {
            return Some(vec![plus(today, days)?, plus(today, days + 1)?]);
        }
        let today = match (self.new_year, self.month) {
            (true, None) => Date::new(today.year().checked_add(1)?, 1, NEW_YEAR_DAY).ok()?,
            _ => today,
        };
        let monday = plus(today, -i64::from(today.weekday().to_monday_zero_offset()))?;
        let in_week = |week: i64, offset: i64| plus(monday, week * 7 + offset);
        let each_week = |first: Option<Date>| Some(vec![first?, plus(first?, 7)?]);
        if let Some(weekday) = self.weekday {
            let offset = i64::from(weekday.to_monday_zero_offset());
            return match self.week {
                Some(week) => each_week(in_week(week, offset)),
                None => {
                    let from_today = i64::from(weekday.since(today.weekday()));
                    // Who names today's weekday alone means the one of next week.
                    let skip = if from_today == 0 && self.time().is_none() { 7 } else { 0 };
                    each_week(plus(today, from_today + skip))
                }
            };
        }
        if self.weekend {
            return each_week(in_week(self.week.unwrap_or(0), 5));
        }
        if let Some(week) = self.week {
            return match self.edge {
                Some(Edge::End) => each_week(in_week(week, 4)),
                Some(Edge::Late) => each_week(in_week(week, 3)),
                _ if week == 0 => Some(vec![plus(today, 1)?]),
                _ => each_week(in_week(week, 0)),
            };
        }
        if self.day.is_some() || self.month.is_some() || self.months.is_some() {
            return Some(self.dates_of_month(today));
        }
        if self.new_year {
            return Some(vec![today]);
        }
        self.time().is_some().then(|| plus(today, 1).map(|tomorrow| vec![today, tomorrow]))?
    }

    fn dates_of_month(&self, today: Date) -> Vec<Date> {
        let of = |first: Date| match (self.day, self.edge) {
            (Some(day), _) => Date::new(first.year(), first.month(), day).ok(),
            (None, Some(Edge::End)) => Some(first.last_of_month()),
            (None, Some(Edge::Late)) => Date::new(first.year(), first.month(), 20).ok(),
            _ => Some(first),
        };
        let this = today.first_of_month();
        let firsts: Vec<Date> = match (self.month, self.months) {
            (Some(month), _) => (i16::from(self.new_year)..=YEARS_AHEAD)
                .filter_map(|years| Date::new(today.year().checked_add(years)?, month, 1).ok())
                .collect(),
            (None, Some(months)) => [months, months + 1]
                .iter()
                .filter_map(|months| this.checked_add(months.months()).ok())
                .collect(),
            (None, None) => {
                (0..=MONTHS_AHEAD).filter_map(|months| this.checked_add(months.months()).ok()).collect()
            }
        };
        firsts.into_iter().filter_map(of).collect()
    }
}

impl Wait {
    fn span(self) -> Option<Span> {
        let span = Span::new();
        match self {
            Self::Minutes(minutes) => span.try_minutes(minutes),
            Self::Days(days) => span.try_days(days),
            Self::Weeks(weeks) => span.try_weeks(weeks),
            Self::Months(months) => span.try_months(months),
        }
        .ok()
    }
}

/// So many minutes from now, on the full minute.
fn later(now: &Zoned, minutes: i64) -> Option<Zoned> {
    let moment = now.checked_add(Wait::Minutes(minutes).span()?).ok()?;
    moment.round(ZonedRound::new().smallest(Unit::Minute).mode(jiff::RoundMode::Ceil)).ok()
}

impl Clock {
    /// The time of day that is meant, by the half that was named with it, or by the part of the day.
    fn time(self, part: Option<Part>) -> Option<Time> {
        let afternoon = match (self.half, part) {
            (Some(Half::Am), _) => false,
            (Some(Half::Pm), _) => self.hour < 12,
            (None, Some(Part::FirstThing | Part::Morning | Part::LateMorning)) => false,
            // Lunch may begin at eleven.
            (None, None | Some(Part::Noon)) => (1..=6).contains(&self.hour),
            (None, Some(_)) => self.hour < 12,
        };
        Time::new(if afternoon { self.hour + 12 } else { self.hour }, self.minute, 0, 0).ok()
    }
}

impl Part {
    /// When somebody is rung who asked for this part of the day.
    const fn middle(self) -> Time {
        let (hour, minute) = match self {
            Self::FirstThing => (9, 0),
            Self::Morning => (10, 0),
            Self::LateMorning => (11, 0),
            Self::Noon => (12, 0),
            Self::AfterLunch => (13, 0),
            Self::Afternoon => (14, 0),
            Self::LateAfternoon => (16, 0),
            Self::Dusk | Self::CloseOfBusiness => (17, 0),
            Self::Evening => (18, 0),
            Self::Night => (19, 0),
        };
        Time::constant(hour, minute, 0, 0)
    }

    /// When it is over.
    const fn end(self) -> Time {
        let hour = match self {
            Self::FirstThing => 10,
            Self::Morning | Self::LateMorning => 12,
            Self::Noon => 13,
            Self::AfterLunch => 15,
            Self::Afternoon => 17,
            Self::LateAfternoon | Self::CloseOfBusiness => 18,
            Self::Dusk => 19,
            Self::Evening => 21,
            Self::Night => 22,
        };
        Time::constant(hour, 0, 0, 0)
    }
}

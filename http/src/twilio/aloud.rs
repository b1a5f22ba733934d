//! How a text is read aloud: with a breath between sentences, a company's names by their readings, and telephone numbers,
//! times and amounts as people say them.
//!
//! The text itself stays what it is: who does not understand the markup (SSML, <https://www.twilio.com/docs/voice/twiml/say/text-speech>)
//! speaks it as it stands, and it is the words that are written down.

use regex::{Captures, Match, Regex};
use serde::Deserialize;
use std::collections::BTreeMap;
use tsunagu_conversation::Reading;
use tsunagu_twiml::{Break, SayAs, Speech, Sub};

/// A telephone number in its international or its national form, a time of day, an amount of yen, the end of a sentence. Japanese
/// signs border on digits, as blanks do elsewhere.
const FOUND: &str = concat!(
    r"(?P<number>\+[0-9][0-9-]{7,16}[0-9](?-u:\b)|(?-u:\b)0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}(?-u:\b))",
    r"|(?-u:\b)(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?-u:\b)",
    r"|[¥￥](?P<yen>[0-9][0-9,]*)(?P<more>[.．，０-９十百千万億兆])?",
    r"|(?P<end>[。？！]+|[.?!](?:\s|$))",
);

/// How texts of one language are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manner {
    /// The breath between two sentences, in milliseconds.
    sentence_pause: u16,
    /// The same between two things that are said one after the other.
    line_pause: u16,
    /// A time of day, with `{hour}` and `{minute}`.
    time: String,
    /// The same on the hour.
    full_hour: String,
    /// The hours from one in the afternoon on are counted from there, and this is said behind them. Whether an earlier one is in the
    /// morning nobody knows.
    afternoon: Option<String>,
    /// A full stop behind these ends no sentence.
    abbreviations: Vec<String>,
    /// An amount of yen, with `{amount}`.
    yen: String,
    /// Words that voices read wrongly, and what is said for them.
    words: BTreeMap<String, String>,
}

/// Reads texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Manner")]
pub(super) struct Reader {
    found: Regex,
    manner: Manner,
}

impl TryFrom<Manner> for Reader {
    type Error = regex::Error;

    fn try_from(manner: Manner) -> Result<Self, regex::Error> {
        Ok(Self { found: Regex::new(FOUND)?, manner })
    }
}

impl Reader {
    /// What is spoken for a text. `more`: something is said behind it.
    pub fn speech(&self, text: &str, readings: &[Reading], more: bool) -> Vec<Speech> {
        let mut speech = Vec::new();
        let own = readings.iter().map(|one| (one.word.as_str(), one.reading.as_str()));
        let known = self.manner.words.iter().map(|(word, said)| (word.as_str(), said.as_str()));
        let words: Vec<_> = own.chain(known).filter(|(word, _)| text.contains(word)).collect();
        let mut rest = text;
        // A company's own reading is the first that is asked; of two that begin at the same place the longer one counts.
        while let Some((at, (word, said))) = words
            .iter()
            .filter_map(|word| Some((first(rest, word.0)?, *word)))
            .min_by_key(|(at, (word, _))| (*at, std::cmp::Reverse(word.len())))
        {
            let (before, behind) = (rest.get(..at), rest.get(at + word.len()..));
            self.plain(before.unwrap_or_default(), &mut speech);
            speech.push(instead(word, said));
            rest = behind.unwrap_or_default();
        }
        self.plain(rest, &mut speech);
        while matches!(speech.last(), Some(Speech::Break(_))) {
            speech.pop();
        }
        if more {
            speech.push(pause(self.manner.line_pause));
        }
        speech
    }

    /// A text without words of a reading of their own.
    fn plain(&self, text: &str, speech: &mut Vec<Speech>) {
        let mut done = 0;
        let say = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(Speech::from);
        for found in self.found.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            speech.extend(say(text.get(done..whole.start())));
            self.one(text.get(..whole.start()).unwrap_or_default(), &found, whole, speech);
            done = whole.end();
        }
        speech.extend(say(text.get(done..)));
    }

    fn one(&self, before: &str, found: &Captures<'_>, whole: Match<'_>, speech: &mut Vec<Speech>) {
        let manner = &self.manner;
        let written = whole.as_str();
        let named = |name| found.name(name).map(|part| part.as_str());
        let spoken = match (named("number"), named("hour").zip(named("minute")), named("yen")) {
            (Some(_), ..) => Some(Speech::SayAs(SayAs {
                interpret_as: "telephone".to_owned(),
                format: None,
                text: written.to_owned(),
            })),
            (_, Some((hour, minute)), _) => {
                manner.time_of_day(hour, minute).map(|time| instead(written, &time))
            }
            (.., Some(amount)) => named("more")
                .is_none()
                .then(|| instead(written, &manner.yen.replace("{amount}", &amount.replace(',', "")))),
            _ => None,
        };
        let ends = named("end").is_some() && !manner.is_abbreviated(before, written);
        speech.push(spoken.unwrap_or_else(|| written.into()));
        speech.extend(ends.then(|| pause(manner.sentence_pause)));
    }
}

impl Manner {
    /// As it is said; `None` where it is best left as it stands.
    fn time_of_day(&self, hour: &str, minute: &str) -> Option<String> {
        let hour: u8 = hour.parse().ok()?;
        let (shown, half) = match &self.afternoon {
            None => (hour, ""),
            Some(half) => (hour.checked_sub(12).filter(|hour| *hour > 0)?, &**half),
        };
        let form = if minute == "00" { &self.full_hour } else { &self.time };
        let minute = if self.afternoon.is_none() { minute.trim_start_matches('0') } else { minute };
        Some(form.replace("{hour}", &shown.to_string()).replace("{minute}", minute) + half)
    }

    fn is_abbreviated(&self, before: &str, end: &str) -> bool {
        let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        end.starts_with('.') && self.abbreviations.iter().any(|short| short.eq_ignore_ascii_case(last))
    }
}

/// Where a word stands first. One of Latin letters is not found within another.
fn first(text: &str, word: &str) -> Option<usize> {
    let is_letter = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric());
    let stands_alone = |at: &usize| {
        let (before, behind) = (text.get(..*at), text.get(at + word.len()..));
        let ends = (word.chars().next(), word.chars().next_back());
        let joins = |inner: Option<char>, outer: Option<char>| is_letter(inner) && is_letter(outer);
        !joins(ends.0, before.and_then(|text| text.chars().next_back()))
            && !joins(ends.1, behind.and_then(|text| text.chars().next()))
    };
    text.match_indices(word).map(|(at, _)| at).find(stands_alone)
}

/// Said in another way than it is written, unless nothing is left to be said: XML knows no such signs as U+FFFF.
fn instead(text: &str, alias: &str) -> Speech {
    let alias: String =
        alias.chars().filter(|sign| !matches!(sign, '\u{FFFE}' | '\u{FFFF}') && !sign.is_control()).collect();
    if alias.is_empty() { text.into() } else { Speech::Sub(Sub { alias, text: text.to_owned() }) }
}

fn pause(millis: u16) -> Speech {
    Speech::Break(Break { strength: None, time: Some(format!("{millis}ms")) })
}

#[cfg(test)]
mod tests;

//! What an answer claims: numbers with what they count, and words that bind. Of each the facts must say the same, in whichever
//! language they are written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::wording::Wording;

/// How far a denial may be from what it denies, in characters.
const DENIES_BEFORE: usize = 14;
const DENIES_AFTER: usize = 10;
/// What a denial does not reach across. A colon before a claim is one more; after it the denial may be what is said of it, as in
/// 解約金：なし.
const BREAKS: [char; 8] = ['.', '。', ',', '、', ';', '\n', '!', '?'];
/// A number is compared in thousandths.
const THOUSANDTHS: u128 = 1000;

/// The words of numbers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Numbers {
    /// Phrases that have such a word in them and tell no number.
    none: Vec<String>,
    /// Words that are added up, or stand one after the other.
    add: BTreeMap<String, u64>,
    /// Words that multiply what came before.
    times: BTreeMap<String, u64>,
}

/// What takes a claim back.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Denials {
    before: Vec<String>,
    after: Vec<String>,
}

/// The words of all languages, folded.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    none: Vec<String>,
    /// Longest first.
    numbers: Vec<(Vec<char>, Word)>,
    /// Longest first, with the unit's name.
    units: Vec<(Vec<char>, String)>,
    /// Each with all its spellings.
    claims: BTreeMap<String, Vec<String>>,
    denials: Denials,
}

#[derive(Debug, Clone, Copy)]
enum Word {
    /// Written in digits, in thousandths.
    Digits(u128),
    Add(u128),
    Times(u128),
}

/// A number that is being read, word by word: 二〇二六, 三万五千, twenty-five thousand.
#[derive(Debug, Default)]
struct Sum {
    /// Of tens of thousands and more.
    total: u128,
    /// Below that.
    section: u128,
    /// What is not multiplied yet, and by which kind of word it was last told.
    current: Option<(u128, Word)>,
}

impl Sum {
    /// Whether a word goes on with this number.
    fn takes(&self, word: Word) -> bool {
        match (word, self.current) {
            (Word::Times(_), _) | (_, None) => true,
            (Word::Add(value), Some((_, Word::Add(_)))) => value < 10,
            _ => false,
        }
    }

    fn take(&mut self, word: Word) {
        match word {
            Word::Digits(value) => self.current = Some((value, word)),
            Word::Add(value) => {
                let value = value.saturating_mul(THOUSANDTHS);
                let all = match self.current {
                    // One after the other, as in a year.
                    Some((before, Word::Add(last))) if last < 10 => {
                        before.saturating_mul(10).saturating_add(value)
                    }
                    Some((before, _)) => before.saturating_add(value),
                    None => value,
                };
                self.current = Some((all, word));
            }
            Word::Times(factor) => {
                let current = self.current.take().map(|(value, _)| value);
                if factor < 1000 {
                    let counted = current.unwrap_or(THOUSANDTHS).saturating_mul(factor);
                    self.section = self.section.saturating_add(counted);
                    return;
                }
                let all = match self.section.saturating_add(current.unwrap_or(0)) {
                    0 if current.is_none() => factor.saturating_mul(THOUSANDTHS),
                    all => all.saturating_mul(factor),
                };
                if factor < 10_000 {
                    self.section = all;
                } else {
                    (self.total, self.section) = (self.total.saturating_add(all), 0);
                }
            }
        }
    }

    fn thousandths(&self) -> u128 {
        let current = self.current.map_or(0, |(value, _)| value);
        self.total.saturating_add(self.section).saturating_add(current)
    }
}

/// A number and what it counts.
#[derive(Debug, PartialEq, Eq)]
struct Number {
    thousandths: u128,
    counts: Counts,
}

/// What a number counts.
#[derive(Debug, PartialEq, Eq)]
enum Counts {
    /// One of the units.
    Unit(String),
    /// Whatever is said after it, which is none of them.
    Other,
    /// Nothing is said after it: what it counts is understood.
    Understood,
}

impl Claims {
    /// Those of all these languages together.
    pub fn of<'a>(languages: impl Iterator<Item = &'a Wording>) -> Self {
        let mut all = Claims::default();
        for Wording { numbers, units, claims, denials, .. } in languages {
            all.none.extend(numbers.none.iter().map(|phrase| fold(phrase)));
            let added = numbers.add.iter().map(|(word, value)| (word, Word::Add(u128::from(*value))));
            let times = numbers.times.iter().map(|(word, value)| (word, Word::Times(u128::from(*value))));
            all.numbers.extend(added.chain(times).map(|(word, value)| (fold(word).chars().collect(), value)));
            for (unit, spellings) in units {
                let spellings =
                    spellings.iter().map(|spelling| (fold(spelling).chars().collect(), unit.clone()));
                all.units.extend(spellings);
            }
            for (claim, spellings) in claims {
                let spellings = spellings.iter().map(|spelling| fold(spelling));
                all.claims.entry(claim.clone()).or_default().extend(spellings);
            }
            all.denials.before.extend(denials.before.iter().map(|word| fold(word)));
            all.denials.after.extend(denials.after.iter().map(|word| fold(word)));
        }
        all.numbers.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        all.units.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        all
    }

    /// Whether every number of a folded answer stands in the folded facts, counting the same. What counts nothing known must do so
    /// there; one that ends its sentence may leave out what it counts there, if that is one thing.
    pub fn has_numbers_of(&self, answer: &str, facts: &str) -> bool {
        let facts = self.numbers_in(facts);
        self.numbers_in(answer).iter().all(|number| {
            let same: Vec<&Number> =
                facts.iter().filter(|fact| fact.thousandths == number.thousandths).collect();
            let without = same.iter().any(|fact| !matches!(fact.counts, Counts::Unit(_)));
            match &number.counts {
                Counts::Unit(_) => same.contains(&number),
                Counts::Other => without,
                Counts::Understood => {
                    let only = same.first().is_some_and(|first| same.iter().all(|fact| fact == first));
                    without || only
                }
            }
        })
    }

    /// Whether whatever binds in a folded answer is said, or denied, by the folded facts as well.
    pub fn claims_as(&self, answer: &str, facts: &str) -> bool {
        self.claims.values().all(|spellings| {
            let said = self.said(answer, spellings);
            said.is_subset(&self.said(facts, spellings))
        })
    }

    /// Whether any of these is said (`true`), or denied (`false`), or both.
    fn said(&self, text: &str, spellings: &[String]) -> BTreeSet<bool> {
        let mut said = BTreeSet::new();
        for spelling in spellings {
            for at in places(text, spelling) {
                let (before, rest) = text.split_at_checked(at).unwrap_or_default();
                let after = rest.get(spelling.len()..).unwrap_or_default();
                let skipped = before.chars().count().saturating_sub(DENIES_BEFORE);
                let before: String = before.chars().skip(skipped).collect();
                let after: String = after.chars().take(DENIES_AFTER).collect();
                // A denial of what comes before in the sentence is none of this.
                let before = before.rsplit(|c| c == ':' || BREAKS.contains(&c)).next().unwrap_or_default();
                let after = after.split(BREAKS).next().unwrap_or_default();
                let denied = self.denials.before.iter().any(|word| has(before, word))
                    || self.denials.after.iter().any(|word| has(after, word));
                said.insert(!denied);
            }
        }
        said
    }

    fn numbers_in(&self, text: &str) -> Vec<Number> {
        let mut text = text.to_owned();
        for phrase in &self.none {
            if has(&text, phrase) {
                text = text.replace(phrase.as_str(), " ");
            }
        }
        let chars: Vec<char> = text.chars().collect();
        let mut numbers = Vec::new();
        // What is before this counts an earlier number.
        let mut free = 0;
        let mut at = 0;
        while at < chars.len() {
            match self.number_at(&chars, at) {
                Some((thousandths, end)) => {
                    let before = self.currency_before(chars.get(free..at).unwrap_or_default());
                    let after = self.unit_after(&chars, end);
                    free = after.map_or(end, |(_, end)| end);
                    let counts = match before.or(after.map(|(unit, _)| unit)) {
                        Some(unit) => Counts::Unit(unit.to_owned()),
                        None if says_no_more(&chars, end) => Counts::Understood,
                        None => Counts::Other,
                    };
                    numbers.push(Number { thousandths, counts });
                    at = end;
                }
                None => at += 1,
            }
        }
        numbers
    }

    /// The number that begins here, and where it ends.
    fn number_at(&self, chars: &[char], begin: usize) -> Option<(u128, usize)> {
        let mut sum = Sum::default();
        let (mut end, mut next) = (begin, begin);
        while let Some((word, after)) = self.word(chars, next).filter(|(word, _)| sum.takes(*word)) {
            sum.take(word);
            end = after;
            next = joined(chars, after);
        }
        (end > begin).then(|| (sum.thousandths(), end))
    }

    /// The digits, or the longest word of a number, that begin here, and where they end.
    fn word(&self, chars: &[char], at: usize) -> Option<(Word, usize)> {
        if let Some((value, end)) = literal(chars, at) {
            return Some((Word::Digits(value), end));
        }
        let (word, value) = self.numbers.iter().find(|(word, _)| stands_at(chars, at, word))?;
        Some((*value, at + word.len()))
    }

    /// The unit after a number, and where it ends.
    fn unit_after(&self, chars: &[char], end: usize) -> Option<(&str, usize)> {
        let at = joined(chars, end);
        let (unit, name) = self.units.iter().find(|(unit, _)| stands_at(chars, at, unit))?;
        Some((name, at + unit.len()))
    }

    /// The currency with which this ends: ¥980, EUR 30.
    fn currency_before(&self, before: &[char]) -> Option<&str> {
        let blanks = before.iter().rev().take_while(|c| matches!(c, ' ' | '-')).count().min(2);
        let before = before.get(..before.len() - blanks)?;
        let is_sign = |unit: &[char]| unit.iter().all(|c| !c.is_alphanumeric());
        // What has a sign is written before a number, also in Latin letters.
        let has_sign = |name: &str| self.units.iter().any(|(unit, other)| other == name && is_sign(unit));
        let goes_before = |unit: &[char], name: &str| {
            is_sign(unit) || (unit.iter().all(char::is_ascii_alphabetic) && has_sign(name))
        };
        let found = self.units.iter().find(|(unit, name)| {
            let begin = before.len().checked_sub(unit.len());
            begin.is_some_and(|begin| stands_at(before, begin, unit)) && goes_before(unit, name)
        });
        found.map(|(_, name)| name.as_str())
    }
}

/// Whether the sentence ends here.
fn says_no_more(chars: &[char], end: usize) -> bool {
    let next = chars.iter().skip(end).find(|c| **c != ' ');
    next.is_none_or(|c| matches!(c, '.' | '。' | '!' | '?' | '\n'))
}

/// Text by which wordings are compared: width, case and kinds of quotes do not count.
pub(super) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }).collect()
}

/// Whether a folded text has a word or phrase in it.
pub(super) fn has(text: &str, word: &str) -> bool {
    !places(text, word).is_empty()
}

/// Where a word or phrase is in a text. One that begins or ends with a letter of the Latin script begins or ends a word.
fn places(text: &str, word: &str) -> Vec<usize> {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let fits = |at: &usize| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        let glued = |own: Option<char>, other: Option<char>| latin(own) && latin(other);
        // "n't" is the end of a word.
        let begins = word == "n't" || !glued(word.chars().next(), before);
        begins && !glued(word.chars().next_back(), after)
    };
    if word.is_empty() {
        return Vec::new();
    }
    text.match_indices(word).map(|(at, _)| at).filter(fits).collect()
}

fn stands_at(chars: &[char], at: usize, word: &[char]) -> bool {
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
    let before = at.checked_sub(1).and_then(|before| chars.get(before));
    let glued =
        (latin(word.first()) && latin(before)) || (latin(word.last()) && latin(chars.get(at + word.len())));
    chars.get(at..).is_some_and(|rest| rest.starts_with(word)) && !glued
}

/// The next place after blanks and hyphens.
fn joined(chars: &[char], at: usize) -> usize {
    let skipped = chars.iter().skip(at).take_while(|c| matches!(c, ' ' | '-')).count();
    at + skipped.min(2)
}

/// A number in digits, in thousandths, and where it ends.
fn literal(chars: &[char], begin: usize) -> Option<(u128, usize)> {
    let digit = |at: usize| chars.get(at).and_then(|c| c.to_digit(10)).map(u128::from);
    let (mut value, mut at) = (digit(begin)?, begin + 1);
    loop {
        match (digit(at), chars.get(at)) {
            (Some(next), _) => (value, at) = (value.saturating_mul(10).saturating_add(next), at + 1),
            (None, Some(',')) if (1..=3).all(|ahead| digit(at + ahead).is_some()) => at += 1,
            _ => break,
        }
    }
    let mut value = value.saturating_mul(THOUSANDTHS);
    if chars.get(at) == Some(&'.') && digit(at + 1).is_some() {
        at += 1;
        let mut place = THOUSANDTHS / 10;
        while let Some(next) = digit(at) {
            value = value.saturating_add(next.saturating_mul(place));
            (place, at) = (place / 10, at + 1);
        }
    }
    Some((value, at))
}

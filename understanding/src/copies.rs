//! Copies of the examples with what recognition and people make of them: a wrong or lost letter, a lost beginning, other
//! words of the same kind, another tone, courtesies around, two things said at once.
//!
//! They are made of the text alone, so that the same files always give the same copies.

use super::lexicon::Lexicon;
use super::model::text_hash;
use crate::intent::Intent;

/// Numbers that look random and are the same for the same seed, everywhere.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice that always fall so for this seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % end.max(1) as u64) as usize
    }

    /// Whether something happens that does so in this many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// The copies of a normalised text.
pub(super) fn copies(lexicon: &Lexicon, text: &str, count: usize) -> Vec<String> {
    let mut dice = Dice::new(text_hash(text));
    let mut copies = Vec::with_capacity(count);
    for index in 0..count {
        let mut copy = text.to_owned();
        // Every other misheard copy is of the very words.
        let swaps = if index % 4 == 0 { 0 } else { 70 };
        if dice.percent(swaps) {
            copy = swapped(lexicon, &copy, &mut dice);
        }
        if swaps > 0 && dice.percent(40) {
            copy = in_another_tone(lexicon, &copy, &mut dice);
        }
        match index % 4 {
            0 | 2 => copy = misheard(&copy, lexicon.spaced, &mut dice),
            1 => copy = with_courtesies(lexicon, &copy, &mut dice),
            _ if dice.percent(50) => copy = cut_off(&copy, lexicon.spaced, &mut dice),
            _ => copy = misheard(&copy, lexicon.spaced, &mut dice),
        }
        if copy != text && !copy.trim().is_empty() && !copies.contains(&copy) {
            copies.push(copy);
        }
    }
    copies
}

/// With other words of the same kinds.
fn swapped(lexicon: &Lexicon, text: &str, dice: &mut Dice) -> String {
    let mut copy = String::with_capacity(text.len());
    let mut from = 0;
    for classed in lexicon.classes.find(text) {
        copy.push_str(text.get(from..classed.span.start).unwrap_or_default());
        let itself = text.get(classed.span.start..classed.span.end).unwrap_or_default();
        let other = dice.pick(lexicon.classes.of_kind(classed.kind)).map(|word| word.trim());
        copy.push_str(other.filter(|_| dice.percent(50)).unwrap_or(itself));
        from = classed.span.end;
    }
    copy.push_str(text.get(from..).unwrap_or_default());
    copy
}

/// With another ending that means the same.
fn in_another_tone(lexicon: &Lexicon, text: &str, dice: &mut Dice) -> String {
    for group in &lexicon.copies.endings {
        let longest =
            group.iter().map(|ending| ending.trim()).filter(|ending| text.trim_end().ends_with(ending));
        if let Some(ending) = longest.max_by_key(|ending| ending.len()) {
            let stem = text.trim_end().strip_suffix(ending).unwrap_or(text);
            let other = dice.pick(group).map_or(ending, |other| other.trim());
            return format!("{stem}{other}");
        }
    }
    text.to_owned()
}

/// The text without one of its letters, several times; each time another one, evenly spread.
pub(super) fn without_a_letter(text: &str, count: usize) -> Vec<String> {
    let length = text.chars().count();
    let count = count.min(length);
    let first = Dice::new(text_hash(text)).below(length);
    let places = (0..count).map(|index| (first + index * length / count.max(1)) % length.max(1));
    let without = places.filter(|_| length > 3).map(|lost| {
        text.chars().enumerate().filter(|(index, _)| *index != lost).map(|(_, letter)| letter).collect()
    });
    without.collect()
}

/// With a letter lost, doubled or taken for another.
fn misheard(text: &str, spaced: bool, dice: &mut Dice) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < if spaced { 8 } else { 5 } {
        return text.to_owned();
    }
    let at = dice.below(letters.len());
    let other = dice.pick(&letters).copied().unwrap_or('ん');
    let what = dice.below(5);
    let letters = letters.iter().enumerate().flat_map(|(index, letter)| match what {
        _ if index != at => [Some(*letter), None],
        0..=2 => [None, None],
        _ if *letter == ' ' => [Some(*letter), None],
        3 => [Some(*letter), Some(*letter)],
        _ => [Some(other), None],
    });
    letters.flatten().collect()
}

/// With something said before or after that does not matter.
fn with_courtesies(lexicon: &Lexicon, text: &str, dice: &mut Dice) -> String {
    let before = dice.pick(&lexicon.copies.before).filter(|_| dice.percent(60));
    let after = dice.pick(&lexicon.copies.after).filter(|_| dice.percent(60));
    [before.map_or("", String::as_str), text, after.map_or("", String::as_str)].concat()
}

/// Without its beginning.
fn cut_off(text: &str, spaced: bool, dice: &mut Dice) -> String {
    let length = text.chars().count();
    if spaced {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let lost = if words.len() > 6 { 1 + dice.below(2) } else { 0 };
        return words.get(lost..).unwrap_or_default().join(" ");
    }
    let lost = if length > 12 { 1 + dice.below(3) } else { 0 };
    text.chars().skip(lost).collect()
}

/// What an utterance means in which these two things are said one after the other; none if nobody says them so.
pub(super) fn together(first: Intent, second: Intent) -> Option<Intent> {
    use Intent::{
        Absent, Acknowledge, Affirm, AskCompany, AskPurpose, AskQuestion, AskRepeat, BusyNow, DoNotCall,
        Goodbye, Negate, PersonInCharge, PuttingThrough, Reject, Screening, Unknown, Voicemail, WrongNumber,
    };
    let is_question = |intent| matches!(intent, AskQuestion | AskPurpose | AskCompany | AskRepeat);
    match (first, second) {
        (Voicemail | Screening | WrongNumber | Unknown, _)
        | (_, Voicemail | Screening | WrongNumber | Unknown) => None,
        (first, second) if first == second => None,
        (Affirm, Negate | Reject | DoNotCall | Absent | BusyNow) => None,
        (Negate | Reject | DoNotCall, Affirm | PersonInCharge | PuttingThrough) => None,
        (Goodbye, other) if other != Acknowledge => None,
        // A question that must be answered before they connect wins over the connecting.
        (PuttingThrough, question) | (question, PuttingThrough) if is_question(question) => Some(question),
        (first, second) => Some(first.min(second)),
    }
}

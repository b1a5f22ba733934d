//! Numbers and ordinals in English words or in digits.

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 4] = ["twenty", "thirty", "forty", "fifty"];
const ORDINALS: [&str; 20] = [
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

/// The number that the text begins with, up to four digits or below sixty in words, and in how many words.
pub(super) fn number(words: &[&str]) -> Option<(i64, usize)> {
    let first = words.first()?;
    if (1..=4).contains(&first.len()) && first.bytes().all(|letter| letter.is_ascii_digit()) {
        return Some((first.parse().ok()?, 1));
    }
    if let Some(unit) = place(&UNITS, first) {
        return Some((unit, 1));
    }
    let tens = (place(&TENS, first)? + 2) * 10;
    let unit = words.get(1).and_then(|word| place(&UNITS, word)).filter(|unit| (1..10).contains(unit));
    Some(unit.map_or((tens, 1), |unit| (tens + unit, 2)))
}

/// The ordinal that the text begins with ("fifteenth", "twenty first", `15 th`), and in how many words.
pub(super) fn ordinal(words: &[&str]) -> Option<(i64, usize)> {
    match words {
        ["twentieth", ..] => Some((20, 1)),
        ["thirtieth", ..] => Some((30, 1)),
        ["twenty", word, ..] => Some((20 + place(&ORDINALS, word).filter(|unit| *unit < 10)?, 2)),
        ["thirty", "first", ..] => Some((31, 2)),
        [digits, "st" | "nd" | "rd" | "th", ..] => Some((digits.parse().ok()?, 2)),
        [word, ..] => Some((place(&ORDINALS, word)?, 1)),
        [] => None,
    }
}

fn place(words: &[&str], word: &str) -> Option<i64> {
    let place = words.iter().position(|known| *known == word && !known.is_empty())?;
    i64::try_from(place).ok()
}

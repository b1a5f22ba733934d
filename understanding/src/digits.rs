//! Telephone and extension numbers as they are spoken: 「ゼロサンの…」, "oh three", "double two", 内線二〇四.

use std::borrow::Cow;

/// How Japanese says each digit, in hiragana; longer ways before shorter ones that they begin with.
const JAPANESE: [(&str, char); 33] = [
    ("ぜろ", '0'),
    ("れい", '0'),
    ("まる", '0'),
    ("〇", '0'),
    ("零", '0'),
    ("いち", '1'),
    ("一", '1'),
    ("にい", '2'),
    ("に", '2'),
    ("二", '2'),
    ("さん", '3'),
    ("三", '3'),
    ("よん", '4'),
    ("よ", '4'),
    ("しち", '7'),
    ("し", '4'),
    ("四", '4'),
    ("ごお", '5'),
    ("ごー", '5'),
    ("ご", '5'),
    ("五", '5'),
    ("ろく", '6'),
    ("六", '6'),
    ("ろっ", '6'),
    ("なな", '7'),
    ("七", '7'),
    ("はち", '8'),
    ("八", '8'),
    ("はっ", '8'),
    ("きゅう", '9'),
    ("きゅー", '9'),
    ("く", '9'),
    ("九", '9'),
];

/// How English says each digit.
const ENGLISH: [(&str, char); 11] = [
    ("zero", '0'),
    ("oh", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
];

/// How many digits a telephone number has, with or without the country's.
const TELEPHONE: std::ops::RangeInclusive<usize> = 7..=15;
/// How many digits an extension has.
const EXTENSION: std::ops::RangeInclusive<usize> = 2..=6;

/// The first number in a text in NFKC, as digits. An extension says that it is one; what is said in Japanese without
/// that begins with 0, as every number in Japan does: so many digits in a row are rarely anything else.
pub(super) fn find(text: &str) -> Option<String> {
    if text.chars().any(|letter| matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')) {
        japanese(text)
    } else {
        english(text)
    }
}

/// Whether a text in hiragana names an extension, or has anything that is said for 0: without either there is no number.
fn may_hold_a_number(letters: impl Iterator<Item = char>) -> bool {
    let mut last = ' ';
    let mut letters = letters;
    letters.any(|letter| {
        let one = std::mem::replace(&mut last, letter);
        matches!(letter, '0' | '〇' | '零')
            || matches!((one, letter), ('ぜ', 'ろ') | ('れ', 'い') | ('ま', 'る') | ('内', '線'))
    })
}

fn japanese(text: &str) -> Option<String> {
    if !may_hold_a_number(text.chars().map(hiragana)) {
        return None;
    }
    let text: String = text.chars().map(hiragana).collect();
    let mut rest = text.as_str();
    let mut extension = false;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("内線") {
            let after = after.strip_prefix("番号").unwrap_or(after);
            rest = after.trim_start_matches(['は', 'が', 'の', ' ', '、']);
            extension = true;
            continue;
        }
        let (digits, after) = japanese_run(rest);
        let telephone = TELEPHONE.contains(&digits.len()) && digits.starts_with('0');
        // 内線にしてください: syllables that are particles as often as digits are no extension by themselves.
        let said = rest.get(..rest.len() - after.len()).unwrap_or_default();
        let particles = said.chars().all(|letter| "にごしよくの".contains(letter));
        if telephone {
            return Some(without_what_follows(digits));
        }
        if extension && !particles && EXTENSION.contains(&digits.len()) {
            return Some(digits);
        }
        extension = false;
        rest = match digits.is_empty() {
            true => rest.get(letter.len_utf8()..)?,
            false => after,
        };
    }
    None
}

/// A number in Japan has ten digits, one of a mobile or an IP telephone eleven; what sounds like digits after that are words.
fn without_what_follows(mut digits: String) -> String {
    let [area, third] = [1, 2].map(|place| digits.as_bytes().get(place).copied().unwrap_or_default());
    // Abroad they are of any length.
    if area != b'0' && !digits.starts_with("010") {
        digits.truncate(if third == b'0' && area >= b'5' { 11 } else { 10 });
    }
    digits
}

/// The digits with which a text begins, and what comes after them.
fn japanese_run(text: &str) -> (String, &str) {
    let (mut digits, mut after) = (String::new(), text);
    let mut rest = text;
    // The last digit was written as one, right before this: a syllable alone is a particle then, as in 5678に.
    let mut written_before = false;
    loop {
        let next = rest.chars().next();
        let may_be = |word: &str| !(written_before && word.chars().count() == 1 && word.chars().all(is_kana));
        let spoken = JAPANESE.iter().filter(|(word, _)| may_be(word));
        let mut spoken = spoken.filter_map(|(word, digit)| Some((*digit, rest.strip_prefix(word)?)));
        let spoken = spoken.next();
        let written =
            next.filter(char::is_ascii_digit).map(|digit| (digit, rest.get(1..).unwrap_or_default()));
        if let Some((digit, left)) = spoken.or(written) {
            digits.push(digit);
            (rest, after) = (left, left);
            written_before = next.is_some_and(|next| !is_kana(next));
        } else if let Some(between) = next.filter(|next| !digits.is_empty() && is_between(*next)) {
            rest = rest.get(between.len_utf8()..).unwrap_or_default();
            written_before = false;
        } else {
            return (digits, after);
        }
    }
}

const fn is_kana(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{309f}')
}

/// What parts the groups of a number.
const fn is_between(letter: char) -> bool {
    matches!(letter, 'の' | '-' | '‐' | '–' | '−' | 'ー' | '、' | ',' | ' ' | '(' | ')')
}

fn english(text: &str) -> Option<String> {
    let lowered = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    let lower = if text.bytes().all(lowered) { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) };
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let (mut digits, mut times, mut extension) = (String::new(), 1, false);
    for word in words.chain(["."]) {
        let spoken = ENGLISH.iter().find(|(name, _)| *name == word).map(|(_, digit)| *digit);
        match spoken {
            Some(digit) => digits.extend(std::iter::repeat_n(digit, times)),
            None if word.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.push_str(&word.repeat(if word.len() == 1 { times } else { 1 }));
            }
            None if word == "double" || word == "triple" => {}
            None => {
                let least = if extension { &EXTENSION } else { &TELEPHONE };
                if least.contains(&digits.len()) || TELEPHONE.contains(&digits.len()) {
                    return Some(digits);
                }
                // "extension number is two oh four"
                let goes_on = extension && digits.is_empty() && matches!(word, "number" | "is");
                extension = goes_on || matches!(word, "extension" | "ext");
                digits.clear();
            }
        }
        times = match word {
            "double" => 2,
            "triple" => 3,
            _ => 1,
        };
    }
    None
}

fn hiragana(letter: char) -> char {
    match letter {
        'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60).unwrap_or(letter),
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_spoken() {
        let cases = [
            ("ゼロサンの1234の5678です", Some("0312345678")),
            ("ゼロ三の一二三四の五六七八", Some("0312345678")),
            ("ゼロサンの1234の5678にお電話ください", Some("0312345678")),
            ("番号は090-1234-5678になります", Some("09012345678")),
            ("まるきゅうまるのいちにさんよんのごろくななはち", Some("09012345678")),
            ("れいろくのよんよんにいにいのさんさんいちいち", Some("0644223311")),
            ("ゼロイチニーゼロ", None),
            ("内線204です", Some("204")),
            ("内線番号は二〇四", Some("204")),
            ("内線の三一へおかけください", Some("31")),
            ("内線でお願いします", None),
            ("内線にしてください", None),
            ("内線にご連絡をください", None),
            ("まるきゅうまるのいちにさんよんのごろくななはちにご連絡ください", Some("09012345678")),
            ("oh 20 double 7 one two three four", Some("020771234")),
            ("三時ごろにお願いします", None),
            ("15日の14時半", None),
            ("二、三日後にまたお電話ください", None),
            ("1234567890123円", None),
            ("oh three one two three four five six seven eight", Some("0312345678")),
            ("you can reach me on 555 012 3456", Some("5550123456")),
            ("oh double two, triple five one two please", Some("02255512")),
            ("extension two oh four", Some("204")),
            ("it's extension number 31", Some("31")),
            ("the extension is four four", Some("44")),
            ("call at two thirty", None),
            ("one moment please", None),
            ("two or three people", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(find(text).as_deref(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_said_a_number_is_made_of_digits(text in "[ぁ-ヶ0-9のー内線二〇a-z ]{0,60}|\\PC{0,60}") {
            if let Some(number) = find(&text) {
                proptest::prop_assert!(number.bytes().all(|byte| byte.is_ascii_digit()));
                proptest::prop_assert!((2..=15).contains(&number.len()));
            }
        }
    }
}

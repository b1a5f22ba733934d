//! What a new password must be, besides its length: not one that is tried first.
//!
//! `zxcvbn` estimates in how many guesses somebody finds a password who knows the most used ones, words, names, dates, rows
//! of keys, and what is known of the person. Whoever needs no more than a million would find it against our limits within
//! years by the dozen; more is asked of nobody, since harder rules make people write passwords down.

use secrecy::{ExposeSecret, SecretString};
use zxcvbn::{Score, zxcvbn};

/// The shortest password, in characters.
pub(crate) const SHORTEST: usize = 8;
/// The longest password, in bytes: bcrypt looks at no more.
pub(crate) const LONGEST: usize = 72;

/// What is wrong with a new password of somebody about whom these words are known (e-mail address, names, company).
pub fn password_fault(password: &SecretString, about: &[&str]) -> Option<String> {
    let password = password.expose_secret();
    if password.chars().count() < SHORTEST {
        Some(format!("must have at least {SHORTEST} characters"))
    } else if password.len() > LONGEST {
        Some(format!("must not be longer than {LONGEST} bytes"))
    } else if password.contains('\0') {
        Some("must not hold the character NUL".to_owned())
    } else if is_easy(password, about) {
        Some(
            "is too easy to guess: it is much used, a simple pattern, or made of your name, e-mail address or company"
                .to_owned(),
        )
    } else {
        None
    }
}

fn is_easy(password: &str, about: &[&str]) -> bool {
    let known = known_words(about);
    let folded = password.to_lowercase();
    let nothing_else = known.contains(&folded);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    nothing_else || zxcvbn(password, &known).score() < Score::Two
}

/// What is known, whole and in parts: the parts of an e-mail address, the words of a name, and pairs of them.
fn known_words(about: &[&str]) -> Vec<String> {
    let whole: Vec<String> = about.iter().map(|text| text.trim().to_lowercase()).collect();
    let parts = whole.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> = parts.map(str::to_owned).collect();
    let pairs: Vec<String> = words
        .iter()
        .zip(words.iter().skip(1))
        .flat_map(|(a, b)| [format!("{a}{b}"), format!("{b}{a}")])
        .collect();
    words.extend(pairs);
    words.extend(whole);
    // Shorter ones are in every password.
    words.retain(|word| word.chars().count() >= 2);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: [&str; 4] = ["hanako.sato@aozora.example.jp", "花子", "佐藤", "Aozora Systems"];

    fn is_fine(password: &str) -> bool {
        password_fault(&password.into(), &ABOUT).is_none()
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "password",
            "Password1",
            "12345678",
            "qwertyuiop",
            "p@ssw0rd",
            "iloveyou",
            "aaaaaaaaaaaa",
            "20260101",
            "hanako.sato@aozora.example.jp",
            "hanakosato",
            "SatoHanako",
            "sato2026",
            "aozorasystems",
            "Aozora Systems",
            "aozora123",
            "佐藤花子佐藤花子",
        ] {
            assert!(!is_fine(password), "{password}");
        }
    }

    #[test]
    fn others_are_not() {
        for password in [
            "correct horse battery",
            "tV9$kq2Lw",
            "雨の日は電車が遅れる",
            "mizu to-ame to 42 neko",
            "long enough for us",
        ] {
            assert!(is_fine(password), "{password}");
        }
    }

    #[test]
    fn length_has_bounds() {
        let pattern = "kT8 vQ2-zR5_wY1.";
        assert!(!is_fine(&pattern[..7]));
        assert!(is_fine(&pattern[..8]));
        let long = pattern.repeat(5);
        assert!(is_fine(&long[..72]));
        assert!(!is_fine(&long[..73]));
        assert!(!is_fine("kT8 vQ2-\0zR5"));
    }
}

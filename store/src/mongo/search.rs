//! What somebody searches for, as a condition on a field that holds folded text.

use crate::document::Needle;
use mongodb::bson::{Bson, Document, doc};

/// The field holds one of what is searched for.
pub fn contains(field: &str, needle: &Needle) -> Vec<Document> {
    let words = [Some(&needle.words), needle.digits.as_ref()];
    words.into_iter().flatten().map(|word| doc! { field: pattern(word) }).collect()
}

/// A text as it is written, wherever it stands. None holds a NUL, which a pattern cannot express.
pub fn pattern(text: &str) -> Bson {
    let mut pattern = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\0' => return doc! { "$in": [] }.into(),
            sign if sign.is_ascii_punctuation() => pattern.extend(['\\', sign]),
            sign => pattern.push(sign),
        }
    }
    doc! { "$regex": pattern }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_a_sign() {
        let needle = Needle::of("50%_(a.b)*").unwrap();
        let found = contains("search", &needle);
        assert_eq!(found, [doc! { "search": { "$regex": r"50\%\_\(a\.b\)\*" } }]);
        let nothing = contains("search", &Needle { words: "a\0".into(), digits: None });
        assert_eq!(nothing, [doc! { "search": { "$in": [] } }]);
    }
}

//! The index of what was said on calls: SQLite's full-text search (FTS5, <https://www.sqlite.org/fts5.html>) over pairs.
//!
//! Japanese has no blanks between words, so that each sign is entered with the one behind it, and the last of a line alone.
//! A phrase is found where all of its pairs follow each other, a single sign where a pair begins with it; and none reaches from
//! a line into the next, as the lone sign stands between them. The text itself is not kept a second time.

use super::{failure::Failure, writer::Writing};
use crate::document::Phrase;
use rusqlite::params;

/// What a text made by [`said`](crate::document::said) is entered as.
pub fn pairs(said: &str) -> String {
    let mut pairs = String::with_capacity(said.len() * 3);
    for line in said.lines() {
        let mut behind = line.chars().skip(1);
        for sign in line.chars() {
            pairs.push(sign);
            pairs.extend(behind.next());
            pairs.push(' ');
        }
    }
    pairs
}

/// What finds a phrase, in the language of the index. It holds letters and digits alone, none of which means anything there.
pub fn finding(phrase: &Phrase) -> String {
    let phrase = phrase.as_str();
    let mut signs = phrase.chars();
    if signs.next().is_some() && signs.next().is_none() {
        return format!("\"{phrase}\" *");
    }
    let pairs = pairs(phrase);
    let whole = pairs.trim_end().rsplit_once(' ').map_or("", |(whole, _)| whole);
    format!("\"{whole}\"")
}

/// Enters what was said on the call of this number, in the place of what was there.
pub fn keep(writing: &Writing<'_>, number: i64, said: Option<&str>) -> Result<(), Failure> {
    match said {
        Some(said) => writing
            .connection
            .prepare_cached("INSERT OR REPLACE INTO call_words (rowid, pairs) VALUES (?1, ?2)")?
            .execute(params![number, pairs(said)])?,
        None => {
            writing.connection.prepare_cached("DELETE FROM call_words WHERE rowid = ?1")?.execute([number])?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_entered_with_the_one_behind_them() {
        assert_eq!(pairs("見積り\nok"), "見積 積り り ok k ");
        let finding = |phrase| finding(&Phrase::of(phrase).unwrap());
        assert_eq!(finding("見積り"), "\"見積 積り\"");
        assert_eq!(finding("見積"), "\"見積\"");
        assert_eq!(finding("見"), "\"見\" *");
        assert_eq!(finding("\" OR x*"), "\"or rx\"");
    }
}

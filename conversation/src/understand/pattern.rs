//! Patterns: a small language for phrases, spread out into plain words at load.
//!
//! `a(b|c)` either · `(a)?` and, for one character, `a?` or not · `a~b` b after a, with at most so many characters between as the lexicon allows · `^` at the
//! beginning, past interjections · `$` at the end, past particles · `<time>` a time or day · `word*` (in languages
//! with spaces) any word that begins so, before a gap or at the end. `~`, `^` and `$` stand outside of parentheses.

use super::fold::{TIME, nfkc};
use super::lexicon::Lexicon;

/// How long a pattern may be.
const MAX_PATTERN_CHARS: usize = 4000;

/// How many plain words a part of a pattern may stand for.
const MAX_WORDS: usize = 1000;

/// How deep parentheses may stand in each other.
const MAX_DEPTH: usize = 8;

/// A pattern spread out: words in this order, with gaps between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// For each part the words that it may be, normalised. Those of spaced languages have a space where a word must
    /// begin or end.
    pub parts: Vec<Vec<String>>,
    /// Nothing but interjections before it.
    pub at_start: bool,
    /// Nothing but particles after it.
    pub at_end: bool,
}

/// The phrase that a pattern stands for, or why it cannot be read.
pub(super) fn read(pattern: &str, lexicon: &Lexicon) -> Result<Phrase, String> {
    let pattern = pattern.replace("<time>", &TIME.to_string());
    let source = nfkc(&pattern, MAX_PATTERN_CHARS);
    let source = source.trim();
    let (at_start, source) = source.strip_prefix('^').map_or((false, source), |source| (true, source));
    let (at_end, source) = source.strip_suffix('$').map_or((false, source), |source| (true, source));
    let parts = source.split('~').filter(|part| !part.trim().is_empty()).map(|part| words(part, lexicon));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    // A gap at an edge reaches as far as the utterance does.
    let (at_start, at_end) = (at_start && !source.starts_with('~'), at_end && !source.ends_with('~'));
    if parts.is_empty() {
        Err("it holds no words".to_owned())
    } else {
        Ok(Phrase { parts, at_start, at_end })
    }
}

/// All words that a part between two gaps stands for.
fn words(part: &str, lexicon: &Lexicon) -> Result<Vec<String>, String> {
    if part.contains(['^', '$']) {
        return Err("`^` belongs at its beginning and `$` at its end".to_owned());
    }
    let mut rest = part;
    let spread = alternatives(&mut rest, 0)?;
    let mut words = Vec::with_capacity(spread.len());
    for plain in spread {
        let plain = plain.trim();
        let (open, plain) = plain.strip_suffix('*').map_or((false, plain), |plain| (true, plain));
        if plain.contains('*') {
            return Err("`*` belongs at the end of the last word before a gap".to_owned());
        }
        let folded = lexicon.fold_words(plain);
        let folded = if open { folded.trim_end().to_owned() } else { folded };
        if folded.trim().is_empty() {
            return Err("it may hold no words at all".to_owned());
        }
        words.push(folded);
    }
    words.sort();
    words.dedup();
    Ok(words)
}

/// `a|b|c` up to a closing parenthesis or the end.
fn alternatives(rest: &mut &str, depth: usize) -> Result<Vec<String>, String> {
    if depth > MAX_DEPTH {
        return Err(format!("parentheses more than {MAX_DEPTH} deep"));
    }
    let mut all = Vec::new();
    let mut current = vec![String::new()];
    while let Some(char) = rest.chars().next().filter(|char| *char != ')' || depth == 0) {
        *rest = rest.get(char.len_utf8()..).unwrap_or_default();
        match char {
            ')' => return Err("`)` without `(`, or a `~` inside of parentheses".to_owned()),
            '|' => all.append(&mut std::mem::replace(&mut current, vec![String::new()])),
            '(' => {
                let mut group = alternatives(rest, depth + 1)?;
                *rest = rest.strip_prefix(')').ok_or("`(` without `)`, or a `~` inside of parentheses")?;
                if let Some(after) = rest.strip_prefix('?') {
                    *rest = after;
                    group.push(String::new());
                }
                current = product(&current, &group)?;
            }
            '?' => {
                let shorter: Vec<String> = current.iter().map(|phrase| without_last(phrase)).collect();
                current.extend(shorter);
            }
            char => current.iter_mut().for_each(|phrase| phrase.push(char)),
        }
    }
    all.append(&mut current);
    if all.len() > MAX_WORDS { Err(too_many()) } else { Ok(all) }
}

fn product(heads: &[String], tails: &[String]) -> Result<Vec<String>, String> {
    if heads.len() * tails.len() > MAX_WORDS {
        return Err(too_many());
    }
    Ok(heads.iter().flat_map(|head| tails.iter().map(move |tail| [head.as_str(), tail].concat())).collect())
}

fn without_last(phrase: &str) -> String {
    let mut chars = phrase.chars();
    chars.next_back();
    chars.as_str().to_owned()
}

fn too_many() -> String {
    format!("a part of it stands for more than {MAX_WORDS} words")
}

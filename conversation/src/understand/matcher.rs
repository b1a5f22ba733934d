//! Finds the patterns of an utterance: all at once, longer ones before those inside them, denied ones set aside.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::lexicon::{Denial, Lexicon};
use super::phrases::{PhaseSet, Rule};
use super::spans::Span;
use super::text::Text;
use crate::intent::Intent;
use crate::phase::Phase;

/// How many matches of one utterance are looked at.
const MAX_MATCHES: usize = 64;

/// All patterns of a language.
#[derive(Debug)]
pub(super) struct Matcher {
    /// Finds the pieces of all patterns.
    pieces: Option<AhoCorasick>,
    /// For each piece, the rules that end with it, by number.
    endings: Vec<Vec<usize>>,
    rules: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    intent: Intent,
    phases: PhaseSet,
    weight: f32,
    /// For each part but the last the pieces that it may be, by number, ascending.
    before: Vec<Vec<usize>>,
    at_start: bool,
    at_end: bool,
}

/// A pattern that was found.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub intent: Intent,
    pub weight: f32,
    /// Where its pieces stand, in order.
    pub spans: Vec<Span>,
    /// How much of the utterance it explains: the longer counts.
    extent: usize,
}

/// What was found in an utterance.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What counts.
    pub matches: Vec<Match>,
    /// What would count were it not denied.
    pub denied: Vec<Match>,
    /// The denied parts of the utterance.
    pub denied_spans: Vec<Span>,
}

impl Matcher {
    /// Compiles rules.
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut texts: Vec<String> = Vec::new();
        let mut endings: Vec<Vec<usize>> = Vec::new();
        let mut compiled = Vec::with_capacity(rules.len());
        for Rule { intent, phases, weight, phrase } in rules {
            let mut parts = phrase.parts.into_iter().map(|words| {
                let mut pieces: Vec<usize> = words
                    .into_iter()
                    .map(|word| {
                        *numbers.entry(word).or_insert_with_key(|word| {
                            texts.push(word.clone());
                            texts.len() - 1
                        })
                    })
                    .collect();
                pieces.sort_unstable();
                pieces
            });
            let mut before: Vec<Vec<usize>> = parts.by_ref().collect();
            drop(parts);
            endings.resize(texts.len(), Vec::new());
            for piece in before.pop().unwrap_or_default() {
                if let Some(ending) = endings.get_mut(piece) {
                    ending.push(compiled.len());
                }
            }
            let (at_start, at_end) = (phrase.at_start, phrase.at_end);
            compiled.push(Compiled { intent, phases, weight, before, at_start, at_end });
        }
        // Fails only beyond 2^31 states; then there are no patterns, and the wording decides alone.
        let pieces = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&texts).ok();
        Matcher { pieces, endings, rules: compiled }
    }

    /// The patterns that count in this phase.
    pub fn find(&self, text: &Text<'_>, phase: Phase, lexicon: &Lexicon) -> Found {
        let mut matches = self.matches(text, phase, lexicon.gap);
        let (denials, denied_spans) = denials(&text.folded, &lexicon.denial, &matches);
        let mut denied = Vec::new();
        matches.retain(|found| {
            let is_denied = denials.iter().any(|denial| denial.denies(found));
            if is_denied {
                denied.push(found.clone());
            }
            !is_denied
        });
        let all = matches.clone();
        matches.retain(|found| !all.iter().any(|other| other.overrules(found)));
        Found { matches, denied, denied_spans }
    }

    fn matches(&self, text: &Text<'_>, phase: Phase, gap: usize) -> Vec<Match> {
        let Some(pieces) = &self.pieces else { return Vec::new() };
        let mut seen: Vec<(usize, Span)> = Vec::new();
        let mut matches = Vec::new();
        for found in pieces.find_overlapping_iter(&text.folded) {
            let number = found.pattern().as_usize();
            let span = Span { start: found.start(), end: found.end() };
            let rules = self.endings.get(number).into_iter().flatten();
            for rule in rules.filter_map(|rule| self.rules.get(*rule)) {
                if matches.len() < MAX_MATCHES && rule.phases.contains(phase) {
                    matches.extend(rule.complete(span, &seen, text, gap));
                }
            }
            seen.push((number, span));
        }
        matches
    }
}

impl Compiled {
    /// The match whose last piece stands here, if the others stand before it.
    fn complete(&self, last: Span, seen: &[(usize, Span)], text: &Text<'_>, most: usize) -> Option<Match> {
        if self.at_end && !text.ends.contains(&last.end) && last.end != text.folded.len() {
            // In a spaced language the last space belongs to the piece and to what follows it.
            let before_space = last.end.checked_sub(1).is_some_and(|end| text.ends.contains(&end));
            if !before_space {
                return None;
            }
        }
        let mut spans = vec![last];
        let mut next = last;
        for part in self.before.iter().rev() {
            let (_, span) = seen.iter().rev().find(|(number, span)| {
                // Two words of a spaced language share the space between them.
                part.binary_search(number).is_ok()
                    && span.end <= next.start + 1
                    && span.start < next.start
                    && gap(text, *span, next) <= most
            })?;
            spans.push(*span);
            next = *span;
        }
        spans.reverse();
        if self.at_start && !text.starts.contains(&next.start) {
            return None;
        }
        let words: usize = spans.iter().map(|span| span.len()).sum();
        let extent = words + usize::from(self.at_start) + usize::from(self.at_end);
        Some(Match { intent: self.intent, weight: self.weight, spans, extent })
    }
}

fn gap(text: &Text<'_>, before: Span, after: Span) -> usize {
    text.folded.get(before.end..after.start).map_or(0, |between| between.chars().count())
}

impl Match {
    /// From its first to its last piece.
    pub fn whole(&self) -> Span {
        let start = self.spans.first().map_or(0, |span| span.start);
        Span { start, end: self.spans.last().map_or(start, |span| span.end) }
    }

    /// Whether the other match is only a part of this one and means something else: 「それで結構です」 overrules
    /// 「結構です」.
    fn overrules(&self, other: &Match) -> bool {
        self.intent != other.intent
            && self.extent > other.extent
            && other.spans.iter().all(|part| self.spans.iter().any(|span| span.contains(*part)))
    }
}

/// A place where words are denied.
struct DeniedPlace {
    /// The words that are denied.
    words: Span,
    /// The words that deny.
    by: Span,
}

impl DeniedPlace {
    /// Whether this match's words are denied. What holds the denying words itself, such as 「担当ではない」, is not.
    fn denies(&self, found: &Match) -> bool {
        let last = found.spans.last();
        last.is_some_and(|last| self.words.meets(*last))
            && !found.spans.iter().any(|span| span.meets(self.by))
    }
}

/// Where words are denied, and the spans to leave out of the wording.
fn denials(text: &str, denial: &Denial, matches: &[Match]) -> (Vec<DeniedPlace>, Vec<Span>) {
    let mut places = Vec::new();
    let said = |by: Span| matches.iter().any(|found| found.spans.iter().any(|span| span.meets(by)));
    for word in &denial.after {
        for (at, _) in text.match_indices(word.as_str()) {
            let by = Span { start: at, end: at + word.len() };
            let head = text.get(..at).unwrap_or_default();
            let from = head.char_indices().rev().take(denial.reach).last().map_or(at, |(index, _)| index);
            let limit = last_end(head, &denial.until).unwrap_or(0);
            let start = from.max(limit);
            if !said(by)
                || matches.iter().any(|found| found.whole().end <= by.start && found.whole().end > start)
            {
                places.push(DeniedPlace { words: Span { start, end: at }, by });
            }
        }
    }
    for word in &denial.before {
        for (at, _) in text.match_indices(word.as_str()) {
            let by = Span { start: at, end: at + word.len() };
            let tail = text.get(by.end..).unwrap_or_default();
            let until = denial.until.iter().filter_map(|word| tail.find(word.as_str())).min();
            let reach = tail.char_indices().nth(denial.reach).map_or(tail.len(), |(index, _)| index);
            let end = by.end + until.unwrap_or(reach);
            places.push(DeniedPlace {
                words: Span { start: by.end.saturating_sub(1), end },
                by: Span { start: at, end: by.end.saturating_sub(1) },
            });
        }
    }
    let spans = places.iter().map(|place| Span {
        start: place.words.start.min(place.by.start),
        end: place.words.end.max(place.by.end),
    });
    let spans = spans.collect();
    (places, spans)
}

fn last_end(text: &str, words: &[String]) -> Option<usize> {
    words.iter().filter_map(|word| text.rfind(word.as_str()).map(|at| at + word.len())).max()
}

//! Finds the patterns of an utterance: all at once, longer ones before those inside them, denied ones set aside.

use std::ops::Range;

use super::denial::{Denial, DeniedPlace};
use super::lexicon::Lexicon;
use super::pattern::Phrase;
use super::phrases::{PhaseSet, Rule};
use super::pieces::{Pieces, Role};
use super::spans::Span;
use super::text::Text;
use crate::intent::Intent;
use crate::phase::Phase;

/// How many matches of one utterance are looked at.
const MAX_MATCHES: usize = 64;

/// All patterns of a language.
#[derive(Debug)]
pub(super) struct Matcher {
    pieces: Pieces,
    rules: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    intent: Intent,
    phases: PhaseSet,
    weight: f32,
    /// The numbers of its parts but the last, in order.
    before: Range<u32>,
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

/// The pieces and patterns of an utterance.
#[derive(Debug, Default)]
struct Said {
    matches: Vec<Match>,
    /// The pieces that deny, each with its place among those.
    denying: Vec<(usize, Span)>,
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
    /// Compiles rules, and what denies them.
    pub fn new(rules: Vec<Rule>, denial: &Denial) -> Self {
        let mut words: Vec<(String, Role)> = Vec::new();
        let mut compiled = Vec::with_capacity(rules.len());
        let mut parts = 0;
        for Rule { intent, phases, weight, phrase } in rules {
            let Phrase { parts: pieces, at_start, at_end } = phrase;
            let before = parts..parts + pieces.len().saturating_sub(1) as u32;
            for (part, pieces) in (parts..).zip(pieces) {
                let opens = before.contains(&part);
                let role = if opens { Role::Opens(part) } else { Role::Ends(compiled.len() as u32) };
                words.extend(pieces.into_iter().map(|piece| (piece, role)));
            }
            parts = before.end;
            compiled.push(Compiled { intent, phases, weight, before, at_start, at_end });
        }
        let denying = denial.words().zip(0..).map(|(word, place)| (word.to_owned(), Role::Denies(place)));
        Matcher { pieces: Pieces::new(words.into_iter().chain(denying)), rules: compiled }
    }

    /// The patterns that count in this phase.
    pub fn find(&self, text: &Text<'_>, phase: Phase, lexicon: &Lexicon) -> Found {
        let Said { mut matches, denying } = self.said(text, phase, lexicon.gap);
        let places = lexicon.denial.places(&text.folded, denying, &matches);
        let is_denied = |found: &mut Match| places.iter().any(|place| place.denies(found));
        let denied = matches.extract_if(.., is_denied).collect();
        let is_overruled = |found: &Match| matches.iter().any(|other| other.overrules(found));
        let mut overruled = matches.iter().map(is_overruled).collect::<Vec<_>>().into_iter();
        matches.retain(|_| !overruled.next().unwrap_or_default());
        Found { matches, denied, denied_spans: places.iter().map(DeniedPlace::whole).collect() }
    }

    fn said(&self, text: &Text<'_>, phase: Phase, gap: usize) -> Said {
        let mut said = Said::default();
        let mut seen: Vec<Seen<'_>> = Vec::with_capacity(16);
        self.pieces.find(&text.folded, |span, roles| {
            for role in roles {
                match role {
                    Role::Ends(rule) => {
                        let rule = self.rules.get(*rule as usize).filter(|rule| rule.phases.contains(phase));
                        if let Some(rule) = rule.filter(|_| said.matches.len() < MAX_MATCHES) {
                            said.matches.extend(rule.complete(span, &seen, text, gap));
                        }
                    }
                    Role::Denies(place) => said.denying.push((*place as usize, span)),
                    Role::Opens(_) => {}
                }
            }
            if roles.iter().any(|role| matches!(role, Role::Opens(_))) {
                seen.push(Seen { span, roles });
            }
        });
        said
    }
}

/// A piece that was seen before others.
struct Seen<'a> {
    span: Span,
    roles: &'a [Role],
}

impl Compiled {
    /// The match whose last piece stands here, if the others stand before it.
    fn complete(&self, last: Span, seen: &[Seen<'_>], text: &Text<'_>, most: usize) -> Option<Match> {
        if self.at_end && !text.ends.contains(&last.end) && last.end != text.folded.len() {
            // In a spaced language the last space belongs to the piece and to what follows it.
            let before_space = last.end.checked_sub(1).is_some_and(|end| text.ends.contains(&end));
            if !before_space {
                return None;
            }
        }
        let mut spans = Vec::new();
        let mut next = last;
        for part in self.before.clone().rev() {
            let Seen { span, .. } = seen.iter().rev().find(|Seen { span, roles }| {
                // Two words of a spaced language share the space between them.
                span.end <= next.start + 1
                    && span.start < next.start
                    && roles.contains(&Role::Opens(part))
                    && gap(text, *span, next) <= most
            })?;
            spans.push(*span);
            next = *span;
        }
        if self.at_start && !text.starts.contains(&next.start) {
            return None;
        }
        spans.reverse();
        spans.push(last);
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

//! What was said besides the intent: a time, a name.

use super::lexicon::Lexicon;
use super::spans::Span;
use super::text::Text;
use crate::understanding::Slots;

/// The slots of an utterance. Of several times the longest, of equally long ones the last, is taken.
pub(super) fn find(lexicon: &Lexicon, text: &Text<'_>) -> Slots {
    let time = text.times.iter().map(|span| text.said(*span)).max_by_key(|said| said.chars().count());
    Slots { time: time.filter(|said| !said.is_empty()).map(str::to_owned), name: name(lexicon, text) }
}

fn name(lexicon: &Lexicon, text: &Text<'_>) -> Option<String> {
    let found = lexicon.names.iter().find_map(|regex| regex.captures(&text.folded)?.get(1))?;
    let span = text.source_span(Span { start: found.start(), end: found.end() });
    Some(text.said(span)).filter(|name| !name.is_empty()).map(str::to_owned)
}

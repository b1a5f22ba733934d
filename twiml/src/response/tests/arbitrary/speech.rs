//! Any speech.

use proptest::prelude::*;

use super::each;
use super::text::{nasty, opt, word};
use crate::{
    Break, BreakStrength, Emphasis, EmphasisLevel, Lang, Paragraph, Phoneme, PhoneticAlphabet, Prosody, Say,
    SayAs, Sentence, Speech, Sub, Word,
};

pub(super) fn say() -> BoxedStrategy<Say> {
    each!(Say { content: content(), voice: opt(nasty(1)), language: opt(nasty(1)), loops: opt(any::<u32>()) })
        .boxed()
}

fn content() -> BoxedStrategy<Vec<Speech>> {
    many(
        leaf()
            .prop_recursive(3, 12, 3, |inner| {
                let content = || many(inner.clone().boxed());
                prop_oneof![
                    each!(Emphasis { level: opt(word(EmphasisLevel::ALL)), content: content() })
                        .prop_map(Speech::Emphasis),
                    each!(Lang { lang: nasty(1), content: content() }).prop_map(Speech::Lang),
                    each!(Paragraph { content: content() }).prop_map(Speech::Paragraph),
                    each!(Sentence { content: content() }).prop_map(Speech::Sentence),
                    each!(Prosody {
                        volume: opt(nasty(1)),
                        rate: opt(nasty(1)),
                        pitch: opt(nasty(1)),
                        content: content()
                    })
                    .prop_map(Speech::Prosody),
                ]
            })
            .boxed(),
    )
}

fn leaf() -> BoxedStrategy<Speech> {
    prop_oneof![
        4 => nasty(1).prop_map(Speech::Text),
        1 => each!(Break { strength: opt(word(BreakStrength::ALL)), time: opt(nasty(1)) }).prop_map(Speech::Break),
        1 => each!(Phoneme { alphabet: opt(word(PhoneticAlphabet::ALL)), ph: nasty(1), text: nasty(0) })
            .prop_map(Speech::Phoneme),
        1 => each!(SayAs { interpret_as: nasty(1), format: opt(nasty(1)), text: nasty(0) }).prop_map(Speech::SayAs),
        1 => each!(Sub { alias: nasty(1), text: nasty(0) }).prop_map(Speech::Sub),
        1 => each!(Word { role: opt(nasty(1)), text: nasty(0) }).prop_map(Speech::Word),
    ]
    .boxed()
}

/// Without neighbouring texts, which would become one.
fn many(speech: BoxedStrategy<Speech>) -> BoxedStrategy<Vec<Speech>> {
    let texts_apart = |mut content: Vec<Speech>| {
        content.dedup_by(|next, last| matches!((next, last), (Speech::Text(_), Speech::Text(_))));
        content
    };
    prop::collection::vec(speech, 0..4).prop_map(texts_apart).boxed()
}

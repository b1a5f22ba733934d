//! What recognition does to an utterance does not change what is understood.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::sync::OnceLock;

use tsunagu_conversation::{Engine, Labelled, Lang, read_labelled};

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::embedded().unwrap())
}

/// In at least 97 of a hundred lines of the development set the label that is understood stays.
fn stays(of: impl Fn(&Labelled) -> Option<String>) {
    let lines = read_labelled(include_str!("data/development.jsonl")).unwrap();
    let (mut same, mut all, mut changed) = (0, 0, Vec::new());
    for line in &lines {
        let Some(text) = of(line) else { continue };
        let before = engine().understand(line.lang, line.phase, &line.text, None).intent;
        let after = engine().understand(line.lang, line.phase, &text, None).intent;
        all += 1;
        if before == after {
            same += 1;
        } else {
            changed.push(format!("{} → {text}: {before} → {after}", line.text));
        }
    }
    let share = 100.0 * f64::from(same) / f64::from(all);
    assert!(share >= 97.0, "{share:.1} % of {all}\n{}", changed.join("\n"));
}

#[test]
fn fillers() {
    stays(|line| {
        let before = if line.lang == Lang::JA { "えーと、あのー、" } else { "um, uh, " };
        Some(format!("{before}{}", line.text))
    });
}

#[test]
fn punctuation() {
    stays(|line| {
        let end = if line.lang == Lang::JA { "。" } else { "." };
        Some(format!("{}{end}", line.text))
    });
    stays(|line| Some(line.text.chars().filter(|char| !"、。,.!?！？".contains(*char)).collect()));
}

#[test]
fn width_and_case() {
    stays(|line| {
        let wide = |char: char| match char {
            '!'..='~' => char::from_u32(u32::from(char) + 0xfee0).unwrap(),
            char => char,
        };
        Some(line.text.chars().map(wide).collect())
    });
    stays(|line| Some(line.text.to_uppercase()));
}

#[test]
fn katakana_for_hiragana() {
    stays(|line| {
        let katakana = |char: char| match char {
            'ぁ'..='ゖ' => char::from_u32(u32::from(char) + 0x60).unwrap(),
            char => char,
        };
        (line.lang == Lang::JA).then(|| line.text.chars().map(katakana).collect())
    });
}

/// Every word of the lexicon that is written in several ways, in each of them.
#[test]
fn other_writings_of_the_lexicon() {
    for (lang, lexicon) in [
        (Lang::JA, include_str!("../../config/conversation/ja/lexicon.toml")),
        (Lang::EN, include_str!("../../config/conversation/en/lexicon.toml")),
    ] {
        let lexicon: toml::Table = lexicon.parse().unwrap();
        let variants = lexicon["variants"].as_table().unwrap();
        stays(|line| {
            let (word, forms) = variants.iter().find(|(word, _)| line.lang == lang && has(line, word))?;
            let form = forms.as_array().unwrap()[0].as_str().unwrap();
            // Forms such as "n't" are parts of words.
            (!form.starts_with(['\'', 'n'])).then(|| replaced(line, word, form))
        });
    }
}

fn has(line: &Labelled, word: &str) -> bool {
    match line.lang == Lang::JA {
        true => line.text.contains(word),
        false => format!(" {} ", line.text).contains(&format!(" {word} ")),
    }
}

fn replaced(line: &Labelled, word: &str, form: &str) -> String {
    match line.lang == Lang::JA {
        true => line.text.replace(word, form),
        false => format!(" {} ", line.text).replace(&format!(" {word} "), &format!(" {form} ")),
    }
}

/// One letter is lost: each of every line, one after the other. What is said in a few letters is something else with one
/// of them lost.
#[test]
fn a_lost_letter() {
    let lines = read_labelled(include_str!("data/development.jsonl")).unwrap();
    let (mut same, mut all) = ([0, 0], [0, 0]);
    for line in &lines {
        let letters: Vec<(usize, char)> = line.text.char_indices().collect();
        if letters.len() <= 4 {
            continue;
        }
        let language = usize::from(line.lang == Lang::EN);
        let before = engine().understand(line.lang, line.phase, &line.text, None).intent;
        for (at, letter) in letters {
            let text = format!("{}{}", &line.text[..at], &line.text[at + letter.len_utf8()..]);
            let after = engine().understand(line.lang, line.phase, &text, None).intent;
            all[language] += 1;
            same[language] += u32::from(before == after);
        }
    }
    let share = |same: u32, all: u32| 100.0 * f64::from(same) / f64::from(all);
    let (japanese, english) = (share(same[0], all[0]), share(same[1], all[1]));
    let both = share(same[0] + same[1], all[0] + all[1]);
    assert!(both >= 98.0 && japanese >= 97.5 && english >= 98.5, "{japanese:.2} {english:.2} {both:.2}");
}

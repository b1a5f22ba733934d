//! How long the engine takes for an utterance: understanding it, and deciding what to say.

use super::talk::TALK;
use anyhow::{Context, Result};
use serde::Serialize;
use std::{hint::black_box, time::Duration};
use tokio::time::Instant;
use tsunagu_conversation::{Engine, Input, Lang, Limits, Phase, Profile, State};

/// How often each utterance is heard before anything is counted.
const WARM_UP: u32 = 20;
/// For how long all of them are heard over and over.
const SPAN: Duration = Duration::from_secs(2);

/// What people say beside the [`TALK`]: the short and the long, the clear and the unclear.
const OTHERS: [(Phase, &str); 24] = [
    (Phase::Opening, "はい"),
    (Phase::Opening, "お電話ありがとうございます、株式会社ひかりでございます"),
    (Phase::Opening, "間に合ってますので結構です"),
    (Phase::Opening, "すみません、営業のお電話はすべてお断りさせていただいております"),
    (Phase::Opening, "番号をお間違えではないですか、うちは個人宅ですけど"),
    (Phase::Opening, "ただいま電話に出ることができません。発信音の後にお名前とご用件をお話しください"),
    (Phase::Opening, "私が担当ですが"),
    (Phase::Purpose, "担当は本日お休みをいただいております"),
    (Phase::Purpose, "うーん、ちょっと何のことだかわからないんですけどねえ"),
    (Phase::Purpose, "担当者と直接お話しになりますか"),
    (Phase::Purpose, "これは録音か何かですか、人間の方と話したいんですが"),
    (Phase::Purpose, "二度とかけてこないでください"),
    (Phase::Pitch, "はい、お願いします"),
    (Phase::Pitch, "今ちょっと会議中で手が離せないんですよ"),
    (Phase::Pitch, "資料をメールで送っていただけますか"),
    (
        Phase::Pitch,
        "いやあ、うちはもう別の会社さんのを使っていて、それで特に困ってもいないので、今回は見送らせていただこうかなと思っています",
    ),
    (Phase::Pitch, "検討したいので社内で相談してからこちらからご連絡します"),
    (Phase::Pitch, "今日は天気がいいですね、そちらはどうですか"),
    (Phase::Callback, "明日の午後三時ごろにもう一度お電話いただけますか"),
    (Phase::Callback, "来週の火曜日なら、たぶん午前中は席におります"),
    (Phase::Callback, "いつ戻るかわかりません"),
    (Phase::Holding, "申し訳ございません、もう少々お待ちください"),
    (Phase::Holding, "はい、総務の鈴木です"),
    (Phase::Closing, "はい、失礼いたします"),
];

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineSpeed {
    /// How many different utterances were heard.
    pub utterances: usize,
    /// How many times each.
    pub rounds: u32,
    /// The mean, in microseconds.
    pub mean_us: f64,
    /// That of the utterance which takes longest.
    pub slowest_us: f64,
    /// Which it is.
    pub slowest: &'static str,
    /// How long it takes to make the engine, in milliseconds.
    pub load_ms: f64,
}

/// Measures it, on this thread.
pub fn measure() -> Result<EngineSpeed> {
    let begun = Instant::now();
    let engine = Engine::embedded().context("the conversation's scripts are not as they must be")?;
    let load = begun.elapsed();
    let limits = Limits::default();
    let profile = Profile {
        lang: Lang::JA,
        company_name: "青空システム".to_owned(),
        service_name: "クラウド勤怠サービス".to_owned(),
        representative_name: "田中".to_owned(),
        target_department: "総務".to_owned(),
        ..Profile::default()
    };
    let cases: Vec<(State, &str)> = TALK
        .into_iter()
        .chain(OTHERS)
        .map(|(phase, text)| {
            (State { lang: Lang::JA, phase, reached: vec![phase], ..State::default() }, text)
        })
        .collect();
    let hear = |state: &State, text: &str| {
        let input = Input::Heard { text, confidence: Some(0.91) };
        let begun = Instant::now();
        drop(black_box(engine.step(black_box(state), &black_box(input), &profile, &limits)));
        begun.elapsed()
    };
    for (state, text) in cases.iter().cycle().take(cases.len() * WARM_UP as usize) {
        hear(state, text);
    }
    let mut times = vec![Duration::ZERO; cases.len()];
    let (begun, mut rounds) = (Instant::now(), 0_u32);
    while begun.elapsed() < SPAN {
        rounds += 1;
        for (time, (state, text)) in times.iter_mut().zip(&cases) {
            *time += hear(state, text);
        }
    }
    let us = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(rounds.max(1));
    let slowest = times.iter().zip(&cases).max_by_key(|(time, _)| **time);
    Ok(EngineSpeed {
        utterances: cases.len(),
        rounds,
        mean_us: us(times.iter().sum()) / cases.len() as f64,
        slowest_us: slowest.map_or(0.0, |(time, _)| us(*time)),
        slowest: slowest.map_or("", |(_, (_, text))| text),
        load_ms: load.as_secs_f64() * 1e3,
    })
}

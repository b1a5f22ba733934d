//! What the rules of the design say about the doubtful cases, one by one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::sync::OnceLock;

use tsunagu_conversation::{Engine, EvidenceKind, Intent, Lang, MAX_UTTERANCE_CHARS, Phase, explain};

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::embedded().unwrap())
}

fn ja(phase: Phase, intent: Intent, texts: &[&str]) {
    check(Lang::JA, phase, intent, texts);
}

fn en(phase: Phase, intent: Intent, texts: &[&str]) {
    check(Lang::EN, phase, intent, texts);
}

#[track_caller]
fn check(lang: Lang, phase: Phase, intent: Intent, texts: &[&str]) {
    for text in texts {
        let heard = engine().understand(lang, phase, text, None);
        assert_eq!(heard.intent, intent, "{phase} {text}: {}", explain(&heard));
    }
}

use Intent::*;
use Phase::*;

#[test]
fn rule_1_what_is_denied_does_not_count() {
    ja(
        Opening,
        BusyNow,
        &["断ってるわけではないんですけど今忙しくて", "営業お断りというわけじゃないんですが会議中でして"],
    );
    ja(Opening, CallbackTime, &["不在ではなくて3時には戻ります"]);
    ja(Opening, SendMaterial, &["電話じゃなくてメールでお願いします"]);
    en(
        Opening,
        BusyNow,
        &[
            "it's not that we're not interested but i'm busy",
            "not that i'm not interested just too busy right now",
        ],
    );
    let heard = engine().understand(Lang::JA, Opening, "断ってるわけではないんですけど今忙しくて", None);
    assert!(heard.evidence.iter().any(|item| item.kind == EvidenceKind::Denied));
}

#[test]
fn rule_2_a_bare_yes_agrees_only_to_a_question() {
    for phase in [Opening, Purpose, Closing] {
        ja(phase, Acknowledge, &["はい", "ええ", "うん"]);
        en(phase, Acknowledge, &["yes", "yeah", "okay"]);
    }
    ja(Pitch, Affirm, &["はい", "ええ", "うん"]);
    en(Pitch, Affirm, &["yes", "yeah", "okay"]);
    ja(Closing, Acknowledge, &["わかりました", "大丈夫です", "お願いします"]);
    en(Closing, Acknowledge, &["that's fine", "sure", "sounds good"]);
    ja(Closing, Goodbye, &["失礼します", "では"]);
    en(Closing, Goodbye, &["bye", "goodbye then"]);
}

#[test]
fn rule_3_a_name_alone() {
    ja(Opening, Acknowledge, &["はい総務部です", "田中です", "山田商事でございます"]);
    ja(
        Holding,
        PersonInCharge,
        &["はい総務部です", "総務の田中でございます", "お待たせしました", "お待たせいたしました"],
    );
    en(Opening, Acknowledge, &["acme reception", "sales department"]);
    en(Holding, PersonInCharge, &["marketing department", "thanks for holding", "sorry to keep you waiting"]);
}

#[test]
fn rule_4_it_is_all_right() {
    for phase in [Opening, Purpose] {
        ja(phase, Reject, &["大丈夫です", "いいです", "うちは大丈夫です", "ダイジョウブデス"]);
    }
    for phase in [Pitch, Callback] {
        ja(phase, Affirm, &["いいですよ", "大丈夫です", "ええ大丈夫ですよ"]);
    }
    for phase in [Opening, Pitch, Callback] {
        ja(phase, Affirm, &["それで結構です"]);
        ja(phase, Reject, &["結構です", "もう結構です"]);
    }
}

#[test]
fn rule_5_away_later_and_if_we_need_it() {
    ja(Opening, Absent, &["本日は終日外出しております", "今日は戻りません"]);
    ja(Opening, CallbackTime, &["月曜には戻ります", "いつでもいいですよ", "明日なら出社しております"]);
    ja(Opening, BusyNow, &["後にしてもらえますか", "折り返しお電話いたします", "こちらからかけ直します"]);
    ja(Opening, Reject, &["必要ならこちらからお電話します", "必要になりましたらご連絡いたします"]);
    en(Opening, Absent, &["she's out all day", "he's off today"]);
    en(Opening, CallbackTime, &["she's back on monday", "any time is fine"]);
    en(Opening, BusyNow, &["call back later", "we'll call you back"]);
    en(Opening, Reject, &["if we need it we'll call you"]);
}

#[test]
fn rule_6_who_is_in_charge() {
    ja(Opening, Negate, &["私は担当ではありません", "担当じゃないです", "私は担当ではなくて"]);
    ja(Opening, Absent, &["申し伝えておきます", "担当は先月退職しました"]);
    ja(Opening, PersonInCharge, &["私が代わりに承ります", "私が担当です"]);
    ja(Opening, Reject, &["そのような部署はございません"]);
    en(Opening, Negate, &["i'm not the person in charge", "i am not in charge of that"]);
    en(Opening, Absent, &["i'll pass the message on", "he has left the company"]);
    en(Opening, PersonInCharge, &["i can take it for them", "i'm in charge"]);
    en(Opening, Reject, &["there is no such department"]);
}

#[test]
fn rule_7_whom_and_which_number() {
    ja(Opening, AskPurpose, &["どなたにご用ですか", "お約束はございますか", "営業のお電話ですか"]);
    ja(Opening, AskCompany, &["そちらのお電話番号を教えてください"]);
    en(
        Opening,
        AskPurpose,
        &["who do you want to speak to", "do you have an appointment", "is this a sales call"],
    );
    en(Opening, AskCompany, &["can i have your number please"]);
}

#[test]
fn rule_8_never_again_or_only_no() {
    ja(
        Opening,
        DoNotCall,
        &[
            "もうかけてこないでください",
            "今後お電話はご遠慮ください",
            "二度とかけないで",
            "番号を消してください",
            "通報しますよ",
            "もうお電話いただかなくて結構です",
        ],
    );
    ja(Opening, Reject, &["営業のお電話はお断りしております", "営業電話は受けておりません"]);
    en(
        Opening,
        DoNotCall,
        &["delete our number", "i will report you", "no need to call any more", "never call again"],
    );
    en(Opening, Reject, &["we do not take sales calls"]);
}

#[test]
fn rule_9_recordings() {
    ja(Opening, Voicemail, &["発信音の後にお名前とご用件をお話しください", "営業時間は終了しました"]);
    ja(Opening, Screening, &["お名前とご用件をおっしゃってください相手の方におつなぎします"]);
    ja(Holding, PuttingThrough, &["そのままお待ちください", "もう少々お待ちください"]);
    ja(Opening, WrongNumber, &["おかけになった電話番号は現在使われておりません"]);
    en(Opening, Voicemail, &["please leave a message after the tone", "our offices are closed"]);
    en(Opening, Screening, &["please state your name and reason for calling"]);
    en(Holding, PuttingThrough, &["please hold", "please continue to hold"]);
    en(Opening, WrongNumber, &["the number you have dialed is not in service"]);
}

#[test]
fn rule_10_a_wait_that_only_interjects() {
    ja(Pitch, AskQuestion, &["ちょっと待って、いくらですか", "ちょっと待ってください料金はいくらですか"]);
    ja(Opening, AskCompany, &["おつなぎしますのでお名前をお願いします"]);
    ja(Opening, AskPurpose, &["おつなぎしますのでご用件をお願いします"]);
    ja(
        Opening,
        PuttingThrough,
        &["サービスのご案内ですね少々お待ちください", "お世話になっております少々お待ちください"],
    );
    en(Pitch, AskQuestion, &["wait how much is it", "hold on how much does it cost"]);
}

#[test]
fn rule_11_a_hesitation_at_the_pitch() {
    ja(
        Pitch,
        Reject,
        &["うーん予算がないんですよね", "うーん今使ってるので満足してるし", "ちょっと難しいですね"],
    );
    ja(Pitch, Negate, &["うーん", "うーんちょっと", "今はちょっと"]);
    en(Pitch, Reject, &["hmm we don't have the budget", "well it's too expensive"]);
    en(Pitch, Negate, &["i'm not sure", "let me think about it"]);
}

#[test]
fn of_several_intents_the_first_in_rank_is_acted_on() {
    ja(Opening, SendMaterial, &["担当はあいにく不在ですのでメールでお願いします"]);
    ja(Opening, Reject, &["結構ですメールもいりません"]);
    ja(Opening, DoNotCall, &["結構ですので二度とかけてこないでください"]);
    en(Opening, SendMaterial, &["he's not in but you can email him"]);
    let heard = engine().understand(Lang::JA, Opening, "担当は外出中ですがどういったご用件でしょうか", None);
    assert_eq!((heard.intent, heard.also), (Absent, vec![AskPurpose]));
}

#[test]
fn noise_does_not_change_the_meaning() {
    ja(
        Opening,
        Absent,
        &[
            "えーと、あのー、担当は、ただいま席を外しております。",
            "タダイマ席ヲ外シテオリマス",
            "ﾀﾝﾄｳは不在です",
            "たんとうはふざいです",
        ],
    );
    en(Opening, Absent, &["Um, she is, uh, OUT of the office.", "shes not in today"]);
    en(Opening, Reject, &["NOT INTERESTED!!", "um no we're not, you know, interested"]);
}

#[test]
fn times_and_names_are_kept_as_they_were_said() {
    let slots = |lang, text| engine().understand(lang, Callback, text, None).slots;
    assert_eq!(slots(Lang::JA, "三時ごろには戻ります").time.as_deref(), Some("三時ごろ"));
    assert_eq!(slots(Lang::JA, "来週の月曜にお願いします").time.as_deref(), Some("来週の月曜"));
    assert_eq!(slots(Lang::JA, "明日の午前中なら").time.as_deref(), Some("明日の午前中"));
    assert_eq!(slots(Lang::JA, "15日の14時半でお願いします").time.as_deref(), Some("15日の14時半"));
    assert_eq!(
        slots(Lang::EN, "next Tuesday morning would be fine").time.as_deref(),
        Some("next Tuesday morning")
    );
    assert_eq!(slots(Lang::EN, "try half past two").time.as_deref(), Some("half past two"));
    assert_eq!(slots(Lang::JA, "二十四時間対応ですか").time, None);
    assert_eq!(slots(Lang::JA, "佐藤と申します").name.as_deref(), Some("佐藤"));
    assert_eq!(slots(Lang::EN, "my name is Anna").name.as_deref(), Some("Anna"));
}

#[test]
fn low_confidence_lowers_the_score() {
    let score = |confidence| engine().understand(Lang::JA, Opening, "担当は不在です", confidence).score;
    assert!(score(Some(0.2)) < score(Some(0.9)));
    assert_eq!(score(None), score(Some(0.0)), "0 is what recognisers send that give none");
    assert_eq!(score(None), score(Some(f32::NAN)));
}

#[test]
fn nothing_and_rubbish_are_unknown() {
    for text in ["", "   ", "、。！？", "🎺🎺🎺", "\u{0}\u{1}"] {
        ja(Opening, Unknown, &[text]);
        en(Opening, Unknown, &[text]);
    }
}

#[test]
fn only_the_beginning_of_a_very_long_text_is_read() {
    let long = format!("担当は不在です{}二度とかけてこないでください", "あ".repeat(MAX_UTTERANCE_CHARS));
    assert_eq!(engine().understand(Lang::JA, Opening, &long, None).intent, Absent);
    let expanding = "\u{fdfa}".repeat(100_000);
    engine().understand(Lang::JA, Opening, &expanding, None);
}

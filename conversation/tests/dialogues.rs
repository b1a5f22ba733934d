//! Whole calls, from the greeting to the end.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use tsunagu_conversation::{
    Decision, EndReason, Engine, HandoverReason, Input, Intent, Lang, Limits, Mark, Outcome, Phase, Profile,
    State, Then,
};

struct Call {
    engine: Engine,
    profile: Profile,
    limits: Limits,
    last: Decision,
}

impl Call {
    fn ring(lang: Lang) -> Call {
        let engine = Engine::embedded().unwrap();
        let profile = Profile {
            lang,
            company_name: "つなぐ商事".into(),
            service_name: "らくらく経費".into(),
            representative_name: "青木".into(),
            target_department: "経理部".into(),
            ..Profile::default()
        };
        let last = engine.open(&profile);
        Call { limits: engine.limits().clone(), engine, profile, last }
    }

    fn input(&mut self, input: Input<'_>) -> &mut Self {
        // Each turn goes through the journal.
        let state = serde_json::to_string(&self.last.state).unwrap();
        let state: State = serde_json::from_str(&state).unwrap();
        assert_eq!(state, self.last.state);
        self.last = self.engine.step(&state, &input, &self.profile, &self.limits);
        self
    }

    fn hear(&mut self, text: &str) -> &mut Self {
        self.input(Input::Heard { text, confidence: Some(0.9) })
    }

    fn said(&self) -> String {
        self.last.say.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn keys(&self) -> Vec<&str> {
        self.last.say.iter().map(|line| line.template.as_str()).collect()
    }

    #[track_caller]
    fn listens_in(&mut self, phase: Phase) -> &mut Self {
        assert!(matches!(self.last.then, Then::Listen(_)), "{:?}", self.last);
        assert_eq!(self.last.state.phase, phase, "{:?}", self.last);
        self
    }

    #[track_caller]
    fn says(&mut self, keys: &[&str]) -> &mut Self {
        assert_eq!(self.keys(), keys, "{:?}", self.last);
        self
    }

    #[track_caller]
    fn hands_over(&mut self, why: HandoverReason) -> &mut Self {
        assert_eq!(self.last.then, Then::HandOver { reason: why }, "{:?}", self.last);
        assert!(self.last.state.waiting());
        self
    }

    #[track_caller]
    fn ends(&mut self, how: Outcome, why: EndReason) -> &mut Self {
        match &self.last.then {
            Then::End { outcome, reason, .. } => {
                assert_eq!((*outcome, *reason), (how, why), "{:?}", self.last)
            }
            _ => panic!("does not end: {:?}", self.last),
        }
        self
    }

    fn marks(&self) -> Option<Mark> {
        match &self.last.then {
            Then::End { mark, .. } => *mark,
            _ => None,
        }
    }

    /// The time of the callback task, if there is a task.
    fn callback(&self) -> Option<Option<&str>> {
        match &self.last.then {
            Then::End { callback, .. } => callback.as_ref().map(|callback| callback.words.as_deref()),
            _ => None,
        }
    }
}

#[test]
fn the_first_sentence_names_company_representative_and_purpose() {
    for lang in [Lang::JA, Lang::EN] {
        let mut call = Call::ring(lang);
        call.listens_in(Phase::Opening).says(&["initial"]);
        let said = call.said();
        let first = said.split_inclusive(['。', '.', '?']).next().unwrap();
        for word in ["つなぐ商事", "青木", "らくらく経費"] {
            assert!(first.contains(word), "{first}");
        }
        let Then::Listen(listen) = &call.last.then else { panic!() };
        assert!(!listen.barge_in && !listen.holding && listen.expects == Some(Phase::Opening));
    }
}

#[test]
fn a_receptionist_puts_through_and_the_manager_agrees() {
    let mut call = Call::ring(Lang::JA);
    call.hear("はい山田商事でございます").listens_in(Phase::Purpose).says(&["request"]);
    call.hear("少々お待ちください").listens_in(Phase::Holding).says(&["holding_thanks"]);
    let Then::Listen(listen) = &call.last.then else { panic!() };
    assert!(listen.holding && listen.timeout_secs == 60);
    call.input(Input::Silence).listens_in(Phase::Holding).says(&[]);
    call.hear("もう少々お待ちください").listens_in(Phase::Holding).says(&[]);
    call.hear("お電話代わりました経理の佐藤です").listens_in(Phase::Pitch).says(&["pitch_new_person"]);
    call.hear("おいくらですか").listens_in(Phase::Pitch).says(&["question_answer", "question_connect"]);
    call.hear("ええいいですよ").hands_over(HandoverReason::Agreed).says(&["hand_over"]);
    call.input(Input::Comfort).says(&["comfort"]);
    let first = call.said();
    let Then::Listen(listen) = &call.last.then else { panic!() };
    assert!(listen.timeout_secs <= 4);
    call.input(Input::Silence).says(&["comfort"]);
    assert_ne!(call.said(), first, "comfort varies");
    call.hear("はい").says(&["comfort"]);
    call.input(Input::AgentAccepted).says(&["handoff_message"]);
    assert_eq!(call.last.then, Then::Connect);
    call.hear("お電話代わりました").says(&[]);
    assert_eq!(call.last.then, Then::Connect);
    call.input(Input::AgentLeft).ends(Outcome::Success, EndReason::HumanDone).says(&["thanks_after_talk"]);
}

#[test]
fn the_same_in_english() {
    let mut call = Call::ring(Lang::EN);
    call.hear("hello acme speaking").listens_in(Phase::Purpose);
    call.hear("what's it about").listens_in(Phase::Purpose).says(&["purpose_answer", "question_person"]);
    call.hear("one moment please").listens_in(Phase::Holding);
    call.hear("hello").listens_in(Phase::Opening).says(&["greet_again", "question_person"]);
    call.hear("speaking").listens_in(Phase::Pitch);
    call.hear("sure go ahead").hands_over(HandoverReason::Agreed);
    call.input(Input::AgentAccepted);
    assert_eq!(call.last.then, Then::Connect);
}

#[test]
fn absent_with_a_question_is_answered_and_gives_a_time() {
    let mut call = Call::ring(Lang::JA);
    call.hear("担当は外出中ですがどういったご用件でしょうか").listens_in(Phase::Callback);
    call.says(&["purpose_answer", "absent", "question_callback"]);
    call.hear("三時ごろには戻ります").ends(Outcome::FollowUp, EndReason::CallbackAgreed);
    assert_eq!(call.callback(), Some(Some("三時ごろ")));
    assert!(call.said().contains("三時ごろでございますね"));

    let mut call = Call::ring(Lang::EN);
    call.hear("she's out of the office").listens_in(Phase::Callback);
    call.hear("i don't know when").ends(Outcome::FollowUp, EndReason::CallbackOpen);
    assert_eq!(call.callback(), None);
}

#[test]
fn refusals_end_at_once() {
    for (lang, text) in [(Lang::JA, "結構です"), (Lang::EN, "we're not interested")] {
        let mut call = Call::ring(lang);
        call.hear(text).ends(Outcome::Rejected, EndReason::Declined).says(&["rejection"]);
        assert_eq!(call.marks(), None);
        call.hear("はい").says(&[]).ends(Outcome::Rejected, EndReason::Declined);
    }
    let mut call = Call::ring(Lang::JA);
    call.hear("私が担当です").hear("うーんちょっと").ends(Outcome::Rejected, EndReason::Declined);
}

#[test]
fn never_again_is_marked_even_after_the_goodbye() {
    for (lang, text) in [(Lang::JA, "もう二度とかけてこないでください"), (Lang::EN, "take us off your list")]
    {
        let mut call = Call::ring(lang);
        call.hear(text).ends(Outcome::Rejected, EndReason::NeverAgain);
        assert_eq!(call.marks(), Some(Mark::DoNotCall));
    }
    let mut call = Call::ring(Lang::JA);
    call.hear("メールでお願いします").ends(Outcome::FollowUp, EndReason::MaterialWanted);
    call.hear("もうかけてこないでください").ends(Outcome::Rejected, EndReason::NeverAgain).says(&[]);
    assert_eq!(call.marks(), Some(Mark::DoNotCall));
}

#[test]
fn other_ends() {
    let end = |lang, text: &str, outcome, reason| {
        let mut call = Call::ring(lang);
        call.hear(text).ends(outcome, reason);
        call.marks()
    };
    assert_eq!(
        end(Lang::JA, "番号違いですよ", Outcome::Failed, EndReason::WrongNumber),
        Some(Mark::WrongNumber)
    );
    end(Lang::EN, "you have the wrong number", Outcome::Failed, EndReason::WrongNumber);
    end(Lang::JA, "ただいま電話に出ることができません発信音の後に", Outcome::Absent, EndReason::Machine);
    end(Lang::EN, "just email us the details", Outcome::FollowUp, EndReason::MaterialWanted);
    end(Lang::JA, "失礼いたします", Outcome::Rejected, EndReason::Goodbye);
}

#[test]
fn a_message_is_left_only_if_wanted() {
    let mut call = Call::ring(Lang::JA);
    call.input(Input::Machine).ends(Outcome::Absent, EndReason::Machine).says(&[]);
    let mut call = Call::ring(Lang::JA);
    call.limits.voicemail_message = true;
    call.input(Input::Machine).ends(Outcome::Absent, EndReason::Machine).says(&["voicemail_message"]);
}

#[test]
fn a_human_is_had_by_asking_or_by_key() {
    let mut call = Call::ring(Lang::JA);
    call.hear("これ自動音声ですか").hands_over(HandoverReason::AskedForHuman);
    let mut call = Call::ring(Lang::EN);
    call.input(Input::Key('0')).hands_over(HandoverReason::KeyPressed);
    let mut call = Call::ring(Lang::EN);
    call.input(Input::HandoverRequested).hands_over(HandoverReason::Requested);
}

#[test]
fn the_customer_may_change_their_mind_while_waiting() {
    let waiting = |lang, yes: &str, text: &str| {
        let mut call = Call::ring(lang);
        call.hear(if lang == Lang::JA { "私が担当です" } else { "speaking" })
            .hear(yes)
            .hands_over(HandoverReason::Agreed);
        call.hear(text);
        call
    };
    waiting(Lang::JA, "はい", "やっぱり結構です").ends(Outcome::Rejected, EndReason::Declined);
    waiting(Lang::JA, "はい", "いや、やっぱりいいです").ends(Outcome::Rejected, EndReason::Declined);
    waiting(Lang::EN, "yes", "no forget it").ends(Outcome::Rejected, EndReason::Declined);
    waiting(Lang::EN, "yes", "never call me again").ends(Outcome::Rejected, EndReason::NeverAgain);
    waiting(Lang::JA, "はい", "失礼します").ends(Outcome::Rejected, EndReason::Goodbye);
    waiting(Lang::JA, "はい", "大丈夫です").says(&["comfort"]);
    waiting(Lang::EN, "yes", "the blue one on the left").says(&["comfort"]);
}

#[test]
fn nobody_free_promises_a_call_back() {
    let mut call = Call::ring(Lang::JA);
    call.hear("私が担当です").hear("はい").hands_over(HandoverReason::Agreed);
    call.input(Input::HandoverFailed).listens_in(Phase::Callback).says(&["handover_failed"]);
    assert!(!call.last.state.waiting() && call.last.state.promised);
    call.input(Input::Silence).input(Input::Silence).ends(Outcome::FollowUp, EndReason::CallbackOpen);
    assert_eq!(call.callback(), Some(None));

    let mut call = Call::ring(Lang::EN);
    call.hear("are you a robot").input(Input::HandoverFailed).hear("tomorrow morning");
    call.ends(Outcome::FollowUp, EndReason::CallbackAgreed);
    assert_eq!(call.callback(), Some(Some("tomorrow morning")));
}

#[test]
fn silence_has_its_ladder() {
    let mut call = Call::ring(Lang::JA);
    call.input(Input::Silence).says(&["question_person"]);
    call.input(Input::Silence).says(&["hearing_check"]);
    call.input(Input::Silence).ends(Outcome::Absent, EndReason::Silence);
    let mut call = Call::ring(Lang::JA);
    call.input(Input::Silence)
        .input(Input::Silence)
        .hear("はい")
        .input(Input::Silence)
        .says(&["question_person"]);
    call.hear("少々お待ちください").input(Input::HoldingOver).ends(Outcome::Absent, EndReason::HeldTooLong);
}

#[test]
fn not_understood_three_times_in_a_row_hands_over() {
    let rubbish = ["今日は天気がいいですね", "犬が吠えてるな", "ラーメン食べたい"];
    let mut call = Call::ring(Lang::JA);
    call.hear(rubbish[0]).says(&["clarification", "question_person"]);
    let first = call.said();
    call.hear(rubbish[1]).says(&["clarification", "question_person"]);
    assert_ne!(call.said(), first, "in other words");
    call.hear(rubbish[2]).hands_over(HandoverReason::NotUnderstood);

    let mut call = Call::ring(Lang::JA);
    call.limits.unknown_hands_over = false;
    call.hear(rubbish[0]).hear(rubbish[1]).hear(rubbish[2]).ends(Outcome::FollowUp, EndReason::NotUnderstood);

    let mut call = Call::ring(Lang::JA);
    call.hear(rubbish[0]).hear(rubbish[1]).hear("どちら様ですか").hear(rubbish[2]).listens_in(Phase::Purpose);
}

#[test]
fn without_progress_it_hands_over() {
    let mut call = Call::ring(Lang::JA);
    for _ in 0..40 {
        if !matches!(call.last.then, Then::Listen(_)) {
            break;
        }
        call.hear("どちら様ですか");
    }
    call.hands_over(HandoverReason::TooManyTurns);
}

#[test]
fn yes_and_no_where_they_mean_something_else() {
    let mut call = Call::ring(Lang::JA);
    call.hear("いいえ")
        .says(&["somebody_else"])
        .hear("いいえ")
        .ends(Outcome::FollowUp, EndReason::NobodyElse);
    let mut call = Call::ring(Lang::JA);
    call.hear("担当は不在です").hear("はい").says(&["question_callback"]);
    call.hear("はい").ends(Outcome::FollowUp, EndReason::CallbackOpen);
    let mut call = Call::ring(Lang::JA);
    call.hear("はい")
        .says(&["request"])
        .hear("はい")
        .says(&["request"])
        .hear("はい")
        .says(&["clarification", "question_person"]);
}

#[test]
fn a_screening_assistant_is_answered_in_one_sentence() {
    let mut call = Call::ring(Lang::JA);
    call.hear("お名前とご用件をおっしゃってください相手の方におつなぎします").listens_in(Phase::Holding);
    call.says(&["screening_answer"]);
    assert_eq!(call.said().matches('。').count(), 1);
    assert_eq!(call.last.understanding.as_ref().unwrap().intent, Intent::Screening);
}

#[test]
fn what_comes_too_late_changes_nothing() {
    let mut call = Call::ring(Lang::JA);
    for input in [Input::Comfort, Input::HandoverFailed, Input::HoldingOver, Input::AgentLeft] {
        call.input(input).listens_in(Phase::Opening).says(&[]);
    }
}

#[test]
fn the_state_is_small() {
    let mut call = Call::ring(Lang::JA);
    call.hear("はい山田商事でございます").hear("少々お待ちください");
    let json = serde_json::to_string(&call.last.state).unwrap();
    assert!(json.len() < 160, "{json}");
    assert_eq!(serde_json::from_str::<State>("{}").unwrap(), State::default());
}

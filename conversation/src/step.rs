//! One turn of the talk: what happened → which rung of the script → what to say and do.

use crate::advice::{Advice, Heeded, Wording, heed};
use crate::decision::{Decision, Line, Listen, Then};
use crate::input::Input;
use crate::intent::Intent;
use crate::limits::Limits;
use crate::outcome::{EndReason, Mark, Outcome};
use crate::phase::Phase;
use crate::profile::Profile;
use crate::reading::needed;
use crate::script::{Action, Condition, Place, Say, Script, Step};
use crate::state::{Agent, CallbackRequest, Ended, State};
use crate::template::{Templates, Values};
use crate::trigger::{Event, Trigger};
use crate::understanding::Understanding;

/// The longest pause between two comfort sentences, in seconds.
const MAX_COMFORT_SECS: u32 = 4;

/// All that one turn looks at.
pub(crate) struct Turn<'a> {
    pub script: &'a Script,
    pub templates: &'a Templates,
    pub profile: &'a Profile,
    pub limits: &'a Limits,
    pub understanding: Option<Understanding>,
    /// A language model's answer to the question that was asked.
    pub answer: Option<String>,
    /// What was understood is a language model's word.
    pub advised: bool,
}

/// Which way an input goes.
enum Way<'a> {
    /// The talk was over before.
    AfterTheEnd,
    /// It means nothing here.
    CarryOn,
    /// The talk has to end.
    GiveUp,
    /// A rung of the script is taken.
    Take(Chosen<'a>),
}

/// The rung that is taken.
struct Chosen<'a> {
    /// What it hangs on in the end.
    trigger: Trigger,
    /// How often that has come before.
    turn: usize,
    step: &'a Step,
    /// The rung that led to it by `as`.
    by: Option<&'a Step>,
}

impl<'a> Turn<'a> {
    /// The same turn with what counts of a language model's advice about the words that were heard.
    pub fn advised(mut self, state: &State, wording: Option<&Wording>, text: &str, advice: &Advice) -> Self {
        if let Some(understanding) = &mut self.understanding {
            let Heeded { intent, answer } = heed(wording, state, understanding, text, advice);
            understanding.intent = intent.unwrap_or(understanding.intent);
            self.advised = intent.is_some();
            self.answer = answer;
        }
        self
    }

    /// The greeting: the start phase's prompt.
    pub fn open(self, state: State) -> Decision {
        let mut state = State { phase: self.script.start, ..state };
        state.reached.push(state.phase);
        let prompt = self.script.phase(state.phase).map(|phase| phase.prompt.as_slice()).unwrap_or_default();
        let say: Vec<_> = prompt.iter().map(|key| self.line(key, 0)).collect();
        let then = Then::Listen(self.listen(&state, None, &say));
        self.decide(state, say, then)
    }

    /// What follows from this input.
    pub fn step(self, mut state: State, input: &Input<'_>) -> Decision {
        match self.way(&mut state, input) {
            Way::AfterTheEnd => self.after_the_end(state),
            Way::CarryOn => self.carry_on(state),
            Way::GiveUp => self.give_up(state),
            Way::Take(Chosen { trigger, turn, step, .. }) => self.take(state, trigger, turn, step),
        }
    }

    /// The rungs that this input takes: one that says `as` and the one that it leads to, or just one.
    pub fn taken(&self, mut state: State, input: &Input<'_>) -> Vec<&'a str> {
        match self.way(&mut state, input) {
            Way::Take(Chosen { by, step, .. }) => {
                by.into_iter().chain([step]).map(|step| step.written.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Which way this input goes.
    fn way(&self, state: &mut State, input: &Input<'_>) -> Way<'a> {
        state.inputs = state.inputs.saturating_add(1);
        if state.ended.is_some() {
            return Way::AfterTheEnd;
        }
        let Some(trigger) = self.trigger(state, input) else {
            return Way::CarryOn;
        };
        if state.inputs > self.limits.max_inputs {
            return Way::GiveUp;
        }
        count_turn(state, trigger, self.stands_for(state, trigger));
        let chosen = match self.choose(state, trigger) {
            Some(chosen) if chosen.step.action == Action::Listen && self.too_many(state) => {
                self.choose(state, Trigger::Event(Event::TooManyTurns))
            }
            chosen => chosen,
        };
        chosen.map_or(Way::GiveUp, Way::Take)
    }

    /// Which transition this input asks for; none if it comes too late to mean anything.
    fn trigger(&self, state: &State, input: &Input<'_>) -> Option<Trigger> {
        let joined = state.agent == Agent::Joined;
        let event = match input {
            Input::AgentLeft if joined => Event::AgentLeft,
            _ if joined => return None,
            Input::AgentLeft if state.waiting() => Event::HandoverFailed,
            Input::AgentLeft => return None,
            Input::Heard { .. } | Input::Advised { .. } => {
                let intent = self.understanding.as_ref().map_or(Intent::Unknown, |heard| heard.intent);
                return Some(Trigger::Intent(intent));
            }
            Input::Machine => return Some(Trigger::Intent(Intent::Voicemail)),
            Input::Comfort | Input::HandoverFailed if !state.waiting() => return None,
            Input::Comfort | Input::Silence if self.comforted(state) => Event::HandoverFailed,
            Input::Comfort => Event::Comfort,
            Input::HandoverFailed => Event::HandoverFailed,
            Input::HoldingOver if state.phase != Phase::Holding || state.waiting() => return None,
            Input::HoldingOver => Event::HoldingOver,
            Input::HandoverRequested if state.waiting() => return None,
            Input::HandoverRequested => Event::HandoverRequested,
            Input::AgentAccepted => Event::AgentAccepted,
            Input::Silence => Event::Silence,
            Input::Key('0') => Event::KeyHuman,
            Input::Key(_) => Event::KeyOther,
        };
        Some(Trigger::Event(event))
    }

    /// The rung for a trigger.
    fn choose(&self, state: &mut State, trigger: Trigger) -> Option<Chosen<'a>> {
        let (turn, step) = self.rung(state, trigger)?;
        match step.action {
            Action::As(other) => {
                let by = Some(step);
                let (turn, step) = self.rung(state, other)?;
                Some(Chosen { trigger: other, turn, step, by })
            }
            _ => Some(Chosen { trigger, turn, step, by: None }),
        }
    }

    /// The trigger that one comes to in the end: itself, or what its rung says by `as`.
    fn stands_for(&self, state: &State, trigger: Trigger) -> Trigger {
        match self.next_rung(state, trigger) {
            Some((_, Step { action: Action::As(other), .. })) => *other,
            _ => trigger,
        }
    }

    /// The next rung for a trigger, which is counted.
    fn rung(&self, state: &mut State, trigger: Trigger) -> Option<(usize, &'a Step)> {
        let rung = self.next_rung(state, trigger);
        let count = state.counts.entry(trigger).or_default();
        *count = count.saturating_add(1);
        rung
    }

    fn next_rung(&self, state: &State, trigger: Trigger) -> Option<(usize, &'a Step)> {
        let place = if state.waiting() { Place::Waiting } else { Place::Phase(state.phase) };
        let before = state.counts.get(&trigger).copied().unwrap_or_default();
        let mut passed: u16 = 0;
        let ladder = self.script.ladder(place, trigger);
        let step =
            ladder.iter().filter(|step| self.holds(state, step.when)).find(|step| match step.times {
                Some(times) => {
                    passed = passed.saturating_add(times);
                    before < passed
                }
                None => true,
            })?;
        Some((usize::from(before), step))
    }

    fn holds(&self, state: &State, condition: Option<Condition>) -> bool {
        match condition {
            None => true,
            Some(Condition::UnknownHandsOver) => self.limits.unknown_hands_over,
            Some(Condition::VoicemailMessage) => self.limits.voicemail_message,
            Some(Condition::HasTime) => self.time().is_some(),
            Some(Condition::Promised) => state.promised,
        }
    }

    /// Takes a rung: moves the state, makes the lines.
    fn take(self, mut state: State, trigger: Trigger, turn: usize, step: &Step) -> Decision {
        let mut say = Vec::with_capacity(step.say.len() + usize::from(step.answer_also));
        if step.answer_also {
            say.extend(self.answer_also().map(|key| self.line(key, turn)));
        }
        let target = step.to.unwrap_or(state.phase);
        for item in &step.say {
            match item {
                Say::Template(key) => say.push(self.line(key, turn)),
                Say::Question => {
                    let question = self.script.phase(target).and_then(|phase| phase.question.as_ref());
                    say.extend(question.map(|key| self.line(key, usize::from(state.inputs))));
                }
            }
        }
        self.enter(&mut state, target);
        if trigger == Trigger::Event(Event::HandoverFailed) {
            state.promised = true;
        }
        let then = match step.action {
            Action::HandOver(reason) => {
                state.agent = Agent::Ringing;
                state.counts.clear();
                Then::HandOver { reason }
            }
            Action::Connect => {
                state.agent = Agent::Joined;
                Then::Connect
            }
            Action::End { outcome, reason, mark, callback } => {
                let promised = state.promised && outcome == Outcome::FollowUp;
                let callback =
                    (callback || promised).then(|| CallbackRequest { words: self.time().map(str::to_owned) });
                return self.end(state, say, Ended { outcome, reason, mark, callback });
            }
            Action::Listen | Action::Hold | Action::As(_) => {
                if trigger == Trigger::Event(Event::HandoverFailed) {
                    state.agent = Agent::None;
                }
                Then::Listen(self.listen(&state, step.barge_in, &say))
            }
        };
        self.decide(state, say, then)
    }

    fn enter(&self, state: &mut State, target: Phase) {
        let continues = self.script.phase(target).and_then(|phase| phase.continues);
        if target != state.phase && continues != Some(state.phase) {
            state.counts.clear();
        }
        state.phase = target;
        if !state.reached.contains(&target) {
            state.reached.push(target);
            state.turns = 0;
        }
    }

    /// The template that answers a question which came along with what was understood.
    fn answer_also(&self) -> Option<&str> {
        let also = &self.understanding.as_ref()?.also;
        self.script.answers.iter().find(|(intent, _)| also.contains(intent)).map(|(_, key)| key.as_str())
    }

    /// Listening on, with nothing said: what came meant nothing here.
    fn carry_on(self, state: State) -> Decision {
        let then = match state.agent {
            Agent::Joined => Then::Connect,
            _ if state.inputs > self.limits.max_inputs => return self.give_up(state),
            _ => Then::Listen(self.listen(&state, None, &[])),
        };
        self.decide(state, Vec::new(), then)
    }

    /// The talk is over. Nothing more is said; only a demand never to be called again is still taken down.
    fn after_the_end(self, mut state: State) -> Decision {
        let demand = self.understanding.as_ref().is_some_and(|heard| heard.intent == Intent::DoNotCall);
        let ended = match state.ended.take() {
            Some(ended) if !demand => ended,
            _ => Ended {
                outcome: Outcome::Rejected,
                reason: EndReason::NeverAgain,
                mark: Some(Mark::DoNotCall),
                callback: None,
            },
        };
        self.end(state, Vec::new(), ended)
    }

    /// The last stop of a call that will not end by itself.
    fn give_up(self, state: State) -> Decision {
        let callback = state.promised.then(CallbackRequest::default);
        let (outcome, reason) = (Outcome::FollowUp, EndReason::TooManyTurns);
        let say = vec![self.line("closing", 0)];
        self.end(state, say, Ended { outcome, reason, mark: None, callback })
    }

    fn end(self, mut state: State, say: Vec<Line>, ended: Ended) -> Decision {
        state.phase = Phase::Closing;
        state.agent = Agent::None;
        state.counts.clear();
        let Ended { outcome, reason, mark, callback } = ended.clone();
        state.ended = Some(ended);
        self.decide(state, say, Then::End { outcome, reason, mark, callback })
    }

    fn decide(self, state: State, say: Vec<Line>, then: Then) -> Decision {
        let answered = self.answer.as_ref().is_some_and(|answer| say.iter().any(|line| line.text == *answer));
        Decision { state, understanding: self.understanding, advised: self.advised || answered, say, then }
    }

    fn listen(&self, state: &State, barge_in: Option<bool>, say: &[Line]) -> Listen {
        let script = self.script.phase(state.phase);
        let holding = state.phase == Phase::Holding && !state.waiting();
        let timeout_secs = match (state.waiting(), holding) {
            (true, _) => self.limits.comfort_secs.min(MAX_COMFORT_SECS),
            (_, true) => self.limits.holding_secs,
            _ => self.limits.silence_secs,
        };
        Listen {
            timeout_secs: timeout_secs.max(1),
            expects: Some(state.phase),
            barge_in: barge_in.or(script.map(|phase| phase.barge_in)).unwrap_or(true)
                && !say.iter().any(|line| self.templates.uncut(&line.template)),
            holding,
        }
    }

    fn line(&self, key: &str, turn: usize) -> Line {
        let speaker = self.understanding.as_ref().and_then(|heard| heard.slots.name.as_deref());
        let values = Values { profile: self.profile, callback_time: self.time(), speaker };
        let text = match &self.answer {
            Some(answer) if self.answers_question(key) => answer.clone(),
            _ => self.templates.fill(key, turn, values),
        };
        Line { template: key.to_owned(), readings: needed(&self.profile.readings, &text), text }
    }

    /// Whether this is the template that answers a question about the matter.
    fn answers_question(&self, key: &str) -> bool {
        self.script.answers.iter().any(|(intent, answer)| *intent == Intent::AskQuestion && answer == key)
    }

    fn time(&self) -> Option<&str> {
        self.understanding.as_ref().and_then(|heard| heard.slots.time.as_deref())
    }

    fn too_many(&self, state: &State) -> bool {
        !state.waiting() && state.turns > self.limits.max_turns
    }

    fn comforted(&self, state: &State) -> bool {
        let comforts = state.counts.get(&Trigger::Event(Event::Comfort)).copied().unwrap_or_default();
        state.waiting() && comforts >= self.limits.max_comforts
    }
}

/// Counts a turn, and forgets what has to come in a row and did not: neither by itself nor as what another stands for.
fn count_turn(state: &mut State, trigger: Trigger, stands_for: Trigger) {
    const IN_A_ROW: [Trigger; 2] = [Trigger::Intent(Intent::Unknown), Trigger::Event(Event::Silence)];
    if !state.waiting() {
        state
            .counts
            .retain(|counted, _| [trigger, stands_for].contains(counted) || !IN_A_ROW.contains(counted));
    }
    if matches!(trigger, Trigger::Intent(_)) && state.phase != Phase::Holding {
        state.turns = state.turns.saturating_add(1);
    }
}

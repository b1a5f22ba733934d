//! One session, from `setup` to its end.

use super::settings::{Settings, spoken};
use crate::sandbox::clock::Clock;
use crate::sandbox::interpreter::{error, speech, warn};
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::person::Input;
use crate::sandbox::relay::{self, Cause, Command, Content, Piece, Step, Talk, Tokens};
use crate::sandbox::websocket::{INVALID, Incoming, NORMAL, Socket};
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

/// The session had an argument that cannot be.
const BAD_ARGUMENT: u32 = 64101;
/// The WebSocket has ended before the session.
const ENDED: u32 = 64105;
/// A message made no sense.
const BAD_MESSAGE: u32 = 64107;
/// After so many messages in a row that made no sense, the session is over.
const MAX_BAD: u32 = 10;
const TOO_MANY_BAD: &str = "Too many consecutive malformed messages";
/// Seconds of silence at the beginning after which somebody says something into it.
const SILENCE: f64 = 3.0;

/// How a session came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The program has ended it.
    Ended { handoff: Option<String> },
    /// It could not go on.
    Failed { code: u32, message: String },
}

/// What happens next.
enum Happening {
    Message(Incoming),
    Input(Input),
    Due,
}

/// The person is speaking. Moments are seconds since the session began.
struct Speaking {
    text: String,
    /// When the first half is over, until it has been reported.
    half_at: Option<f64>,
    /// When the words, and the silence after them, are over.
    over_at: f64,
}

/// A session that is running.
pub struct Session<'a> {
    leg: &'a mut Leg,
    socket: Socket,
    settings: Settings,
    began: Timestamp,
    talk: Talk,
    tokens: Tokens,
    speaking: Option<Speaking>,
    /// When it has been silent for long enough since the beginning; nothing has been said yet until then.
    silent_at: Option<f64>,
    /// What is being said came into a greeting, so the person has yet to hear it.
    untaken: bool,
    bad: u32,
}

impl<'a> Session<'a> {
    /// A session over a WebSocket that has just been opened.
    pub fn new(leg: &'a mut Leg, socket: Socket, settings: Settings) -> Self {
        let began = leg.exchange.clock.now();
        Self {
            leg,
            socket,
            settings,
            began,
            talk: Talk::default(),
            tokens: Tokens::default(),
            speaking: None,
            silent_at: Some(SILENCE),
            untaken: false,
            bad: 0,
        }
    }

    /// Runs until the program ends it or it cannot go on.
    pub async fn run(mut self, sid: &str) -> Outcome {
        let call = self.leg.call.standard(&self.leg.exchange.config.account_sid);
        let status = self.leg.call.rest_status();
        let mut outcome = self.send(relay::setup(sid, &call, status, &self.settings.parameters)).err();
        if let Some(voice) = self.settings.impossible_voice.take() {
            let message = format!("the voice {voice:?} does not exist: here it has no provider's prefix");
            let _ = self.send(relay::error(&message));
            outcome = outcome.or(Some(Outcome::Failed { code: BAD_ARGUMENT, message }));
        }
        if self.settings.reconnect {
            warn(self.leg, BAD_ARGUMENT, "the sandbox carrier does not do applicationReconnect".into());
        }
        self.begin();
        loop {
            if let Some(outcome) = outcome {
                match &outcome {
                    Outcome::Failed { code: ENDED, message } if message == TOO_MANY_BAD => {
                        self.socket.close(INVALID, TOO_MANY_BAD);
                    }
                    _ => self.socket.close(NORMAL, ""),
                }
                return outcome;
            }
            let means = if self.leg.person.is_about_to_press() { Cause::Keys } else { Cause::Speech };
            // Who would not be understood keeps it to themselves, as with a Gather that cannot be interrupted.
            let understood = self.is_reported(means);
            self.leg.person.set_free(understood);
            outcome = match self.next().await {
                Happening::Message(message) => self.take_in(message),
                Happening::Input(input) => self.hear(input),
                Happening::Due => self.catch_up(),
            };
        }
    }

    /// The greeting, the person's or the program's.
    fn begin(&mut self) {
        match self.settings.greeting.take() {
            Some((text, interruptible)) => {
                let mut piece = self.words(text, None, None);
                piece.interruptible = interruptible;
                self.play(piece);
            }
            None => {
                self.leg.person.greet(&self.leg.call);
            }
        }
    }

    async fn next(&mut self) -> Happening {
        let speaking = self.speaking.as_ref().map(|speaking| speaking.half_at.unwrap_or(speaking.over_at));
        let due = [self.talk.next_due(), speaking, self.silent_at].into_iter().flatten().reduce(f64::min);
        let due = due.map(|at| self.instant(at));
        let listens = self.speaking.is_none();
        tokio::select! {
            biased;
            message = self.socket.next() => Happening::Message(message),
            () = sleep_until(due) => Happening::Due,
            input = self.leg.person.next_input(), if listens => Happening::Input(input),
        }
    }

    /// What time has brought.
    fn catch_up(&mut self) -> Option<Outcome> {
        let now = self.now();
        let mut steps = Vec::new();
        self.talk.advance(now, &mut steps);
        self.carry_out(steps);
        if self.silent_at.is_some_and(|at| at <= now) {
            self.silent_at = None;
            self.leg.person.consider(&self.leg.call, "", 0.0, self.settings.mode());
        }
        let mut speaking = self.speaking.take()?;
        let text = speaking.text.as_str();
        if speaking.over_at <= now {
            return self.prompt(text, true);
        }
        let mut outcome = None;
        if speaking.half_at.is_some_and(|at| at <= now) {
            let half: String = text.chars().take(text.chars().count().div_ceil(2)).collect();
            outcome = self.prompt(&half, false);
            speaking.half_at = None;
        }
        self.speaking = Some(speaking);
        outcome
    }

    fn take_in(&mut self, incoming: Incoming) -> Option<Outcome> {
        let text = match incoming {
            Incoming::Text(text) => text,
            Incoming::Binary => return self.refuse("a binary message", "(binary)"),
            Incoming::Closed(closed) => {
                return Some(Outcome::Failed { code: ENDED, message: closed.to_string() });
            }
        };
        match relay::read(&text) {
            Ok(command) => match self.obey(command) {
                Ok(outcome) => {
                    self.bad = 0;
                    outcome
                }
                Err(reason) => self.refuse(&reason, &text),
            },
            Err(reason) => self.refuse(&reason, &text),
        }
    }

    /// A message that makes no sense is dropped; too many of them end the session.
    fn refuse(&mut self, reason: &str, text: &str) -> Option<Outcome> {
        let shown: String = text.chars().take(200).collect();
        error(self.leg, BAD_MESSAGE, format!("{reason}: {shown}"));
        self.bad += 1;
        let outcome = self.send(relay::error(&format!("Invalid message received: {shown} ({reason})"))).err();
        match self.bad >= MAX_BAD {
            true => Some(Outcome::Failed { code: ENDED, message: TOO_MANY_BAD.into() }),
            false => outcome,
        }
    }

    fn obey(&mut self, command: Command) -> Result<Option<Outcome>, String> {
        let piece = match command {
            Command::Text { token, last, interruptible, preemptible, .. } => {
                let whole = self.tokens.add(&token, last.unwrap_or(false), interruptible, preemptible)?;
                match whole.filter(|whole| !whole.text.trim().is_empty()) {
                    Some(whole) => self.words(whole.text, whole.interruptible, whole.preemptible),
                    None => return Ok(None),
                }
            }
            Command::Play { source, loops, interruptible, preemptible } => {
                let secs = speech::PLAY_SECS * f64::from(speech::loops(loops));
                self.settings.piece(Content::Sound(source), secs, interruptible, preemptible)
            }
            Command::SendDigits { digits } => {
                let secs = speech::keys_secs(&digits);
                self.settings.piece(Content::Keys(digits), secs, None, None)
            }
            Command::Language { transcription_language, .. } => {
                self.settings.heard_language =
                    transcription_language.unwrap_or_else(|| self.settings.heard_language.clone());
                return Ok(None);
            }
            Command::End { handoff_data } => {
                return Ok(Some(Outcome::Ended { handoff: handoff_data }));
            }
        };
        match self.play(piece) {
            true => Ok(None),
            false => Err("more waits to be played than can".into()),
        }
    }

    fn words(&self, text: String, interruptible: Option<bool>, preemptible: Option<bool>) -> Piece {
        let say = spoken(text);
        let secs = speech::say_secs(&self.leg.exchange, &say);
        self.settings.piece(Content::Words(say.plain_text()), secs, interruptible, preemptible)
    }

    fn play(&mut self, piece: Piece) -> bool {
        let (now, mut steps) = (self.now(), Vec::new());
        // What has ended by now is not cut short by what comes now.
        self.talk.advance(now, &mut steps);
        let taken = self.talk.add(piece, now, &mut steps);
        self.talk.advance(now, &mut steps);
        self.carry_out(steps);
        taken
    }

    fn carry_out(&mut self, steps: impl IntoIterator<Item = Step>) {
        for step in steps {
            match step {
                Step::Began(piece) => self.began(&piece),
                Step::Ended { piece, heard, secs, whole } => self.ended(&piece, &heard, secs, whole),
            }
        }
    }

    /// The person begins to hear something, and makes up their mind about it.
    fn began(&mut self, piece: &Piece) {
        self.silent_at = None;
        let words = match &piece.content {
            Content::Words(text) => text.as_str(),
            Content::Sound(_) => "",
            Content::Keys(_) => return,
        };
        let person = &mut self.leg.person;
        let waiting = person.is_about_to();
        self.untaken = !person.consider(&self.leg.call, words, piece.secs, self.settings.mode());
        if waiting {
            // They hold their tongue while more is being said.
            person.postpone(self.leg.exchange.clock.real(piece.secs));
        }
    }

    fn ended(&mut self, piece: &Piece, heard: &str, secs: f64, whole: bool) {
        let leg = &mut *self.leg;
        let source = match &piece.content {
            Content::Words(_) => "relay",
            Content::Sound(_) => "play",
            Content::Keys(_) => "digits",
        };
        if let Content::Words(_) = piece.content {
            if std::mem::take(&mut self.untaken) {
                leg.person.hears(heard);
            }
            leg.call.transcriptions.spoken(&leg.exchange, &leg.call, "outbound_track", heard, None);
        }
        let lasted = jiff::SignedDuration::try_from_secs_f64(secs).unwrap_or_default();
        let now = leg.call.journal.now();
        let began = now.checked_sub(lasted).unwrap_or(now);
        let text = piece.content.text().to_owned();
        leg.call.journal.add_at(began, Event::HeardBy { text, source, interrupted: !whole });
    }

    /// The person speaks, or presses keys.
    fn hear(&mut self, input: Input) -> Option<Outcome> {
        match input {
            Input::Speech { text, confidence } => self.hear_speech(text, confidence),
            Input::Keys(digits) => self.hear_keys(&digits),
        }
    }

    fn hear_speech(&mut self, text: String, confidence: f64) -> Option<Outcome> {
        let leg = &mut *self.leg;
        leg.call.journal.add(Event::SaidBy { text: text.clone(), confidence });
        if text.is_empty() {
            return None;
        }
        leg.call.transcriptions.spoken(&leg.exchange, &leg.call, "inbound_track", &text, Some(confidence));
        let secs = leg.exchange.config.pace.secs(&text);
        self.silent_at = None;
        let reported = self.is_reported(Cause::Speech);
        let outcome = self.interrupt(Cause::Speech);
        if reported {
            let now = self.now();
            let half_at = self.settings.partial.then_some(now + secs / 2.0);
            self.speaking = Some(Speaking { text, half_at, over_at: now + secs + self.settings.silence });
        }
        outcome
    }

    fn hear_keys(&mut self, digits: &str) -> Option<Outcome> {
        self.leg.call.journal.add(Event::Dtmf { digits: digits.to_owned() });
        self.silent_at = None;
        if !self.settings.keys || !self.is_reported(Cause::Keys) {
            return None;
        }
        let outcome = self.interrupt(Cause::Keys);
        let keys = digits.chars().filter(|key| !key.is_whitespace());
        outcome.or_else(|| keys.map(relay::dtmf).find_map(|message| self.send(message).err()))
    }

    /// Whether the program is told of it: always in silence; while it speaks, if that lets itself be interrupted, or
    /// the program wants to know nevertheless.
    fn is_reported(&self, cause: Cause) -> bool {
        self.talk.is_open_to(cause) || relay::allows(self.settings.report_meanwhile, cause)
    }

    /// Stops what is being said, if it lets itself be stopped. Only of speech is the program told.
    fn interrupt(&mut self, cause: Cause) -> Option<Outcome> {
        let now = self.now();
        let mut steps = Vec::new();
        self.talk.advance(now, &mut steps);
        self.carry_out(steps);
        let step = self.talk.interrupt(cause, now)?;
        // What has come of an answer that is being interrupted is not said any more.
        self.tokens.drop_all();
        let message = match &step {
            Step::Ended { heard, secs, .. } => relay::interrupt(heard, (secs * 1_000.0).round() as u64),
            Step::Began(_) => return None,
        };
        self.carry_out([step]);
        match cause {
            Cause::Speech => self.send(message).err(),
            Cause::Keys => None,
        }
    }

    fn prompt(&mut self, text: &str, last: bool) -> Option<Outcome> {
        self.send(relay::prompt(text, &self.settings.heard_language, last)).err()
    }

    fn send(&self, message: Value) -> Result<(), Outcome> {
        let stuck = |_| Outcome::Failed { code: ENDED, message: "the program does not read".into() };
        self.socket.send(message.to_string()).map_err(stuck)
    }

    fn now(&self) -> f64 {
        Clock::between(self.began, self.leg.exchange.clock.now())
    }

    fn instant(&self, at: f64) -> Instant {
        self.leg.exchange.clock.ahead((at - self.now()).max(0.0))
    }
}

/// However a session ends, by its program or with its call: what was being said ends with it.
impl Drop for Session<'_> {
    fn drop(&mut self) {
        let now = self.now();
        let step = self.talk.stop(now);
        self.carry_out(step);
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

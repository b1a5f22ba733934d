//! What a relay session speaks: pieces, one after the other, which may be interrupted by the caller and cut short by
//! the next. Seconds are of call time, since the session began.

use std::collections::VecDeque;
use tsunagu_twiml::Interruptible;

/// Pieces that may wait.
const MAX_PIECES: usize = 1_000;
/// Longest text that is collected, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// What a piece consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Words(String),
    /// A file.
    Sound(String),
    /// Keys.
    Keys(String),
}

impl Content {
    /// As the log and the caller get it.
    pub fn text(&self) -> &str {
        match self {
            Content::Words(text) | Content::Sound(text) | Content::Keys(text) => text,
        }
    }
}

/// Something to be spoken or played in one go.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What.
    pub content: Content,
    /// How long it takes.
    pub secs: f64,
    /// What may interrupt it.
    pub interruptible: Interruptible,
    /// The next piece cuts it short.
    pub preemptible: bool,
}

/// What the caller interrupts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Words.
    Speech,
    /// Keys.
    Keys,
}

/// What happens to a piece.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// It begins.
    Began(Piece),
    /// It has been heard: the part of its words, in how many seconds, and whether that is all of it.
    Ended { piece: Piece, heard: String, secs: f64, whole: bool },
}

/// The pieces of a session.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    waiting: VecDeque<Piece>,
    playing: Option<(Piece, f64)>,
}

impl Talk {
    /// Adds a piece behind the others, and cuts short what may be. False when too many wait: it is dropped.
    pub fn add(&mut self, piece: Piece, now: f64, steps: &mut Vec<Step>) -> bool {
        self.waiting.retain(|waiting| !waiting.preemptible);
        if let Some((playing, began)) = self.playing.take_if(|(playing, _)| playing.preemptible) {
            steps.push(cut(playing, now - began));
        }
        if self.waiting.len() >= MAX_PIECES {
            return false;
        }
        self.waiting.push_back(piece);
        true
    }

    /// What has ended and begun by `now`, in order. A piece begins where the one before it ended.
    pub fn advance(&mut self, now: f64, steps: &mut Vec<Step>) {
        loop {
            let free_at = match self.playing.take() {
                Some((piece, began)) if began + piece.secs <= now => {
                    let (heard, secs) = (piece.content.text().to_owned(), piece.secs);
                    steps.push(Step::Ended { piece, heard, secs, whole: true });
                    began + secs
                }
                playing @ Some(_) => {
                    self.playing = playing;
                    return;
                }
                None => now,
            };
            let Some(piece) = self.waiting.pop_front() else { return };
            steps.push(Step::Began(piece.clone()));
            self.playing = Some((piece, free_at));
        }
    }

    /// The caller speaks or presses keys: if what is being said lets them, it ends, and what waits is dropped.
    pub fn interrupt(&mut self, cause: Cause, now: f64) -> Option<Step> {
        let (piece, began) = self.playing.take_if(|(piece, _)| allows(piece.interruptible, cause))?;
        self.waiting.clear();
        Some(cut(piece, now - began))
    }

    /// Ends everything.
    pub fn stop(&mut self, now: f64) -> Option<Step> {
        self.waiting.clear();
        self.playing.take().map(|(piece, began)| cut(piece, now - began))
    }

    /// Whether what is being said, if anything is, lets itself be interrupted by this.
    pub fn is_open_to(&self, cause: Cause) -> bool {
        self.playing.as_ref().is_none_or(|(piece, _)| allows(piece.interruptible, cause))
    }

    /// When something ends or begins next.
    pub fn next_due(&self) -> Option<f64> {
        self.playing.as_ref().map(|(piece, began)| began + piece.secs)
    }
}

/// Whether something is interrupted, or reported, for this cause.
pub fn allows(interruptible: Interruptible, cause: Cause) -> bool {
    match interruptible {
        Interruptible::None => false,
        Interruptible::Any => true,
        Interruptible::Speech => cause == Cause::Speech,
        Interruptible::Dtmf => cause == Cause::Keys,
    }
}

fn cut(piece: Piece, secs: f64) -> Step {
    let secs = secs.clamp(0.0, piece.secs);
    let heard = match &piece.content {
        Content::Words(text) => {
            let share = if piece.secs > 0.0 { secs / piece.secs } else { 1.0 };
            text.chars().take((text.chars().count() as f64 * share) as usize).collect()
        }
        _ => String::new(),
    };
    Step::Ended { piece, heard, secs, whole: false }
}

/// Tokens on their way to a piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    collected: Collected,
}

/// What tokens have come together to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// The words, with SSML if there was any.
    pub text: String,
    /// What the tokens said of being interrupted, the newest first.
    pub interruptible: Option<bool>,
    /// What they said of being cut short.
    pub preemptible: Option<bool>,
}

impl Tokens {
    /// Takes a token. When it is the last, what has come together is given out; an error when it is too long.
    pub fn add(
        &mut self,
        token: &str,
        last: bool,
        interruptible: Option<bool>,
        preemptible: Option<bool>,
    ) -> Result<Option<Collected>, String> {
        if self.collected.text.len() + token.len() > MAX_TEXT {
            self.drop_all();
            return Err(format!("more than {MAX_TEXT} bytes of text without a last token"));
        }
        self.collected.text.push_str(token);
        self.collected.interruptible = interruptible.or(self.collected.interruptible);
        self.collected.preemptible = preemptible.or(self.collected.preemptible);
        Ok(last.then(|| std::mem::take(&mut self.collected)))
    }

    /// Forgets what has been collected.
    pub fn drop_all(&mut self) {
        self.collected = Collected::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, secs: f64) -> Piece {
        let content = Content::Words(text.into());
        Piece { content, secs, interruptible: Interruptible::Any, preemptible: false }
    }

    fn told(steps: &[Step]) -> Vec<String> {
        steps
            .iter()
            .map(|step| match step {
                Step::Began(piece) => format!("+{}", piece.content.text()),
                Step::Ended { heard, whole: true, .. } => format!("-{heard}"),
                Step::Ended { heard, .. } => format!("!{heard}"),
            })
            .collect()
    }

    #[test]
    fn one_after_the_other() {
        let (mut talk, mut steps) = (Talk::default(), Vec::new());
        assert!(talk.add(words("one", 2.0), 1.0, &mut steps));
        assert!(talk.add(words("two", 3.0), 1.0, &mut steps));
        talk.advance(1.0, &mut steps);
        assert_eq!(talk.next_due(), Some(3.0));
        talk.advance(3.5, &mut steps);
        assert_eq!(talk.next_due(), Some(6.0));
        talk.advance(9.0, &mut steps);
        assert_eq!(told(&steps), ["+one", "-one", "+two", "-two"]);
        assert_eq!(talk.next_due(), None);
    }

    #[test]
    fn an_interruption_tells_how_far_it_came_and_drops_the_rest() {
        let (mut talk, mut steps) = (Talk::default(), Vec::new());
        talk.add(words("abcdefghij", 2.0), 0.0, &mut steps);
        talk.add(words("more", 1.0), 0.0, &mut steps);
        talk.advance(0.0, &mut steps);
        let step = talk.interrupt(Cause::Speech, 0.5).unwrap();
        assert_eq!(told(&[step]), ["!ab"]);
        talk.advance(5.0, &mut steps);
        assert_eq!(told(&steps), ["+abcdefghij"]);
    }

    #[test]
    fn what_may_not_be_interrupted_is_not() {
        let (mut talk, mut steps) = (Talk::default(), Vec::new());
        let keys_only = Piece { interruptible: Interruptible::Dtmf, ..words("listen", 2.0) };
        talk.add(keys_only, 0.0, &mut steps);
        talk.advance(0.0, &mut steps);
        assert_eq!(talk.interrupt(Cause::Speech, 1.0), None);
        assert!(!talk.is_open_to(Cause::Speech) && talk.is_open_to(Cause::Keys));
        assert!(talk.interrupt(Cause::Keys, 1.0).is_some());
        assert_eq!(talk.interrupt(Cause::Keys, 1.0), None);
    }

    #[test]
    fn the_next_cuts_short_what_is_preemptible() {
        let (mut talk, mut steps) = (Talk::default(), Vec::new());
        let soft = |text| Piece { preemptible: true, ..words(text, 4.0) };
        talk.add(soft("abcd"), 0.0, &mut steps);
        talk.advance(0.0, &mut steps);
        talk.add(soft("x"), 2.0, &mut steps);
        talk.add(words("y", 1.0), 2.0, &mut steps);
        talk.advance(2.0, &mut steps);
        assert_eq!(told(&steps), ["+abcd", "!ab", "+y"]);
    }

    #[test]
    fn tokens_come_together() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.add("How ", false, Some(false), None), Ok(None));
        let whole = tokens.add("are you", true, None, Some(true)).unwrap().unwrap();
        let expected =
            Collected { text: "How are you".into(), interruptible: Some(false), preemptible: Some(true) };
        assert_eq!(whole, expected);
        assert!(tokens.add(&"a".repeat(MAX_TEXT + 1), false, None, None).is_err());
        assert_eq!(tokens, Tokens::default());
    }
}

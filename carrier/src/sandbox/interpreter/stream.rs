//! `<Connect><Stream>`: the call's sound to the program and back. The person on the leg hears that something is played,
//! but not what, and says their lines into it.

use super::document::Document;
use super::{Next, error, go_to, note};
use crate::sandbox::farewell::Farewell;
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::person::Input;
use crate::sandbox::persona::Mode;
use crate::sandbox::stream::{self, Stream, StreamPlan};
use crate::sandbox::webhook::Params;
use std::sync::Arc;
use tsunagu_twiml::{self as twiml, Connect};

/// Runs a Connect with a Stream.
pub async fn run(leg: &mut Leg, document: &Document, connect: &Connect, noun: &twiml::Stream) -> Next {
    note(leg, "Connect", &format!("Stream {}", noun.url));
    if let Some(Ok(url)) = connect.action.as_ref().map(|url| document.resolve(url)) {
        let farewell = Farewell::new(url, connect.method, Params::new());
        leg.call.write(|state| state.farewell = Some(farewell));
    }
    let plan = StreamPlan::of(noun, document.url.as_ref(), true);
    match stream::start(&leg.exchange, &leg.call, plan) {
        Ok(stream) => listen(leg, &Running(stream)).await,
        Err(refusal) => error(leg, 12200, format!("<Stream> is not started: {}", refusal.message())),
    }
    leg.call.write(|state| state.farewell = None);
    match &connect.action {
        Some(action) => go_to(leg, document, Some(action), connect.method, Params::new()).await,
        None => Next::Verb,
    }
}

/// A stream that ends with the verb, however that ends.
struct Running(Arc<Stream>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.stop();
    }
}

async fn listen(leg: &mut Leg, Running(stream): &Running) {
    let (mut over, mut played) = (stream.over(), stream.played());
    leg.person.consider(&leg.call, "", 0.0, Mode::Both);
    loop {
        tokio::select! {
            biased;
            _ = over.wait_for(|over| *over) => return,
            Ok(()) = played.changed() => {
                leg.person.consider(&leg.call, "", 0.0, Mode::Both);
            }
            input = leg.person.next_input() => match input {
                Input::Speech { text, confidence } => {
                    let secs = leg.exchange.config.pace.secs(&text);
                    leg.call.transcriptions.spoken(&leg.exchange, &leg.call, "inbound_track", &text, Some(confidence));
                    leg.call.journal.add(Event::SaidBy { text, confidence });
                    leg.person.postpone(leg.exchange.clock.real(secs));
                }
                Input::Keys(digits) => {
                    digits.chars().filter(|key| !key.is_whitespace()).for_each(|key| stream.press(key));
                    leg.call.journal.add(Event::Dtmf { digits });
                }
            },
        }
    }
}

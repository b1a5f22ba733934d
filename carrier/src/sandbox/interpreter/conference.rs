//! A leg in a conference: waiting, talking, on hold, and how it comes out again.

use super::document::Document;
use super::music::Music;
use super::{Ending, Next, error, note};
use crate::sandbox::call::{ConferencePlan, HangupBy, Terms};
use crate::sandbox::callback::Subscription;
use crate::sandbox::conference::{Conference, Seating};
use crate::sandbox::leg::Leg;
use crate::sandbox::log::Event;
use crate::sandbox::person::Input;
use crate::sandbox::room::{Departure, Seat};
use crate::sandbox::webhook::Method;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;
use tsunagu_twiml::{self as twiml, ConferenceRecord, Dial};

/// How a leg came out of a conference.
pub enum Exit {
    /// It was not let in.
    Refused,
    /// The conference is over for it; it goes on.
    Ejected,
    /// Its own time limit, or `*`.
    Over,
    /// The person hung up.
    PersonLeft,
}

/// `<Dial><Conference>`: `Next::Verb` and the status for the Dial action.
pub async fn dial(
    leg: &mut Leg,
    document: &Document,
    dial: &Dial,
    noun: &twiml::Conference,
) -> Result<&'static str, Next> {
    note(leg, "Dial", &format!("Conference {}", noun.name));
    let plan = plan(document, noun);
    let limit = f64::from(dial.time_limit.unwrap_or(14_400));
    match enter(leg, &plan, limit).await {
        Exit::Refused => Ok("failed"),
        Exit::Ejected | Exit::Over => Ok("answered"),
        Exit::PersonLeft => Err(Next::End(Ending::HungUp(HangupBy::Person))),
    }
}

/// Takes part until the conference, the limit or the person ends it.
pub async fn enter(leg: &mut Leg, plan: &ConferencePlan, limit: f64) -> Exit {
    let (conference, seating) = match leg.exchange.join(&leg.call, plan) {
        Ok(joined) => joined,
        Err(refusal) => {
            error(leg, refusal.code(), refusal.message().into());
            return Exit::Refused;
        }
    };
    let exit = sit(leg, &conference, seating, plan.wait.clone(), limit).await;
    leg.person.set_free(true);
    if matches!(exit, Exit::Over) {
        conference.leave(&leg.exchange, &leg.call, Departure::HungUp);
    }
    exit
}

async fn sit(
    leg: &mut Leg,
    conference: &Arc<Conference>,
    mut seating: watch::Receiver<Seating>,
    wait: Option<(String, Method)>,
    limit: f64,
) -> Exit {
    let clock = leg.exchange.clock.clone();
    let limit_at = limit.is_finite().then(|| clock.ahead(limit));
    let (in_company, alone) = leg.person.patience();
    let mut music = Music::silence();
    // In company time runs from the first meeting; alone, from the moment in which the others have gone.
    let mut company_until: Option<Instant> = None;
    let mut alone_until: Option<Instant> = None;
    let mut had_company = false;
    let mut speaks_until: Option<Instant> = None;
    loop {
        let view = seating.borrow_and_update().clone();
        if view.ejected.is_some() {
            return Exit::Ejected;
        }
        let talking = !view.waiting && !view.alone && view.hold.is_none();
        // Who cannot be heard keeps their words.
        leg.person.set_free(talking);
        if talking {
            alone_until = None;
            if !had_company {
                had_company = true;
                company_until = in_company.map(|secs| clock.ahead(secs));
            }
            leg.person.converse();
        } else if view.alone || view.waiting {
            alone_until = alone_until.or_else(|| alone.map(|secs| clock.ahead(secs)));
        }
        music.play(
            leg,
            match (&view.hold, view.waiting) {
                (Some(document), _) => document.clone(),
                (None, true) => wait.clone(),
                (None, false) => None,
            },
        );
        tokio::select! {
            biased;
            changed = seating.changed() => if changed.is_err() && seating.borrow().ejected.is_none() {
                return Exit::Ejected;
            },
            () = sleep_until(limit_at) => return Exit::Over,
            () = sleep_until(company_until) => return Exit::PersonLeft,
            () = sleep_until(alone_until) => return Exit::PersonLeft,
            () = sleep_until(speaks_until) => {
                speaks_until = None;
                conference.speech(&leg.exchange, &leg.call, false);
            }
            input = leg.person.next_input() => match input {
                Input::Speech { text, confidence } => {
                    let until = clock.ahead(leg.exchange.config.pace.secs(&text));
                    speaks_until = Some(speaks_until.map_or(until, |before| before.max(until)));
                    conference.speech(&leg.exchange, &leg.call, true);
                    speak(leg, conference, text, confidence);
                }
                Input::Keys(digits) => leg.call.journal.add(Event::Dtmf { digits }),
            },
            () = music.over() => {}
        }
    }
}

fn speak(leg: &mut Leg, conference: &Conference, text: String, confidence: f64) {
    leg.call.journal.add(Event::SaidBy { text: text.clone(), confidence });
    leg.call.transcriptions.spoken(&leg.exchange, &leg.call, "inbound_track", &text, Some(confidence));
    let seats = conference.snapshot().seats;
    let heard = seats.iter().any(|(seat, _)| seat.call == leg.call.sid() && !seat.muted && !seat.hold);
    for (seat, call) in seats {
        if heard && seat.joined && !seat.hold && seat.call != leg.call.sid() {
            let event = Event::HeardBy { text: text.clone(), source: "conference", interrupted: false };
            call.journal.add(event);
            call.transcriptions.spoken(&leg.exchange, &call, "outbound_track", &text, Some(confidence));
        }
    }
    let secs = leg.exchange.config.pace.secs(&text);
    leg.person.converse();
    leg.person.postpone(leg.exchange.clock.real(secs));
}

/// The noun's attributes as a plan; URLs as the document means them.
fn plan(document: &Document, noun: &twiml::Conference) -> ConferencePlan {
    let url = |url: &Option<String>| url.as_ref().and_then(|url| document.resolve(url).ok());
    let events: Vec<String> = noun.status_callback_event.iter().map(ToString::to_string).collect();
    let recording: Vec<String> =
        noun.recording_status_callback_event.iter().map(ToString::to_string).collect();
    let method = |method: Option<Method>| method.map(Method::as_str);
    let terms = Terms {
        events: Subscription::new(
            url(&noun.status_callback).as_deref(),
            method(noun.status_callback_method),
            &events,
            &[],
        ),
        record: noun.record == Some(ConferenceRecord::RecordFromStart),
        recording: Subscription::new(
            url(&noun.recording_status_callback).as_deref(),
            method(noun.recording_status_callback_method),
            &recording,
            &["completed"],
        ),
        max_participants: noun.max_participants.unwrap_or(250) as usize,
        region: noun.region.map_or("us1", |region| region.as_str()).to_owned(),
    };
    let seat = Seat {
        label: noun.participant_label.clone(),
        muted: noun.muted.unwrap_or(false),
        coaching: noun.coach.clone(),
        start_on_enter: noun.start_conference_on_enter.unwrap_or(true),
        end_on_exit: noun.end_conference_on_exit.unwrap_or(false),
        ..Seat::new(String::new())
    };
    // An empty waitUrl is silence, not this document again.
    let wait = noun.wait_url.as_deref().filter(|url| !url.is_empty());
    let wait = wait.and_then(|url| document.resolve(url).ok());
    let wait = wait.map(|url| (url, noun.wait_method.unwrap_or(Method::Post)));
    ConferencePlan { name: noun.name.clone(), sid: None, seat, wait, terms }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

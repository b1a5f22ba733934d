//! Whether a state chart is whole: every phase there and reachable, an answer to everything everywhere.

use std::collections::BTreeSet;

use super::{Action, Place, Say, Script};
use crate::error::{File, Problem, ScriptError};
use crate::intent::Intent;
use crate::outcome::Mark;
use crate::phase::Phase;
use crate::trigger::{Event, Trigger};

/// Refuses a script in which the talk could get stuck.
pub(super) fn check(file: File<'_>, script: &Script) -> Result<(), ScriptError> {
    for phase in Phase::ALL {
        if script.phase(*phase).is_none() {
            return Err(
                file.wrong("phase", Problem::Unknown { what: "or missing phase", name: phase.to_string() })
            );
        }
    }
    if script.phase(script.start).is_none_or(|phase| phase.prompt.is_empty()) {
        return Err(
            file.wrong(format!("phase.{}", script.start), Problem::Missing("`prompt`, the greeting,"))
        );
    }
    for place in Place::all() {
        for trigger in Trigger::all().filter(|trigger| place.may_happen(*trigger)) {
            check_ladder(file, script, place, trigger)?;
        }
    }
    let reached = reach(script);
    match Phase::ALL.iter().find(|phase| !reached.contains(&Place::Phase(**phase))) {
        Some(phase) => Err(file.wrong(format!("phase.{phase}"), Problem::Unreachable(phase.to_string()))),
        None => Ok(()),
    }
}

fn check_ladder(file: File<'_>, script: &Script, place: Place, trigger: Trigger) -> Result<(), ScriptError> {
    let name = format!("{place}.on.{trigger}");
    let ladder = script.ladder(place, trigger);
    if ladder.is_empty() {
        return Err(file.wrong(name, Problem::NoTransition(trigger.to_string())));
    }
    for step in ladder {
        if let Some(sentence) = misplaces_customer(trigger, &step.action) {
            return Err(file.wrong(name, Problem::Other(sentence.to_owned())));
        }
        let never = trigger == Trigger::Intent(Intent::DoNotCall);
        if never && !matches!(step.action, Action::End { mark: Some(Mark::DoNotCall), .. }) {
            let sentence = "who wants never to be called again must be let go, with `mark = \"do_not_call\"`";
            return Err(file.wrong(name, Problem::Other(sentence.to_owned())));
        }
        if let Action::As(other) = step.action
            && script.ladder(place, other).iter().any(|step| matches!(step.action, Action::As(_)))
        {
            let sentence = format!("`as = \"{other}\"` leads to another `as`");
            return Err(file.wrong(name, Problem::Other(sentence)));
        }
        let asks = step.say.contains(&Say::Question);
        let target = step.to.or(match place {
            Place::Phase(phase) => Some(phase),
            Place::Waiting => None,
        });
        let question = target.and_then(|phase| script.phase(phase)).and_then(|phase| phase.question.as_ref());
        if asks && question.is_none() {
            return Err(file.wrong(name, Problem::Missing("the `question` of the phase that it asks,")));
        }
    }
    Ok(())
}

/// Why the customer would not be where the call takes them to be, with the AI or with a human.
fn misplaces_customer(trigger: Trigger, action: &Action) -> Option<&'static str> {
    const ACCEPTED: Trigger = Trigger::Event(Event::AgentAccepted);
    match (trigger, action) {
        // Who is put through where nobody has come, or not where somebody has, stands alone.
        (ACCEPTED, Action::Connect) => None,
        (ACCEPTED, _) | (_, Action::Connect | Action::As(ACCEPTED)) => {
            Some("`connect` is what follows `agent_accepted`, always and alone")
        }
        // Nobody is fetched any more: kept company or asked for again, they would wait for nobody.
        (Trigger::Event(Event::HandoverFailed), Action::As(_) | Action::HandOver(_)) => {
            Some("after `handover_failed` the AI goes on by itself: it listens, holds or ends")
        }
        // What they say would be heard by nobody.
        (Trigger::Event(Event::AgentLeft), action) if !matches!(action, Action::End { .. }) => {
            Some("`agent_left` ends the call: nobody would hear what is said after it")
        }
        _ => None,
    }
}

/// Every place that some way from the start leads to.
fn reach(script: &Script) -> BTreeSet<Place> {
    let mut reached = BTreeSet::new();
    let mut open = vec![Place::Phase(script.start)];
    while let Some(place) = open.pop() {
        if !reached.insert(place) {
            continue;
        }
        let steps = Trigger::all().flat_map(|trigger| script.ladder(place, trigger));
        for step in steps {
            open.extend(step.to.map(Place::Phase));
            if matches!(step.action, Action::HandOver(_)) {
                open.push(Place::Waiting);
            }
        }
    }
    reached
}

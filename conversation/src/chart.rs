//! The state chart of a language as plain data, for who wants to look at it or draw it.

mod dot;
mod mermaid;

use std::collections::BTreeMap;

use crate::lang::Lang;
use crate::script::{Action, Place, Say, Script, Step};
use crate::trigger::Trigger;

/// The state chart of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The language.
    pub lang: Lang,
    /// The name of the place in which a call begins.
    pub start: String,
    /// Where the talk can stand: the phases, and waiting for an agent.
    pub places: Vec<PlaceOfChart>,
    /// The entries of the script, each once.
    pub edges: Vec<Edge>,
}

/// Where the talk can stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOfChart {
    /// The phase's name, or `waiting`.
    pub name: String,
    /// The template of its question.
    pub question: Option<String>,
    /// Whether the customer may cut in there.
    pub barge_in: bool,
}

/// An entry of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Where it is written, as a path of keys: `phase.opening.on.acknowledge[0]`.
    pub written: String,
    /// The places at which it holds.
    pub from: Vec<String>,
    /// What it hangs on: intents and events. Several for an `otherwise`.
    pub triggers: Vec<String>,
    /// Whether it is an `otherwise`: for all that the place has no entry of its own for.
    pub otherwise: bool,
    /// Which times it holds, and under what condition, in words; empty when always.
    pub limit: String,
    /// The templates that are said.
    pub say: Vec<String>,
    /// Where it leads.
    pub to: Target,
}

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The talk stays where it is.
    Stay,
    /// To another place, by its name.
    Place(String),
    /// A human is fetched, for that reason; the customer waits.
    HandOver(String),
    /// To the agent, in the conference.
    Connect,
    /// The call ends: outcome, reason and what is kept, in words.
    End(String),
    /// As if that had happened instead.
    As(String),
}

impl Chart {
    /// The chart in the language of Graphviz.
    pub fn dot(&self) -> String {
        dot::draw(self)
    }

    /// The chart in the language of Mermaid.
    pub fn mermaid(&self) -> String {
        mermaid::draw(self)
    }

    pub(crate) fn of(lang: Lang, script: &Script) -> Chart {
        let places = Place::all().map(|place| {
            let phase = match place {
                Place::Phase(phase) => script.phase(phase),
                Place::Waiting => None,
            };
            PlaceOfChart {
                name: name(place),
                question: phase.and_then(|phase| phase.question.clone()),
                barge_in: phase.is_none_or(|phase| phase.barge_in),
            }
        });
        let mut edges: BTreeMap<&str, Edge> = BTreeMap::new();
        for (place, trigger) in
            Place::all().flat_map(|place| Trigger::all().map(move |trigger| (place, trigger)))
        {
            let mut before = 0;
            for step in script.ladder(place, trigger) {
                let edge = edges.entry(&step.written).or_insert_with(|| edge(step, before));
                let (from, trigger) = (name(place), trigger.name().to_owned());
                if !edge.from.contains(&from) {
                    edge.from.push(from);
                }
                if !edge.triggers.contains(&trigger) {
                    edge.triggers.push(trigger);
                }
                before += step.times.unwrap_or_default();
            }
        }
        let edges = edges.into_values().collect();
        Chart { lang, start: script.start.to_string(), places: places.collect(), edges }
    }
}

fn edge(step: &Step, before: u16) -> Edge {
    let say = step.say.iter().map(|say| match say {
        Say::Template(key) => key.clone(),
        Say::Question => "@question".to_owned(),
    });
    Edge {
        written: step.written.clone(),
        from: Vec::new(),
        triggers: Vec::new(),
        otherwise: step.written.contains(".otherwise["),
        limit: limit(step, before),
        say: say.collect(),
        to: target(step),
    }
}

/// Such as `2nd and 3rd time`, `then, when has_time`.
fn limit(step: &Step, before: u16) -> String {
    let times = match step.times {
        Some(times) if times < 2 => format!("time {}", before + 1),
        Some(times) => format!("times {} to {}", before + 1, before.saturating_add(times)),
        None if before > 0 => format!("from time {}", before + 1),
        None => String::new(),
    };
    let when = step.when.map(|when| format!("when {when}"));
    [Some(times).filter(|times| !times.is_empty()), when].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn target(step: &Step) -> Target {
    match &step.action {
        Action::HandOver(reason) => Target::HandOver(reason.to_string()),
        Action::Connect => Target::Connect,
        Action::As(trigger) => Target::As(trigger.to_string()),
        Action::End { outcome, reason, mark, callback } => {
            let mark = mark.map(|mark| format!(", marked {mark}")).unwrap_or_default();
            let callback = if *callback { ", ring back" } else { "" };
            Target::End(format!("{outcome}: {reason}{mark}{callback}"))
        }
        Action::Listen | Action::Hold => {
            step.to.map_or(Target::Stay, |phase| Target::Place(phase.to_string()))
        }
    }
}

fn name(place: Place) -> String {
    match place {
        Place::Phase(phase) => phase.to_string(),
        Place::Waiting => "waiting".to_owned(),
    }
}

/// Where a line of the drawing starts: the place, or `any phase` for what is written for all.
fn starts(edge: &Edge) -> &str {
    match edge.from.as_slice() {
        [place] if !edge.written.starts_with("on.") => place,
        _ => ANY,
    }
}

/// The node that stands for every phase that has no entry of its own.
const ANY: &str = "any_phase";

/// The node at which a line of the drawing ends; none for one that stays.
fn ends(edge: &Edge) -> Option<&str> {
    match &edge.to {
        Target::Stay | Target::As(_) => None,
        Target::Place(place) => Some(place),
        Target::HandOver(_) => Some("waiting"),
        Target::Connect => Some("connected"),
        Target::End(_) => Some("closing"),
    }
}

/// What is written at the line: on what it hangs, how often, and what comes of it.
fn label(edge: &Edge) -> String {
    let mut label = if edge.otherwise { "otherwise".to_owned() } else { edge.triggers.join(", ") };
    if !edge.limit.is_empty() {
        label.push_str(&format!(" [{}]", edge.limit));
    }
    match &edge.to {
        Target::HandOver(what) | Target::End(what) => label.push_str(&format!(" / {what}")),
        Target::As(trigger) => label.push_str(&format!(" / as {trigger}")),
        Target::Stay | Target::Place(_) | Target::Connect => {}
    }
    label
}

/// The lines of the drawing: all labels between two nodes together.
fn lines(chart: &Chart) -> BTreeMap<(&str, &str), Vec<String>> {
    let mut lines: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for edge in &chart.edges {
        let start = starts(edge);
        lines.entry((start, ends(edge).unwrap_or(start))).or_default().push(label(edge));
    }
    lines
}

#[cfg(test)]
mod tests;

//! From `script.toml` as it stands to the state chart: names are resolved, general rules spread out.

use std::collections::BTreeMap;

use super::raw::{RawOn, RawPhase, RawScript, RawStep};
use super::{Action, Condition, PhaseScript, Place, Say, Script, Step, check};
use crate::error::{File, Problem, ScriptError};
use crate::intent::Intent;
use crate::outcome::{EndReason, HandoverReason, Mark, Outcome};
use crate::phase::Phase;
use crate::template::Templates;
use crate::trigger::Trigger;

/// Reads and checks a `script.toml`.
pub(crate) fn read(file: File<'_>, text: &str, templates: &Templates) -> Result<Script, ScriptError> {
    let raw: RawScript = file.read(text)?;
    let reader = Reader { file, templates };
    let mut script = Script {
        start: reader.phase("start", &raw.start)?,
        phases: BTreeMap::new(),
        ladders: BTreeMap::new(),
        answers: Vec::new(),
    };
    for (intent, key) in &raw.answers {
        let place = format!("answers.{intent}");
        let found = Intent::from_name(intent).ok_or_else(|| file.unknown(&place, "intent", intent))?;
        script.answers.push((found, reader.template(&place, key)?));
    }
    script.answers.sort();

    let general = reader.on("on", &raw.on)?;
    let in_a_phase = |trigger| Phase::ALL.iter().any(|phase| Place::Phase(*phase).may_happen(trigger));
    if let Some(never) = general.keys().find(|trigger| !in_a_phase(**trigger)) {
        return Err(reader.never(format!("on.{never}")));
    }
    for (name, phase) in &raw.phase {
        let place = format!("phase.{name}");
        let found = reader.phase(&place, name)?;
        reader.spread(&mut script, Place::Phase(found), &place, phase, &general)?;
        script.phases.insert(found, reader.phase_script(&place, phase, &raw.hints)?);
    }
    reader.spread(&mut script, Place::Waiting, "waiting", &raw.waiting, &BTreeMap::new())?;
    check::check(file, &script)?;
    Ok(script)
}

type Ladders = BTreeMap<Trigger, Vec<Step>>;

#[derive(Clone, Copy)]
struct Reader<'a> {
    file: File<'a>,
    templates: &'a Templates,
}

impl Reader<'_> {
    /// Puts the ladders of one place into the script: its own, else its `otherwise`, else the general ones.
    fn spread(
        self,
        script: &mut Script,
        place: Place,
        name: &str,
        raw: &RawPhase,
        general: &Ladders,
    ) -> Result<(), ScriptError> {
        let own = self.on(&format!("{name}.on"), &raw.on)?;
        let otherwise = self.ladder(&format!("{name}.otherwise"), &raw.otherwise)?;
        if let Some(never) = own.keys().find(|trigger| !place.may_happen(**trigger)) {
            return Err(self.never(format!("{name}.on.{never}")));
        }
        if !otherwise.is_empty() && !Trigger::all().any(|trigger| place.may_happen(trigger)) {
            return Err(self.never(format!("{name}.otherwise")));
        }
        for trigger in Trigger::all().filter(|trigger| place.may_happen(*trigger)) {
            let ladder = own.get(&trigger).or(Some(&otherwise).filter(|ladder| !ladder.is_empty()));
            if let Some(ladder) = ladder.or_else(|| general.get(&trigger)) {
                script.ladders.insert((place, trigger), ladder.clone());
            }
        }
        Ok(())
    }

    fn never(self, place: String) -> ScriptError {
        self.file.wrong(place, Problem::Other("this never happens here, so it would never be said".into()))
    }

    fn on(self, place: &str, raw: &RawOn) -> Result<Ladders, ScriptError> {
        let mut ladders = Ladders::new();
        for (name, steps) in raw {
            let place = format!("{place}.{name}");
            let trigger =
                Trigger::from_name(name).ok_or_else(|| self.file.unknown(&place, "intent or event", name))?;
            if steps.is_empty() {
                return Err(self.file.wrong(place, Problem::Missing("what to do")));
            }
            ladders.insert(trigger, self.ladder(&place, steps)?);
        }
        Ok(ladders)
    }

    fn ladder(self, place: &str, raw: &[RawStep]) -> Result<Vec<Step>, ScriptError> {
        let steps = raw.iter().enumerate().map(|(index, step)| self.step(&format!("{place}[{index}]"), step));
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let unconditional = |step: &Step| step.times.is_none() && step.when.is_none();
        if let Some(index) = steps.iter().position(unconditional).filter(|index| index + 1 < steps.len()) {
            let sentence = "it has neither `times` nor `when`, so the entries after it would never be taken";
            return Err(self.file.wrong(format!("{place}[{index}]"), Problem::Other(sentence.into())));
        }
        if steps.last().is_some_and(|step| step.times.is_some() || step.when.is_some()) {
            let sentence =
                "the last entry must have neither `times` nor `when`, or there may be nothing to do";
            return Err(self.file.wrong(place, Problem::Other(sentence.into())));
        }
        Ok(steps)
    }

    fn step(self, place: &str, raw: &RawStep) -> Result<Step, ScriptError> {
        let when = self.name(place, "condition", raw.when.as_deref(), Condition::from_name)?;
        let say = raw.say.iter().map(|key| match key.as_str() {
            "@question" => Ok(Say::Question),
            key => self.template(&format!("{place}.say"), key).map(Say::Template),
        });
        let say = say.collect::<Result<Vec<_>, _>>()?;
        let action = self.action(place, raw)?;
        let to = self.name(place, "phase", raw.to.as_deref(), Phase::from_name)?;
        let to = match action {
            Action::Listen if to == Some(Phase::Closing) => {
                let sentence = "only `do = \"end\"` leads to `closing`";
                return Err(self.file.wrong(place, Problem::Other(sentence.into())));
            }
            Action::Hold => Some(Phase::Holding),
            Action::End { .. } => Some(Phase::Closing),
            _ => to,
        };
        let (times, answer_also, barge_in) = (raw.times, raw.answer_also, raw.barge_in);
        let written = place.to_owned();
        Ok(Step { written, times, when, answer_also, say, to, barge_in, action })
    }

    fn action(self, place: &str, raw: &RawStep) -> Result<Action, ScriptError> {
        if let Some(name) = &raw.as_trigger {
            let trigger = Trigger::from_name(name);
            let trigger = trigger.ok_or_else(|| self.file.unknown(place, "intent or event", name))?;
            return Ok(Action::As(trigger));
        }
        let reason = raw.reason.as_deref();
        let missing = |what| self.file.wrong(place, Problem::Missing(what));
        match raw.action.as_deref().unwrap_or("listen") {
            "listen" => Ok(Action::Listen),
            "hold" => Ok(Action::Hold),
            "connect" => Ok(Action::Connect),
            "hand_over" => {
                let reason = self.name(place, "reason", reason, HandoverReason::from_name)?;
                reason.map(Action::HandOver).ok_or_else(|| missing("`reason`"))
            }
            "end" => {
                let outcome = self.name(place, "outcome", raw.outcome.as_deref(), Outcome::from_name)?;
                let reason = self.name(place, "reason", reason, EndReason::from_name)?;
                let mark = self.name(place, "mark", raw.mark.as_deref(), Mark::from_name)?;
                let outcome = outcome.ok_or_else(|| missing("`outcome`"))?;
                let reason = reason.ok_or_else(|| missing("`reason`"))?;
                Ok(Action::End { outcome, reason, mark, callback: raw.callback })
            }
            other => Err(self.file.unknown(place, "action", other)),
        }
    }

    fn phase_script(self, place: &str, raw: &RawPhase, hints: &[String]) -> Result<PhaseScript, ScriptError> {
        let prompt = raw.prompt.iter().map(|key| self.template(&format!("{place}.prompt"), key));
        let question = raw.question.as_ref().map(|key| self.template(&format!("{place}.question"), key));
        Ok(PhaseScript {
            prompt: prompt.collect::<Result<_, _>>()?,
            question: question.transpose()?,
            continues: self.name(place, "phase", raw.continues.as_deref(), Phase::from_name)?,
            hints: raw.hints.iter().chain(hints).cloned().collect(),
            barge_in: raw.barge_in,
        })
    }

    fn phase(self, place: &str, name: &str) -> Result<Phase, ScriptError> {
        Phase::from_name(name).ok_or_else(|| self.file.unknown(place, "phase", name))
    }

    fn template(self, place: &str, key: &str) -> Result<String, ScriptError> {
        match self.templates.contains(key) {
            true => Ok(key.to_owned()),
            false => Err(self.file.unknown(place, "template", key)),
        }
    }

    fn name<T>(
        self,
        place: &str,
        what: &'static str,
        name: Option<&str>,
        find: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ScriptError> {
        let found = name.map(|name| find(name).ok_or_else(|| self.file.unknown(place, what, name)));
        found.transpose()
    }
}

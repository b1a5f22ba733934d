//! What a call tells of its hand-over: who was rung, what the customer heard meanwhile, and who was in the conference.

use super::SPEED;
use crate::crowd::Ended;
use jiff::Timestamp;

/// The longest that a waiting customer may hear nothing, in seconds of call time: five, and what the road from one
/// document to the next takes on this clock.
const LONGEST_SILENCE: f64 = 7.5;
/// The same while they are listened to but once, as is right: then the machine was late, by two seconds of real time at most.
const LONGEST_WHEN_LATE: f64 = LONGEST_SILENCE + 2.0 * SPEED as f64;

const KEEPS_COMPANY: [&str; 3] = ["お呼びしております", "お待ちください", "おつなぎいたします"];

impl Ended<'_> {
    /// The stages through which the hand-over went, in order.
    pub(super) fn stages(&self) -> Vec<&str> {
        let moved = self.events.iter().map(|event| &event["event"]);
        let moved = moved.filter(|event| event["type"] == "handoverMoved");
        moved.map(|event| event["stage"]["at"].as_str().unwrap()).collect()
    }

    /// The agents who were rung, in order.
    pub(super) fn rung(&self) -> Vec<&str> {
        let intended =
            self.events.iter().map(|event| &event["event"]).filter(|event| event["type"] == "intended");
        let dialled = intended.filter(|event| event["command"]["do"] == "dialAgent");
        dialled.map(|event| event["command"]["agent"]["phone"].as_str().unwrap()).collect()
    }

    /// From the word that somebody is being fetched until the customer was moved, or heard that nobody comes, they were
    /// never left in silence.
    pub(super) fn check_company(&self, end: &str) -> Result<(), String> {
        let spoken: Vec<(Timestamp, &str)> = self.spoken_at().collect();
        let told = spoken.iter().position(|(_, text)| KEEPS_COMPANY.iter().any(|words| text.contains(words)));
        let Some(told) = told else {
            return Err(format!(
                "{}: was not told that somebody is fetched: {spoken:?}",
                self.customer.phone
            ));
        };
        let Some(over) = spoken.iter().position(|(_, text)| text.contains(end)) else {
            return Err(format!("{}: never heard {end:?}: {spoken:?}", self.customer.phone));
        };
        for pair in spoken[told..=over].windows(2) {
            let [(began, text), (next, _)] = pair else { unreachable!() };
            let silence = next.duration_since(*began).as_secs_f64() - text.chars().count() as f64 / 7.0;
            let most = if self.listened(*began, *next) > 1 { LONGEST_SILENCE } else { LONGEST_WHEN_LATE };
            if silence > most {
                return Err(format!("{}: {silence:.1} s of silence after {text:?}", self.customer.phone));
            }
        }
        Ok(())
    }

    /// How often the customer began to be listened to between these moments.
    fn listened(&self, after: Timestamp, until: Timestamp) -> usize {
        let within = self.leg.log.iter().filter(|line| line.at > after && line.at <= until);
        within.filter(|line| line.kind == "verb" && line.detail["name"] == "Gather").count()
    }

    fn spoken_at(&self) -> impl Iterator<Item = (Timestamp, &str)> {
        let spoken =
            self.leg.log.iter().filter(|line| line.kind == "heard_by" && line.detail["source"] == "say");
        spoken.map(|line| (line.at, line.detail["text"].as_str().unwrap()))
    }

    /// Nobody but these two was ever in a conference of this call.
    pub(super) fn check_conference(
        &self,
        conferences: &[crate::sandbox::Conference],
        parties: usize,
    ) -> Result<(), String> {
        let name = format!("call-{}", self.record["_id"].as_str().unwrap());
        let mut inside: Vec<&str> = conferences
            .iter()
            .filter(|conference| conference.name == name)
            .flat_map(|conference| conference.members.iter().map(|stay| stay.call_sid.as_str()))
            .collect();
        inside.sort_unstable();
        inside.dedup();
        if inside.len() == parties {
            Ok(())
        } else {
            Err(format!("{name}: {inside:?} were in the conference"))
        }
    }
}

//! What does not come as news is read in the journals: what is missing here, and what happens on other nodes.

use super::{Facts, Floor, Line, News, TOLD, Unpresentable, Want};
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};
use tokio::time::Instant;
use tsunagu_call::{self as call, CallId, CallRecord};
use tsunagu_store::FIRST_SEQ;

impl Floor {
    /// What is wanted cannot be had now. News of a call whose journal cannot be read goes on waiting for it.
    pub fn lose(&mut self, want: Want) {
        match want {
            Want::Journal { call, .. } => {
                self.refuse_the_curious(call);
                self.lost.push(want);
            }
            Want::List | Want::Agent(_) => self.lost.push(want),
            Want::Figures { seat: None, .. } => self.figures_due = true,
            _ => {}
        }
    }

    /// Who waits for an answer is not kept waiting for longer; who came back to the call is shown it once it can be read.
    fn refuse_the_curious(&mut self, call: CallId) {
        for (seat, found) in self.curious.remove(&call).unwrap_or_default() {
            match found {
                Some(found) => drop(found.send(Err(Unpresentable("its journal cannot be read".to_owned())))),
                None => self.curious.entry(call).or_default().push((seat, None)),
            }
        }
    }

    /// The journal of a call was read; empty when it cannot be understood.
    pub fn read(&mut self, call: CallId, mut journal: Vec<call::Entry>, now: Instant) -> Vec<Want> {
        let held = self.reading.remove(&call).unwrap_or_default();
        let first_held = held.iter().filter_map(|facts| facts.entries.first()).map(|entry| entry.seq).min();
        // What came as news is told as news.
        journal.retain(|entry| first_held.is_none_or(|first| entry.seq < first));
        let opening = self.to_open.as_mut().is_none_or(|to_open| to_open.remove(&call));
        let mut news = News::default();
        let rebuilt = Line::rebuild(call, &journal);
        // What was read on from somewhere is no beginning.
        if let Err(error) = &rebuilt
            && !journal.is_empty()
            && !self.lines.contains_key(&call)
        {
            tracing::error!(callId = %call, %error, "a journal cannot be folded: screens do not show the call");
        }
        let rebuilt = rebuilt.ok();
        if rebuilt.as_ref().is_some_and(|line| line.record.company_id != self.company) {
            return self.show_the_curious(call);
        }
        let unheard = Arc::new(Facts { company: self.company, call, entries: journal, record: None });
        if let Some(line) = self.lines.get_mut(&call) {
            news.extend(line.hear(&unheard).unwrap_or_default());
        } else if let Some(line) = rebuilt.filter(|line| opening || self.is_past(&line.record, now)) {
            self.lines.insert(call, line);
        } else if let Some((line, begun)) = [&unheard].into_iter().chain(&held).find_map(Line::begin) {
            // Nobody has been told of it yet.
            self.lines.insert(call, line);
            news.extend(begun);
        }
        if let Some(line) = self.lines.get_mut(&call) {
            for facts in &held {
                news.extend(line.hear(facts).unwrap_or_default());
            }
        }
        let mut wants = self.tell(call, news, now);
        wants.extend(self.show_the_curious(call));
        wants.extend(self.present());
        wants
    }

    fn show_the_curious(&mut self, call: CallId) -> Vec<Want> {
        let curious = self.curious.remove(&call).unwrap_or_default();
        curious.into_iter().map(|(seat, found)| self.details(seat, call, found)).collect()
    }

    /// A call that is over and of which nobody need be told: they have been, or it was over before they came to look.
    fn is_past(&self, record: &CallRecord, now: Instant) -> bool {
        let (opened, since) = self.opened;
        let wall =
            opened.plus_millis(i64::try_from(now.duration_since(since).as_millis()).unwrap_or(i64::MAX));
        record.status.is_over()
            && (self.over.contains_key(&record.id)
                || record.start_time < opened
                || record.end_time.is_none_or(|end| wall.since(end) >= TOLD))
    }

    /// What is still missing after a moment does not come.
    pub(super) fn close_gaps(&mut self) -> Vec<Want> {
        let gaps: HashSet<CallId> =
            self.lines.iter().filter(|(_, line)| line.has_gap()).map(|(call, _)| *call).collect();
        let lasting: Vec<_> = gaps.intersection(&self.gaps).copied().collect();
        self.gaps = gaps;
        lasting.into_iter().filter_map(|call| self.read_up(call, Vec::new())).collect()
    }

    /// So far the journals of the company's calls are, on whichever node they are written: the places of their next entries. All
    /// that live are among them, and those that are over and were begun not long ago.
    pub fn stand(&mut self, calls: &HashMap<CallId, u64>) -> Vec<Want> {
        if self.to_open.is_none() {
            return Vec::new();
        }
        let behind = calls.iter().filter(|(call, next)| match self.lines.get(call) {
            Some(line) => line.next() < **next,
            None => !self.over.contains_key(call),
        });
        let mut unread: Vec<CallId> = behind.map(|(call, _)| *call).collect();
        unread.extend(self.living().map(|record| record.id).filter(|call| !calls.contains_key(call)));
        unread.into_iter().filter_map(|call| self.read_up(call, Vec::new())).collect()
    }

    /// Has the journal of a call read from where the floor is on, unless that is being done. What is news of it meanwhile waits.
    pub(super) fn read_up(&mut self, call: CallId, news: Vec<Arc<Facts>>) -> Option<Want> {
        let Entry::Vacant(unread) = self.reading.entry(call) else { return None };
        unread.insert(news);
        Some(Want::Journal { call, from: self.lines.get(&call).map_or(FIRST_SEQ, Line::next) })
    }
}

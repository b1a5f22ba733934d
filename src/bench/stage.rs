//! A server with live calls, for the measurements that need them talking.

use super::{client::Connection, line::Line, load::Load, seed::Callee, tally::Tally};
use anyhow::Result;
use std::{cell::RefCell, rc::Rc};

/// Told of a call.
type Watch = Box<dyn Fn(&str)>;

/// Calls that talk, and what is counted of them.
pub struct Stage {
    /// What loads the server.
    pub load: Rc<Load>,
    /// What came of the turns.
    pub tally: RefCell<Tally>,
    /// Customers who are rung when a call is lost.
    spare: RefCell<Vec<Callee>>,
    /// Told of each turn, before it is sent.
    watch: Option<Watch>,
}

impl Stage {
    /// For a server that is signed in at. `spare` are customers who are in no call.
    pub fn new(load: Rc<Load>, spare: Vec<Callee>) -> Rc<Self> {
        Rc::new(Self { load, tally: RefCell::default(), spare: RefCell::new(spare), watch: None })
    }

    /// The same; `watch` is told on which call somebody is about to speak.
    pub fn watched(load: Rc<Load>, spare: Vec<Callee>, watch: impl Fn(&str) + 'static) -> Rc<Self> {
        let (tally, spare) = (RefCell::default(), RefCell::new(spare));
        Rc::new(Self { load, tally, spare, watch: Some(Box::new(watch)) })
    }

    /// One turn of a call. A turn that fails is noted, and the call replaced by another one.
    ///
    /// # Errors
    /// It cannot be replaced.
    pub async fn turn(&self, connection: &mut Connection, line: &mut Line) -> Result<bool> {
        if let Some(watch) = &self.watch {
            watch(line.call());
        }
        let Err(error) = self.load.turn(connection, line).await else { return Ok(true) };
        self.tally.borrow_mut().failed(&error);
        let spare = self.spare.borrow_mut().pop();
        match spare {
            Some(callee) => *line = self.load.begin(connection, &callee).await?,
            None => return Err(error.context("too many calls were lost")),
        }
        Ok(false)
    }
}

/// Deals the calls out to so many connections, as evenly as can be.
pub fn deal(lines: Vec<Line>, connections: usize) -> Vec<Vec<Line>> {
    let mut hands: Vec<Vec<Line>> = Vec::new();
    hands.resize_with(connections.min(lines.len()), Vec::new);
    let many = hands.len().max(1);
    for (number, line) in lines.into_iter().enumerate() {
        if let Some(hand) = hands.get_mut(number % many) {
            hand.push(line);
        }
    }
    hands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_dealt_evenly() {
        let lines = |many: usize| (0..many).map(|_| Line::new("call", "sid", "to")).collect();
        let sizes =
            |many, connections| deal(lines(many), connections).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(5, 3), [2, 2, 1]);
        assert_eq!(sizes(2, 3), [1, 1], "no connection without a call");
        assert!(sizes(0, 3).is_empty());
    }
}

//! What the watcher and the demo itself have to tell, and where it goes: into the view for a screen to draw, or onto
//! standard output line by line.

use super::{
    happening::{Happening, What},
    view::{Missed, View},
};
use std::{
    cell::{Cell, Ref, RefCell},
    io::Write,
};
use tsunagu_actors::{Clock, Facts};
use tsunagu_call::Time;

/// What is shown, in either manner.
#[derive(Debug)]
pub struct Show {
    view: RefCell<View>,
    clock: Clock,
    since: Time,
    printing: Cell<Printing>,
}

/// What goes to standard output as it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    /// Nothing: a screen is drawn there.
    Nothing,
    /// Hand-overs, ends and notes.
    Milestones,
    /// Everything.
    Everything,
}

impl Show {
    /// A show that begins now.
    pub fn new(clock: Clock, printing: Printing) -> Self {
        Self { view: RefCell::default(), clock, since: clock.now(), printing: Cell::new(printing) }
    }

    /// Takes in what happened.
    ///
    /// # Errors
    /// [`Missed`]: facts before these are missing.
    pub fn apply(&self, facts: &Facts) -> Result<(), Missed> {
        let happenings = self.view.borrow_mut().apply(facts)?;
        // Journals of calls that are taken up begin before this show does; that part is no news.
        for happening in happenings.into_iter().filter(|happening| happening.at >= self.since) {
            self.tell(happening);
        }
        Ok(())
    }

    /// Says something that concerns the whole demo.
    pub fn note(&self, text: impl Into<String>) {
        let what = What::Note { text: text.into() };
        self.tell(Happening { at: self.clock.now(), call: None, who: String::new(), what });
    }

    fn tell(&self, happening: Happening) {
        let milestone = happening.what.is_milestone();
        let printed = match self.printing.get() {
            Printing::Nothing => false,
            Printing::Milestones => milestone,
            Printing::Everything => true,
        };
        if printed && writeln!(std::io::stdout(), "{}", happening.line()).is_err() {
            // Nobody reads any more.
            self.printing.set(Printing::Nothing);
        }
        if milestone {
            self.view.borrow_mut().remember(happening);
        }
    }

    /// Prints hand-overs, ends and notes from now on where nothing was printed before.
    pub fn leave_screen(&self) {
        if self.printing.get() == Printing::Nothing {
            self.printing.set(Printing::Milestones);
        }
    }

    /// What is shown at this moment.
    pub fn view(&self) -> Ref<'_, View> {
        self.view.borrow()
    }

    /// The present moment of call time.
    pub fn now(&self) -> Time {
        self.clock.now()
    }
}

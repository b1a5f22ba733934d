//! The terminal: taken over while the demo is shown, given back however it ends.

use super::{
    frame::{Ink, Row, Size, frame},
    show::Show,
};
use crossterm::{
    QueueableCommand,
    cursor::{Hide, MoveTo, Show as ShowCursor},
    style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor},
    terminal::{
        BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate,
        EnterAlternateScreen, LeaveAlternateScreen,
    },
};
use std::{
    io::{self, Write},
    panic,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::time::MissedTickBehavior;

/// From one picture to the next.
const EVERY: Duration = Duration::from_millis(200);

/// The screen is taken over.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal's other screen. It is left when this is dropped, and before the message of a panic is printed.
///
/// The terminal is not put into raw mode, so that Ctrl-C stays what it is everywhere.
#[derive(Debug)]
pub struct Screen(());

impl Screen {
    /// Takes the screen over.
    pub fn enter() -> io::Result<Self> {
        let mut out = io::stdout().lock();
        out.queue(EnterAlternateScreen)?
            .queue(Hide)?
            .queue(DisableLineWrap)?
            .queue(Clear(ClearType::All))?
            .flush()?;
        TAKEN.store(true, Ordering::SeqCst);
        tell_panics_outside();
        Ok(Self(()))
    }

    /// Draws picture after picture.
    pub async fn draw(&self, show: &Show, head: &[String]) -> io::Result<()> {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut last = None;
        loop {
            ticks.tick().await;
            let size = size();
            let rows = frame(&show.view(), head, show.now(), size);
            paint(&rows, size, last != Some(size))?;
            last = Some(size);
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// The terminal's size; that of the first terminals where it does not say.
fn size() -> Size {
    let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
    Size { columns: usize::from(columns).max(1), rows: usize::from(rows).max(1) }
}

/// Paints the rows in one go, and leaves the cursor where a key that is pressed scrolls nothing.
fn paint(rows: &[Row], size: Size, anew: bool) -> io::Result<()> {
    let mut picture = Vec::with_capacity(size.columns * size.rows * 2);
    picture.queue(BeginSynchronizedUpdate)?;
    if anew {
        picture.queue(Clear(ClearType::All))?;
    }
    for place in 0..size.rows {
        picture.queue(MoveTo(0, short(place)))?.queue(Clear(ClearType::UntilNewLine))?;
        for cell in rows.get(place).into_iter().flatten() {
            picture.queue(MoveTo(short(cell.column), short(place)))?;
            dip(&mut picture, cell.ink)?;
            picture.queue(Print(&cell.text))?;
            if cell.ink != Ink::Plain {
                picture.queue(SetAttribute(Attribute::Reset))?.queue(ResetColor)?;
            }
        }
    }
    picture.queue(MoveTo(0, 0))?.queue(EndSynchronizedUpdate)?;
    let mut out = io::stdout().lock();
    out.write_all(&picture)?;
    out.flush()
}

fn dip(picture: &mut Vec<u8>, ink: Ink) -> io::Result<()> {
    let color = match ink {
        Ink::Plain => return Ok(()),
        Ink::Faint => return picture.queue(SetAttribute(Attribute::Dim)).map(drop),
        Ink::Strong => return picture.queue(SetAttribute(Attribute::Bold)).map(drop),
        Ink::Blue => Color::Blue,
        Ink::Cyan => Color::Cyan,
        Ink::Yellow => Color::Yellow,
        Ink::Green => Color::Green,
        Ink::Red => Color::Red,
    };
    picture.queue(SetForegroundColor(color)).map(drop)
}

fn short(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Gives the terminal back, once.
fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout().lock();
        let given_back = out
            .queue(EnableLineWrap)
            .and_then(|out| out.queue(ShowCursor))
            .and_then(|out| out.queue(LeaveAlternateScreen))
            .and_then(|out| out.flush());
        // A terminal that is gone has nothing to be given back.
        drop(given_back);
    }
}

/// The message of a panic would be lost on the other screen. Where the program goes on, on the threads that hold live
/// calls, it is logged; where it may not, the screen is left first.
fn tell_panics_outside() {
    let usual = panic::take_hook();
    let drawing = std::thread::current().id();
    panic::set_hook(Box::new(move |panic| {
        if TAKEN.load(Ordering::SeqCst) && std::thread::current().id() != drawing {
            tracing::error!(%panic, "a thread panicked");
        } else {
            leave();
            usual(panic);
        }
    }));
}

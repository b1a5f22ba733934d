//! An exchange in memory, between the nodes of one test, that can be cut, and lose, double and reorder what it carries.

use async_trait::async_trait;
use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex},
};
use tokio::sync::{mpsc, watch};
use tsunagu_actors::exchange::{Exchange, Link, News};
use tsunagu_call::CompanyId;

/// How news fares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Road {
    /// All of it comes, once and in order.
    #[default]
    Good,
    /// Of five one is lost, one comes twice, and one comes after the next.
    Bad,
    /// None of it comes, and nobody knows.
    Lost,
}

#[derive(Clone, Default)]
pub struct Bus(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    road: Road,
    carried: usize,
    ends: Vec<End>,
}

/// Where it ends at one node.
struct End {
    inbox: mpsc::UnboundedSender<(CompanyId, News)>,
    link: watch::Sender<Link>,
    wanted: BTreeSet<CompanyId>,
    late: Option<(CompanyId, News)>,
}

impl Bus {
    /// The exchange of one more node.
    pub fn join(&self) -> Arc<dyn Exchange> {
        let (inbox, incoming) = mpsc::unbounded_channel();
        let link = watch::Sender::new(Link { open: true, breaks: 0 });
        let mut inner = self.0.lock().unwrap();
        inner.ends.push(End { inbox, link, wanted: BTreeSet::new(), late: None });
        let place = inner.ends.len() - 1;
        Arc::new(Post { bus: self.clone(), place, incoming: tokio::sync::Mutex::new(incoming) })
    }

    /// So it fares from now on.
    pub fn is(&self, road: Road) {
        self.0.lock().unwrap().road = road;
    }

    /// All nodes know that nothing goes through, or that it does again.
    pub fn is_open(&self, open: bool) {
        for end in &self.0.lock().unwrap().ends {
            end.link.send_modify(|link| *link = Link { open, breaks: link.breaks + 1 });
        }
    }

    /// How much was handed over.
    pub fn carried(&self) -> usize {
        self.0.lock().unwrap().carried
    }
}

struct Post {
    bus: Bus,
    place: usize,
    incoming: tokio::sync::Mutex<mpsc::UnboundedReceiver<(CompanyId, News)>>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Post").field(&self.place).finish()
    }
}

#[async_trait]
impl Exchange for Post {
    fn publish(&self, company: CompanyId, news: News) {
        let inner = &mut *self.bus.0.lock().unwrap();
        if !inner.ends[self.place].link.borrow().open {
            return;
        }
        inner.carried += 1;
        let (road, carried) = (inner.road, inner.carried);
        for (place, end) in inner.ends.iter_mut().enumerate() {
            if place == self.place || !end.wanted.contains(&company) || !end.link.borrow().open {
                continue;
            }
            let news = (company, news.clone());
            let late = end.late.take();
            match (road, carried % 5) {
                (Road::Lost, _) | (Road::Bad, 0) => {}
                (Road::Bad, 1) => (0..2).for_each(|_| drop(end.inbox.send(news.clone()))),
                (Road::Bad, 2) => end.late = Some(news),
                _ => drop(end.inbox.send(news)),
            }
            late.map(|late| end.inbox.send(late));
        }
    }

    fn listen_to(&self, companies: BTreeSet<CompanyId>) {
        self.bus.0.lock().unwrap().ends[self.place].wanted = companies;
    }

    fn link(&self) -> watch::Receiver<Link> {
        self.bus.0.lock().unwrap().ends[self.place].link.subscribe()
    }

    async fn next(&self) -> (CompanyId, News) {
        self.incoming.lock().await.recv().await.unwrap()
    }
}

//! The trait.

use crate::News;
use async_trait::async_trait;
use std::{collections::BTreeSet, fmt::Debug};
use tokio::sync::watch;
use tsunagu_call::CompanyId;

/// Carries news between nodes that share a store.
#[async_trait]
pub trait Exchange: Debug + Send + Sync + 'static {
    /// Hands news of a company over for the other nodes, without waiting. What cannot go out at the moment is dropped and
    /// counted.
    fn publish(&self, company: CompanyId, news: News);

    /// From now on the news of these companies is wanted here, and that of no others.
    fn listen_to(&self, companies: BTreeSet<CompanyId>);

    /// How the way to the others is, from now on.
    fn link(&self) -> watch::Receiver<Link>;

    /// The next piece of news from another node; waits for it. Never ends.
    async fn next(&self) -> (CompanyId, News);

    /// News goes through.
    fn is_open(&self) -> bool {
        self.link().borrow().open
    }
}

/// How the way to the others is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Link {
    /// News goes through.
    pub open: bool,
    /// How often something happened by which news may have been missed: the way was lost or found, other companies are listened
    /// to, or more came than was taken.
    pub breaks: u64,
}

//! A call taken up from its journal, with what of it is this node's to do.

use crate::{CallError, Ports, Repertoire, Repertoires, conference::Inheritance};
use std::{collections::BTreeSet, sync::Arc};
use tsunagu_call::{Call, CallId, CallRecord, CommandId, CompanyId, Entry, JournalError};
use tsunagu_store::{FIRST_SEQ, Hold, SharedStore, Store, journal_from};

/// What a conference is born with.
pub(super) struct Rebuilt {
    pub call: Call,
    pub record: CallRecord,
    pub inheritance: Inheritance,
    pub repertoire: Arc<Repertoire>,
}

/// A call and its record as the journal had them after some entry.
pub(crate) struct Known {
    pub call: Call,
    pub record: CallRecord,
}

/// How often a call is to be adopted whose journal goes on meanwhile.
const ADOPTIONS: u32 = 3;

/// Takes a call up, from where its last conference knew it, if it left that.
pub(super) async fn rebuild(
    ports: &Ports,
    repertoires: &Repertoires,
    call: CallId,
    known: Option<Known>,
) -> Result<Box<Rebuilt>, CallError> {
    let (Known { call, record }, inheritance) = match ports.store.shared() {
        None => (stand(&*ports.store, call, known).await?, Inheritance::Everything),
        Some(shared) => inherit(&*ports.store, shared, call, known).await?,
    };
    let repertoire = repertoires.of(record.company_id).await;
    Ok(Box::new(Rebuilt { call, record, inheritance, repertoire }))
}

/// The same where nodes share the call. One that nobody owns, since it was written where nobody shared, is adopted by one of those
/// who take it up.
async fn inherit(
    store: &dyn Store,
    shared: &dyn SharedStore,
    call: CallId,
    mut known: Option<Known>,
) -> Result<(Known, Inheritance), CallError> {
    let ours = shared.node();
    for _ in 0..ADOPTIONS {
        // Looked at first: what is passed on after that is told, what is wanted after that is not this node's.
        let Hold { owner, hands } = shared.held_call(call).await?.ok_or(CallError::NotFound)?.hold;
        let stands = stand(store, call, known.take()).await?;
        if let Some(owner) = owner {
            let own = hands.into_iter().filter(|(_, node)| *node == ours);
            let hands = own.map(|(command, _)| command).collect();
            return Ok((stands, Inheritance::Part { hands, owns: owner == ours }));
        }
        let hands: BTreeSet<CommandId> = stands.call.pending.keys().copied().collect();
        if shared.adopt_call(call, stands.call.seq + 1, &hands).await? {
            return Ok((stands, Inheritance::Part { hands, owns: true }));
        }
        known = Some(stands);
    }
    Err(CallError::Stale)
}

/// A call and its record as the journal has them.
pub(crate) async fn standing(store: &dyn Store, call: CallId) -> Result<(Call, CallRecord), CallError> {
    stand(store, call, None).await.map(|Known { call, record }| (call, record))
}

/// The same, read on from what is known of it.
async fn stand(store: &dyn Store, call: CallId, known: Option<Known>) -> Result<Known, CallError> {
    let from = known.as_ref().map_or(FIRST_SEQ, |known| known.call.seq + 1);
    let journal = journal_from(store, call, from).await?;
    if known.is_none() && journal.is_empty() {
        return Err(CallError::NotFound);
    }
    let folded = match known {
        None => Known::rebuild(call, &journal),
        Some(known) => known.follow(&journal),
    };
    folded.map_err(|error| unfolded(call, &error))
}

/// How many calls are read together.
const READ_AT_ONCE: u32 = 500;

/// The calls of a company that are not over, on whichever node they live, as their journals have them. One whose journal cannot be
/// folded is left out.
pub(crate) async fn standing_of(
    shared: &dyn SharedStore,
    company: Option<CompanyId>,
) -> Result<Vec<CallRecord>, CallError> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = shared.live_journals(company, after, READ_AT_ONCE).await?;
        after = page.last().map(|last| last.call).filter(|_| page.len() == READ_AT_ONCE as usize);
        for live in page {
            match CallRecord::rebuild(live.call, &live.entries) {
                Ok(record) if record.status.is_over() => {}
                Ok(record) => records.push(record),
                Err(error) => drop(unfolded(live.call, &error)),
            }
        }
        if after.is_none() {
            return Ok(records);
        }
    }
}

fn unfolded(call: CallId, error: &JournalError) -> CallError {
    tracing::error!(callId = %call, %error, "journal cannot be folded");
    CallError::Faulty
}

impl Known {
    fn rebuild(call: CallId, journal: &[Entry]) -> Result<Self, JournalError> {
        Ok(Self { call: Call::rebuild(call, journal)?, record: CallRecord::rebuild(call, journal)? })
    }

    fn follow(mut self, journal: &[Entry]) -> Result<Self, JournalError> {
        self.call = self.call.follow(journal)?;
        for entry in journal {
            self.record.apply(entry.at, &entry.event);
        }
        Ok(self)
    }
}

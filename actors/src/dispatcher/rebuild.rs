//! A call taken up from its journal, with what of it is this node's to do.

use crate::{CallError, Ports, Repertoire, Repertoires, conference::Inheritance};
use std::sync::Arc;
use tsunagu_call::{Call, CallId, CallRecord, Entry, JournalError};
use tsunagu_store::{FIRST_SEQ, Hold, Store, journal_from};

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

/// Takes a call up, from where its last conference knew it, if it left that.
pub(super) async fn rebuild(
    ports: &Ports,
    repertoires: &Repertoires,
    call: CallId,
    known: Option<Known>,
) -> Result<Box<Rebuilt>, CallError> {
    // Looked at first: what is passed on after that is told, what is wanted after that is not this node's.
    let inheritance = match ports.store.shared() {
        None => Inheritance::Everything,
        Some(shared) => {
            let held = shared.held_call(call).await?.ok_or(CallError::NotFound)?;
            let Hold { owner, hands } = held.hold;
            match owner {
                // It was written where nobody shared.
                None => Inheritance::Everything,
                Some(owner) => {
                    let own = hands.into_iter().filter(|(_, node)| *node == shared.node());
                    let hands = own.map(|(command, _)| command).collect();
                    Inheritance::Part { hands, owns: owner == shared.node() }
                }
            }
        }
    };
    let Known { call, record } = stand(&*ports.store, call, known).await?;
    let repertoire = repertoires.of(record.company_id).await;
    Ok(Box::new(Rebuilt { call, record, inheritance, repertoire }))
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
    folded.map_err(|error| {
        tracing::error!(callId = %call, %error, "journal cannot be folded");
        CallError::Faulty
    })
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

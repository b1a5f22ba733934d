//! A call taken up from its journal, with what of it is this node's to do.

use crate::{CallError, Ports, Repertoire, Repertoires, conference::Inheritance};
use std::sync::Arc;
use tsunagu_call::{Call, CallId, CallRecord};
use tsunagu_store::{Hold, Store, whole_journal};

/// What a conference is born with.
pub(super) struct Rebuilt {
    pub call: Call,
    pub record: CallRecord,
    pub inheritance: Inheritance,
    pub repertoire: Arc<Repertoire>,
}

/// Takes a call up.
pub(super) async fn rebuild(
    ports: &Ports,
    repertoires: &Repertoires,
    call: CallId,
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
    let (call, record) = standing(&*ports.store, call).await?;
    let repertoire = repertoires.of(record.company_id).await;
    Ok(Box::new(Rebuilt { call, record, inheritance, repertoire }))
}

/// A call and its record as the journal has them.
pub(crate) async fn standing(store: &dyn Store, call: CallId) -> Result<(Call, CallRecord), CallError> {
    let journal = whole_journal(store, call).await?;
    if journal.is_empty() {
        return Err(CallError::NotFound);
    }
    let folded =
        Call::rebuild(call, &journal).and_then(|state| Ok((state, CallRecord::rebuild(call, &journal)?)));
    folded.map_err(|error| {
        tracing::error!(callId = %call, %error, "journal cannot be folded");
        CallError::Faulty
    })
}

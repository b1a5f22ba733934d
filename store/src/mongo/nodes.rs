//! Nodes that share the database: their signs of life (`nodes`), and in a call's own document who wrote last (`tsunagu.owner`)
//! and who does what the call wants done (`tsunagu.hands`, by the number of the command). Who rings for campaigns is a note.

use super::{MongoStore, adoption::NOTES, failure, form, patience::Asked, shelf::contended};
use crate::{
    AgentStatus, Claim, Doing, FIRST_SEQ, HeldCall, Hold, LiveJournal, SharedStore, Sign, SignIn, StoreError,
    User,
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Bson, DateTime, Document, doc},
};
use std::collections::{BTreeMap, BTreeSet};
use tsunagu_call::{
    CallId, CommandId, CompanyId, DeliveryId, DocumentId, Entry, Event, NodeId, Time, UserId,
};

/// How often a taking over is begun anew because somebody wrote on the call meanwhile.
const ATTEMPTS: u32 = 50;
/// The note that says who rings for campaigns, and until when.
const RINGING: &str = "ringing";

/// What is seen of a call to tell who holds it.
fn parts() -> Document {
    doc! { "companyId": 1, "tsunagu.next": 1, "tsunagu.owner": 1, "tsunagu.hands": 1, "tsunagu.rev": 1 }
}

/// Sets who holds a call once a node has written these entries. See [`Hold::wrote`].
pub(super) fn wrote(node: NodeId, entries: &[Entry], set: &mut Document, unset: &mut Document) {
    if entries.is_empty() {
        return;
    }
    set.insert("tsunagu.owner", form::id(node));
    for entry in entries {
        match &entry.event {
            Event::Intended { id, .. } => drop(set.insert(hand(*id), form::id(node))),
            Event::Settled { id, .. } => {
                set.remove(hand(*id));
                unset.insert(hand(*id), "");
            }
            _ => {}
        }
    }
}

fn hand(command: CommandId) -> String {
    format!("tsunagu.hands.{command}")
}

/// Who holds a call, as it stands in its document.
pub(super) fn held(hold: &Hold) -> Document {
    let hands: Document =
        hold.hands.iter().map(|(command, node)| (command.to_string(), form::id(*node))).collect();
    doc! { "owner": hold.owner.map_or(Bson::Null, form::id), "hands": hands }
}

impl MongoStore {
    fn nodes(&self) -> Result<Collection<Document>, StoreError> {
        self.calls.open()?;
        Ok(self.database.collection("nodes"))
    }

    fn notes(&self) -> Result<Collection<Document>, StoreError> {
        self.calls.open()?;
        Ok(self.database.collection(NOTES))
    }

    async fn held_where(&self, which: Document) -> Result<Vec<HeldCall>, StoreError> {
        let find = self.calls.open()?.find(which).sort(doc! { "_id": 1 }).projection(parts());
        let found = find.answered().await.map_err(failure::named)?;
        let found: Vec<Document> = found.try_collect().answered().await.map_err(failure::named)?;
        found.iter().map(read_held).collect()
    }
}

#[async_trait]
impl SharedStore for MongoStore {
    fn node(&self) -> NodeId {
        self.node
    }

    fn name(&self) -> &str {
        self.database.name()
    }

    async fn tell_sign(&self, sign: Sign) -> Result<Vec<Sign>, StoreError> {
        let signs = self.nodes()?;
        let mut told = doc! {
            "place": &sign.place, "beat": form::number(sign.beat), "present": people(&sign.present),
            "awaited": people(&sign.awaited), "tells": sign.tells,
            // For people who look; the nodes compare no clocks.
            "at": DateTime::now(),
        };
        if sign.left {
            told.insert("left", true);
        }
        let which = doc! { "_id": form::id(sign.node) };
        signs
            .update_one(which, doc! { "$set": told })
            .upsert(true)
            .answered()
            .await
            .map_err(failure::named)?;
        self.signs().await
    }

    async fn signs(&self) -> Result<Vec<Sign>, StoreError> {
        let all = self.nodes()?.find(doc! {}).answered().await.map_err(failure::named)?;
        let all: Vec<Document> = all.try_collect().answered().await.map_err(failure::named)?;
        all.iter().map(read_sign).collect()
    }

    async fn say_goodbye(&self) -> Result<(), StoreError> {
        // Never taken back: a sign that is still on its way does not touch it.
        let update = doc! { "$set": { "left": true } };
        let told = self.nodes()?.update_one(doc! { "_id": form::id(self.node) }, update).answered().await;
        told.map(drop).map_err(failure::named)
    }

    async fn forget_node(&self, node: NodeId) -> Result<bool, StoreError> {
        let gone = self.nodes()?.delete_one(doc! { "_id": form::id(node) }).answered().await;
        Ok(gone.map_err(failure::named)?.deleted_count > 0)
    }

    async fn held_calls(&self) -> Result<Vec<HeldCall>, StoreError> {
        self.held_where(doc! { "tsunagu.live": true }).await
    }

    async fn held_calls_and_opened(
        &self,
        companies: &[CompanyId],
        since: Time,
    ) -> Result<Vec<HeldCall>, StoreError> {
        let companies: Vec<Bson> = companies.iter().map(|company| form::id(*company)).collect();
        let opened = doc! { "_id": { "$gte": form::id(CallId::first_at(since)) } };
        let held = doc! {
            "companyId": { "$in": companies }, "$or": [{ "tsunagu.live": true }, opened],
        };
        self.held_where(held).await
    }

    async fn live_journals(
        &self,
        company: Option<CompanyId>,
        after: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<LiveJournal>, StoreError> {
        let mut which = doc! { "tsunagu.live": true };
        if let Some(company) = company {
            which.insert("companyId", form::id(company));
        }
        if let Some(after) = after {
            which.insert("_id", doc! { "$gt": form::id(after) });
        }
        self.journals(which, limit).await
    }

    async fn doings(&self, companies: &[CompanyId]) -> Result<Vec<Doing>, StoreError> {
        let companies: Vec<Bson> = companies.iter().map(|company| form::id(*company)).collect();
        let theirs = doc! { "companyId": { "$in": companies } };
        // Settings are long, and one word of them is wanted.
        let parts = doc! { "_id": 0, "userId": 1, "companyId": 1, "isAvailable": 1 };
        let settings = self.settings.open()?.find(theirs.clone()).projection(parts).answered().await;
        let settings: Vec<Document> =
            settings.map_err(failure::named)?.try_collect().answered().await.map_err(failure::named)?;
        let mut available = BTreeMap::new();
        for found in &settings {
            let (user, company): (UserId, CompanyId) = (
                form::id_at("agent settings", found, "userId")?,
                form::id_at("agent settings", found, "companyId")?,
            );
            available.insert(user, (company, found.get_bool("isAvailable").unwrap_or(true)));
        }
        let statuses = self.statuses.all(theirs, Document::new(), 0).await?;
        let mut doings: Vec<Doing> = statuses
            .iter()
            .map(|status| {
                let available = available.remove(&status.user_id).is_some_and(|(_, available)| available);
                Doing::of(status, available)
            })
            .collect();
        let never_here = available
            .into_iter()
            .map(|(user, (company, available))| Doing::of(&AgentStatus::new(user, company), available));
        doings.extend(never_here);
        Ok(doings)
    }

    async fn ended_sign_ins(&self, sign_ins: &[SignIn]) -> Result<Vec<SignIn>, StoreError> {
        let users: BTreeSet<UserId> = sign_ins.iter().map(|sign_in| sign_in.user).collect();
        let families: BTreeSet<DocumentId> = sign_ins.iter().filter_map(|sign_in| sign_in.family).collect();
        let users: Vec<Bson> = users.into_iter().map(form::id).collect();
        let families: Vec<Bson> = families.into_iter().map(form::id).collect();
        let users = self.users.all(doc! { "_id": { "$in": users } }, Document::new(), 0).await?;
        let users: BTreeMap<UserId, User> = users.into_iter().map(|user| (user.id, user)).collect();
        let revoked = doc! { "family": { "$in": families }, "revoked": true };
        // Of a token that cannot be read otherwise this much can: else whoever signed out would look on.
        let family = |token: Document| form::id_at("refresh token", &token, "family");
        let revoked: Vec<DocumentId> =
            self.tokens.walk(revoked, Document::new(), 0, doc! { "family": 1 }, family).await?;
        let revoked: BTreeSet<DocumentId> = revoked.into_iter().collect();
        let is_good = |sign_in: &SignIn| {
            let revoked = sign_in.family.is_some_and(|family| revoked.contains(&family));
            sign_in.is_good(users.get(&sign_in.user), revoked)
        };
        Ok(sign_ins.iter().filter(|sign_in| !is_good(sign_in)).copied().collect())
    }

    async fn held_call(&self, call: CallId) -> Result<Option<HeldCall>, StoreError> {
        let find = self.calls.open()?.find_one(doc! { "_id": form::id(call) }).projection(parts());
        find.answered().await.map_err(failure::named)?.as_ref().map(read_held).transpose()
    }

    async fn take_over(&self, call: CallId, from: NodeId) -> Result<Option<Hold>, StoreError> {
        let calls = self.calls.open()?;
        for _ in 0..ATTEMPTS {
            let found = calls.find_one(doc! { "_id": form::id(call) }).projection(parts()).answered().await;
            let Some(found) = found.map_err(failure::named)? else { return Ok(None) };
            let mut hold = read_held(&found)?.hold;
            if !hold.pass(from, self.node) {
                return Ok(None);
            }
            let rev = found.get_document("tsunagu").ok().and_then(|own| own.get("rev").cloned());
            let which = doc! { "_id": form::id(call), "tsunagu.rev": rev.unwrap_or(Bson::Null) };
            let updated = calls.update_one(which, hold_by(&hold)).answered().await;
            if updated.map_err(failure::named)?.matched_count > 0 {
                return Ok(Some(hold));
            }
        }
        Err(contended())
    }

    async fn adopt_call(
        &self,
        call: CallId,
        next: u64,
        wanted: &BTreeSet<CommandId>,
    ) -> Result<bool, StoreError> {
        let which = doc! {
            "_id": form::id(call), "tsunagu.owner": Bson::Null, "tsunagu.next": form::number(next),
        };
        let hold = Hold::all_of(self.node, wanted);
        let updated = self.calls.open()?.update_one(which, hold_by(&hold)).answered().await;
        Ok(updated.map_err(failure::named)?.matched_count > 0)
    }

    async fn claim_delivery(&self, delivery: DeliveryId, now: Time, until: Time) -> Result<bool, StoreError> {
        self.claim(delivery, now, until).await
    }

    async fn claim_ringing(&self, now: Time, until: Time) -> Result<Claim, StoreError> {
        let notes = self.notes()?;
        let ours = doc! { "node": form::id(self.node), "until": form::time(until) };
        let seen = notes.find_one(doc! { "_id": RINGING }).answered().await.map_err(failure::named)?;
        let last = seen.as_ref().map(read_ringing).transpose()?;
        let claim = Claim::of(self.node, now, last);
        let Some((holder, lapses)) = last else {
            let mut note = doc! { "_id": RINGING };
            note.extend(ours);
            return match notes.insert_one(note).answered().await {
                Ok(_) => Ok(claim),
                Err(error) if failure::is_duplicate(&error) => Ok(Claim::Refused),
                Err(error) => Err(failure::named(error)),
            };
        };
        if claim == Claim::Refused {
            return Ok(claim);
        }
        let as_seen = doc! { "_id": RINGING, "node": form::id(holder), "until": form::time(lapses) };
        let claimed = notes.update_one(as_seen, doc! { "$set": ours }).answered().await;
        let first = claimed.map_err(failure::named)?.matched_count > 0;
        Ok(if first { claim } else { Claim::Refused })
    }

    async fn leave_ringing(&self) -> Result<(), StoreError> {
        let which = doc! { "_id": RINGING, "node": form::id(self.node) };
        self.notes()?.delete_one(which).answered().await.map(drop).map_err(failure::named)
    }
}

fn read_ringing(found: &Document) -> Result<(NodeId, Time), StoreError> {
    let until = found.get_datetime("until").map_err(|error| StoreError::corrupt("note", error))?;
    Ok((form::id_at("note", found, "node")?, Time::from_millis(until.timestamp_millis())))
}

/// Sets who holds a call.
fn hold_by(hold: &Hold) -> Document {
    let held = held(hold).into_iter().map(|(key, value)| (format!("tsunagu.{key}"), value));
    doc! { "$set": held.collect::<Document>(), "$inc": { "tsunagu.rev": 1_i64 } }
}

fn read_held(found: &Document) -> Result<HeldCall, StoreError> {
    let own = found.get_document("tsunagu").cloned().unwrap_or_default();
    let hands = own.get_document("hands").cloned().unwrap_or_default();
    let hands = hands.keys().map(|key| {
        let command = key.parse().map_err(|error| StoreError::corrupt("call", error))?;
        Ok((command, form::id_at("call", &hands, key)?))
    });
    let owner = own.get_object_id("owner").is_ok().then(|| form::id_at("call", &own, "owner")).transpose()?;
    Ok(HeldCall {
        company: form::id_at("call", found, "companyId")?,
        call: form::id_at("call", found, "_id")?,
        next: form::count_at(&own, "next").max(FIRST_SEQ),
        hold: Hold { owner, hands: hands.collect::<Result<_, StoreError>>()? },
    })
}

fn people(people: &BTreeSet<(CompanyId, UserId)>) -> Vec<Bson> {
    let person = |(company, user): &(CompanyId, UserId)| {
        Bson::from(doc! { "companyId": form::id(*company), "userId": form::id(*user) })
    };
    people.iter().map(person).collect()
}

fn read_people(found: &Document, key: &str) -> Result<BTreeSet<(CompanyId, UserId)>, StoreError> {
    let people = found.get_array(key).map(Vec::as_slice).unwrap_or_default();
    let person =
        |person| Ok((form::id_at("node", person, "companyId")?, form::id_at("node", person, "userId")?));
    people.iter().filter_map(Bson::as_document).map(person).collect()
}

/// A node of an older version says neither whom it awaits nor that it tells anything.
fn read_sign(found: &Document) -> Result<Sign, StoreError> {
    Ok(Sign {
        node: form::id_at("node", found, "_id")?,
        place: found.get_str("place").unwrap_or_default().to_owned(),
        beat: form::count_at(found, "beat"),
        present: read_people(found, "present")?,
        awaited: read_people(found, "awaited")?,
        tells: found.get_bool("tells").unwrap_or_default(),
        left: found.get_bool("left").unwrap_or_default(),
    })
}

//! The rule that a company keeps an admin, which is about several users at once.
//!
//! Whoever ceases to be an acting admin does so alone: *look at oneself → take the company's guard → look for another admin →
//! change oneself, if nobody did meanwhile → let go.* Whoever finds the guard taken for too long, since its holder is gone,
//! first touches the holder's document and then takes the guard away: a holder who is merely slow looked at itself before,
//! finds itself touched, and begins anew. So no clock is needed, and nothing that is left behind stands in the way for ever.

use super::{
    MongoStore, form,
    shelf::{Kept, Put, Seen},
};
use crate::{StoreError, User, UserChange, UserRole};
use mongodb::bson::{Document, doc, oid::ObjectId};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tsunagu_call::{CompanyId, DocumentId, UserId};

/// How often one looks whether the guard is free before its holder counts as gone.
const LOOKS: u32 = 200;
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Who of a company is ceasing to be an admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    #[serde(rename = "_id")]
    company: CompanyId,
    #[serde(default)]
    holder: Option<Holder>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    user: UserId,
    /// Tells this time from others.
    turn: DocumentId,
}

impl Kept for Guard {
    const WHAT: &'static str = "guard of a company";
    const COLLECTION: &'static str = "adminguards";
}

impl MongoStore {
    /// Changes a user who ceases to be an acting admin by it. Gives the user before and after.
    pub(super) async fn step_down(
        &self,
        company: CompanyId,
        user: UserId,
        change: &UserChange,
    ) -> Result<(User, User), StoreError> {
        let mut looks = 0;
        loop {
            // Looked at before the guard is taken; see above.
            let seen = self.member_seen(company, user).await?;
            let turn = DocumentId::from_bytes(ObjectId::new().bytes());
            let holder = self.take_guard(company, Holder { user, turn }).await?;
            if holder.turn != turn {
                looks += 1;
                if looks % LOOKS == 0 {
                    self.touch_user(holder.user).await?;
                    self.let_go(company, holder).await?;
                }
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let changed = self.unless_last(&seen, change).await;
            self.let_go(company, holder).await?;
            if let Some(after) = changed? {
                return Ok((seen.value, after));
            }
        }
    }

    /// Changes who holds the guard, unless somebody did meanwhile.
    async fn unless_last(&self, seen: &Seen<User>, change: &UserChange) -> Result<Option<User>, StoreError> {
        let before = &seen.value;
        let after = change.clone().apply(before.clone());
        let another = doc! {
            "companyId": form::id(before.company_id), "role": UserRole::Admin.as_str(),
            "disabled": { "$ne": true }, "_id": { "$ne": form::id(before.id) },
        };
        let steps_down = before.is_acting_admin() && !after.is_acting_admin();
        if steps_down && self.users.count(another, Some(1)).await? == 0 {
            return Err(StoreError::LastAdmin);
        }
        match self.users.replace(seen, &after, Document::new()).await? {
            Put::Done => Ok(Some(after)),
            Put::Moved => Ok(None),
            Put::Taken => Err(StoreError::Duplicate { what: "user", field: "email" }),
        }
    }

    /// Takes the guard if it is free; gives who has it then.
    async fn take_guard(&self, company: CompanyId, holder: Holder) -> Result<Holder, StoreError> {
        loop {
            let taken = self.guards.change(doc! { "_id": form::id(company) }, "_id", |guard| {
                Ok(*guard.holder.get_or_insert(holder))
            });
            match taken.await? {
                Some((_, has)) => return Ok(has),
                None => {
                    let guard = Guard { company, holder: None };
                    self.guards.enter(&guard, Document::new()).await?;
                }
            }
        }
    }

    async fn let_go(&self, company: CompanyId, holder: Holder) -> Result<(), StoreError> {
        let freed = self.guards.change(doc! { "_id": form::id(company) }, "_id", |guard| {
            guard.holder = guard.holder.filter(|has| *has != holder);
            Ok(())
        });
        freed.await.map(|_| ())
    }

    /// Makes changes fail that rest on how a user was seen until now.
    async fn touch_user(&self, user: UserId) -> Result<(), StoreError> {
        let touch = doc! { "$inc": { "tsunagu.rev": 1_i64 } };
        self.users.update_all(doc! { "_id": form::id(user) }, touch).await.map(|_| ())
    }
}

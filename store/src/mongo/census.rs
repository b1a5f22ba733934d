//! What an operator watches, counted.

use super::{MongoStore, form};
use crate::{Availability, Census, StoreError};
use mongodb::bson::doc;
use tsunagu_call::Time;

impl MongoStore {
    pub(super) async fn count_all(&self, now: Time) -> Result<Census, StoreError> {
        let mut census = Census::default();
        let stages = vec![
            doc! { "$lookup": {
                "from": "agentstatuses", "localField": "userId", "foreignField": "userId", "as": "doing",
            } },
            doc! { "$project": { "doing": { "$arrayElemAt": ["$doing.status", 0] } } },
            doc! { "$group": { "_id": "$doing", "count": { "$sum": 1 } } },
        ];
        for found in self.settings.aggregate(stages).await? {
            let word = found.get_str("_id").ok();
            let doing = Availability::ALL.into_iter().find(|doing| Some(doing.as_str()) == word);
            *census.agents.entry(doing.unwrap_or_default()).or_default() += form::count_at(&found, "count");
        }
        let good = doc! {
            "expiresAt": { "$gt": form::time(now) }, "spent": { "$ne": true }, "revoked": { "$ne": true },
        };
        let stages = vec![
            doc! { "$match": good },
            doc! { "$group": { "_id": "$family" } },
            doc! { "$group": { "_id": "all", "count": { "$sum": 1 } } },
        ];
        let found = self.tokens.aggregate(stages).await?;
        census.sessions = found.first().map_or(0, |found| form::count_at(found, "count"));
        Ok(census)
    }
}

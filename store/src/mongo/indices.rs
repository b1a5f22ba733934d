//! The indices. A unique one that is not there would be a rule that nobody keeps: so they are made and looked at before anything
//! else is done. The server builds them without holding up those who read and write.

use super::{failure, patience::Asked};
use crate::StoreError;
use mongodb::{
    Database, IndexModel,
    bson::{Document, doc},
    options::IndexOptions,
};

/// An index.
struct Index {
    name: &'static str,
    keys: Document,
    unique: bool,
    /// Of those documents alone in which this field is there.
    present: Option<&'static str>,
}

fn index(name: &'static str, keys: Document) -> Index {
    Index { name, keys, unique: false, present: None }
}

fn unique(name: &'static str, keys: Document) -> Index {
    Index { unique: true, ..index(name, keys) }
}

impl Index {
    fn where_present(self, field: &'static str) -> Self {
        Self { present: Some(field), ..self }
    }

    fn model(self) -> IndexModel {
        let partial = self.present.map(|field| doc! { field: { "$exists": true } });
        let options = IndexOptions::builder()
            .name(self.name.to_owned())
            .unique(self.unique.then_some(true))
            .partial_filter_expression(partial)
            .build();
        IndexModel::builder().keys(self.keys).options(options).build()
    }
}

fn all() -> Vec<(&'static str, Vec<Index>)> {
    vec![
        (
            "callsessions",
            vec![
                unique("a_customer_is_in_one_call", doc! { "tsunagu.busy": 1 }).where_present("tsunagu.busy"),
                unique("a_key_opens_one_call", doc! { "companyId": 1, "tsunagu.key": 1 })
                    .where_present("tsunagu.key"),
                index("live", doc! { "tsunagu.live": 1, "_id": 1 }).where_present("tsunagu.live"),
                index("outbox", doc! { "tsunagu.outbox.name": 1 }).where_present("tsunagu.outbox.name"),
                index("by_start", doc! { "companyId": 1, "startTime": -1, "_id": -1 }),
                index("of_agent", doc! { "companyId": 1, "assignedAgent": 1, "startTime": -1, "_id": -1 }),
                index("of_customer", doc! { "customerId": 1, "startTime": -1, "_id": -1 }),
                index("recorded", doc! { "companyId": 1, "recordingSid": 1, "startTime": 1, "_id": 1 }),
            ],
        ),
        ("callevents", vec![unique("of_call", doc! { "callId": 1, "seq": 1 })]),
        (
            "callbacks",
            vec![
                unique("a_call_makes_one", doc! { "callId": 1 }),
                index("by_due", doc! { "companyId": 1, "status": 1, "tsunagu.wanted": 1, "_id": 1 }),
                index("outbox", doc! { "tsunagu.outbox": 1 }).where_present("tsunagu.outbox"),
            ],
        ),
        (
            "campaigns",
            vec![
                index("by_age", doc! { "companyId": 1, "createdAt": -1, "_id": -1 }),
                index("driven", doc! { "tsunagu.driven": 1, "_id": 1 }).where_present("tsunagu.driven"),
            ],
        ),
        (
            "campaignentries",
            vec![
                unique("a_customer_is_on_a_list_once", doc! { "campaignId": 1, "customerId": 1 }),
                index("by_due", doc! { "campaignId": 1, "state": 1, "nextAttemptAt": 1, "_id": 1 }),
                index("in_order", doc! { "campaignId": 1, "_id": 1 }),
                index("by_end", doc! { "campaignId": 1, "tsunagu.ended": -1 }),
                index("of_customer", doc! { "customerId": 1, "state": 1 }),
                index("by_write", doc! { "tsunagu.by": 1 }),
            ],
        ),
        (
            "agentsettings",
            vec![unique("of_user", doc! { "userId": 1 }), index("of_company", doc! { "companyId": 1 })],
        ),
        (
            "agentstatuses",
            vec![
                unique("of_user", doc! { "userId": 1 }),
                index("of_company", doc! { "companyId": 1 }),
                index("promises", doc! { "reservation.until": 1 }).where_present("reservation.until"),
            ],
        ),
        (
            "users",
            vec![
                unique("an_email_address_is_taken_once", doc! { "tsunagu.email": 1 })
                    .where_present("tsunagu.email"),
                unique("resets", doc! { "tsunagu.reset.hash": 1 }).where_present("tsunagu.reset.hash"),
                index("of_company", doc! { "companyId": 1, "_id": 1 }),
            ],
        ),
        (
            "customers",
            vec![
                unique("a_number_is_taken_once", doc! { "companyId": 1, "tsunagu.phone": 1 })
                    .where_present("tsunagu.phone"),
                index("by_age", doc! { "companyId": 1, "createdAt": 1, "_id": 1 }),
                index("by_name", doc! { "companyId": 1, "name": 1, "_id": 1 }),
                index("by_last_call", doc! { "companyId": 1, "lastCallAt": 1, "_id": 1 }),
                index("by_next_call", doc! { "companyId": 1, "tsunagu.next": 1, "_id": 1 }),
                index("by_write", doc! { "tsunagu.by": 1 }),
            ],
        ),
        ("customerimports", vec![unique("an_import_begins_once", doc! { "companyId": 1, "importId": 1 })]),
        (
            "refreshtokens",
            vec![
                index("of_family", doc! { "family": 1 }),
                index("of_user", doc! { "userId": 1 }),
                index("by_end", doc! { "expiresAt": 1 }),
            ],
        ),
        (
            "invitations",
            vec![
                unique("hashes", doc! { "hash": 1 }),
                unique("places", doc! { "companyId": 1, "tsunagu.place": 1 }),
                unique("one_for_an_email_address", doc! { "companyId": 1, "email": 1 }),
                index("by_end", doc! { "expiresAt": 1 }),
            ],
        ),
        (
            "webhooks",
            vec![
                unique("places", doc! { "companyId": 1, "tsunagu.place": 1 }),
                index("by_company", doc! { "companyId": 1, "_id": 1 }),
            ],
        ),
        (
            "webhookdeliveries",
            vec![
                unique("an_event_comes_once", doc! { "webhookId": 1, "eventId": 1 }),
                index("by_due", doc! { "webhookId": 1, "state": 1, "nextAttemptAt": 1 }),
                index("in_order", doc! { "webhookId": 1, "state": 1, "tsunagu.number": 1 }),
                index("of_company", doc! { "companyId": 1, "state": 1, "tsunagu.number": 1 }),
            ],
        ),
    ]
}

/// Makes the indices that are missing, and looks whether all are there.
///
/// # Errors
/// [`StoreError::Invalid`] when one cannot be made because what is stored breaks its rule, or another one stands in its place.
pub async fn ensure(database: &Database) -> Result<(), StoreError> {
    for (collection, indices) in all() {
        let wanted: Vec<(&str, bool)> = indices.iter().map(|index| (index.name, index.unique)).collect();
        let documents = database.collection::<Document>(collection);
        let models = indices.into_iter().map(Index::model);
        if let Err(error) = documents.create_indexes(models).await {
            tracing::error!(collection, %error, "an index cannot be made");
            return Err(match failure::is_duplicate(&error) {
                true => StoreError::Invalid {
                    reason: "what is stored breaks a rule that an index should keep; the log names the collection",
                },
                false => failure::named(error),
            });
        }
        let mut found = documents.list_indexes().answered().await.map_err(failure::named)?;
        let mut there = Vec::new();
        while let Some(model) =
            futures_util::TryStreamExt::try_next(&mut found).answered().await.map_err(failure::named)?
        {
            let options = model.options.unwrap_or_default();
            there.push((options.name.unwrap_or_default(), options.unique.unwrap_or(false)));
        }
        for (name, unique) in wanted {
            if !there.iter().any(|(other, is_unique)| other == name && *is_unique == unique) {
                tracing::error!(collection, name, "an index is not there, or not as it should be");
                return Err(StoreError::Invalid {
                    reason: "an index of the database is not as it should be",
                });
            }
        }
    }
    Ok(())
}

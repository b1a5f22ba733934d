//! All data of a SQLite file, to be moved.

use super::{
    SqliteStore, agents, callbacks, campaign_entries as entries, customers, deliveries,
    failure::{Failure, unless_duplicate},
    journal, outbox, row, users, webhooks,
    writer::Writing,
};
use crate::{
    Outboxed, Outgoing, PasswordReset, RefreshToken, Source, StoreError, Webhook,
    archive::{Archive, Item, Kind},
};
use async_trait::async_trait;
use rusqlite::{Connection, Params, Row, params};
use serde::de::DeserializeOwned;
use tsunagu_call::{Id, Time};

#[async_trait]
impl Archive for SqliteStore {
    async fn items(&self, kind: Kind, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, StoreError> {
        let after = after.cloned();
        self.read(move |connection| read(connection, kind, after.as_ref(), limit)).await
    }

    async fn keep(&self, items: Vec<Item>) -> Result<(), StoreError> {
        // Handed in together, so that they share a transaction; what is refused is refused alone.
        let written: Vec<_> =
            items.into_iter().map(|item| self.write(move |writing| keep(writing, &item))).collect();
        for written in written {
            written.await?;
        }
        Ok(())
    }
}

fn read(connection: &Connection, kind: Kind, after: Option<&Item>, limit: u32) -> Result<Vec<Item>, Failure> {
    let id = after.and_then(id_of).unwrap_or_default();
    let by_id =
        |table: &str, key: &str| format!("SELECT body FROM {table} WHERE {key} > ?1 ORDER BY {key} LIMIT ?2");
    let values = params![id, limit];
    match kind {
        Kind::Companies => {
            listed(connection, &by_id("companies", "id"), values, |company| Item::Company(Box::new(company)))
        }
        Kind::Users => listed(connection, &by_id("users", "id"), values, Item::User),
        Kind::Resets => listed(connection, &by_id("password_resets", "user"), values, Item::Reset),
        Kind::Settings => listed(connection, &by_id("agent_settings", "user"), values, Item::Settings),
        Kind::Statuses => listed(connection, &by_id("agent_status", "user"), values, Item::status),
        Kind::Customers => listed(connection, &by_id("customers", "id"), values, Item::Customer),
        Kind::Calls => {
            listed(connection, &by_id("calls", "id"), values, |record| Item::Call(Box::new(record)))
        }
        Kind::Callbacks => listed(connection, &by_id("callbacks", "id"), values, Item::Callback),
        Kind::Invitations => listed(connection, &by_id("invitations", "id"), values, Item::Invitation),
        Kind::Webhooks => listed(connection, &by_id("webhooks", "id"), values, Item::Webhook),
        Kind::Tokens => {
            let hash = match after {
                Some(Item::Token(token)) => token.hash.as_str(),
                _ => "",
            };
            listed(connection, &by_id("refresh_tokens", "hash"), params![hash, limit], Item::Token)
        }
        Kind::Campaigns => rows(
            connection,
            "SELECT body, driven FROM campaigns WHERE id > ?1 ORDER BY id LIMIT ?2",
            values,
            |found| {
                let campaign = Box::new(row::document_at("campaign", found, 0)?);
                Ok(Item::Campaign { campaign, driven: found.get(1)? })
            },
        ),
        Kind::Imports => {
            let company = match after {
                Some(Item::Import(import)) => import.company_id.bytes().to_vec(),
                _ => Vec::new(),
            };
            let query = "SELECT body FROM customer_imports WHERE (company, id) > (?3, ?1) ORDER BY company, id LIMIT ?2";
            listed(connection, query, params![id, limit, company], Item::Import)
        }
        Kind::Keys => {
            let (company, key) = match after {
                Some(Item::Key { company, key, .. }) => (company.bytes().to_vec(), key.as_str()),
                _ => (Vec::new(), ""),
            };
            let query = "SELECT company, key, call, started FROM opening_keys WHERE (company, key) > (?1, ?2) \
                         ORDER BY company, key LIMIT ?3";
            rows(connection, query, params![company, key, limit], |found| {
                let (company, call) = (row::id(found, 0)?, row::id(found, 2)?);
                Ok(Item::Key { company, key: found.get(1)?, call, started: row::time(found, 3)? })
            })
        }
        Kind::Entries => {
            let (campaign, customer) = match after {
                Some(Item::Entry(entry)) => {
                    (entry.campaign_id.bytes().to_vec(), entry.customer_id.bytes().to_vec())
                }
                _ => (Vec::new(), Vec::new()),
            };
            let query = "SELECT body FROM campaign_entries WHERE position > coalesce( \
                         (SELECT position FROM campaign_entries WHERE campaign = ?1 AND customer = ?2), -1) \
                         ORDER BY position LIMIT ?3";
            listed(connection, query, params![campaign, customer, limit], Item::Entry)
        }
        Kind::Deliveries => {
            let query = "SELECT body, payload FROM webhook_deliveries WHERE number > coalesce( \
                         (SELECT number FROM webhook_deliveries WHERE id = ?1), -1) ORDER BY number LIMIT ?2";
            rows(connection, query, values, |found| {
                let payload = found.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.into();
                Ok(Item::Delivery(Outgoing { delivery: row::document_at("delivery", found, 0)?, payload }))
            })
        }
        Kind::Notes if after.is_some() => Ok(Vec::new()),
        Kind::Notes => {
            let notes = outbox::oldest(connection, u32::MAX)?;
            let note = |Outboxed { company, source, .. }| Item::Note { company, source };
            Ok(notes.into_iter().map(note).collect())
        }
    }
}

/// The id by which things of most kinds are in order.
fn id_of(item: &Item) -> Option<Vec<u8>> {
    let id = match item {
        Item::Company(company) => company.id.bytes(),
        Item::User(user) => user.id.bytes(),
        Item::Reset(reset) => reset.user_id.bytes(),
        Item::Settings(settings) => settings.user_id.bytes(),
        Item::Status(status) => status.user_id.bytes(),
        Item::Customer(customer) => customer.id.bytes(),
        Item::Import(import) => import.id.bytes(),
        Item::Call(record) => record.id.bytes(),
        Item::Callback(callback) => callback.id.bytes(),
        Item::Campaign { campaign, .. } => campaign.id.bytes(),
        Item::Invitation(invitation) => invitation.id.bytes(),
        Item::Webhook(webhook) => webhook.id.bytes(),
        Item::Delivery(outgoing) => outgoing.delivery.id.bytes(),
        Item::Key { .. } | Item::Entry(_) | Item::Token(_) | Item::Note { .. } => return None,
    };
    Some(id.to_vec())
}

fn listed<T: DeserializeOwned>(
    connection: &Connection,
    query: &str,
    values: impl Params,
    item: impl Fn(T) -> Item,
) -> Result<Vec<Item>, Failure> {
    rows(connection, query, values, |found| Ok(item(row::document_at("document", found, 0)?)))
}

fn rows(
    connection: &Connection,
    query: &str,
    values: impl Params,
    item: impl Fn(&Row<'_>) -> Result<Item, Failure>,
) -> Result<Vec<Item>, Failure> {
    let mut find = connection.prepare_cached(query)?;
    let mut found = find.query(values)?;
    let mut items = Vec::new();
    while let Some(row) = found.next()? {
        items.push(item(row)?);
    }
    Ok(items)
}

fn keep(writing: &mut Writing<'_>, item: &Item) -> Result<(), Failure> {
    let connection = writing.connection;
    match item {
        Item::Company(company) => {
            let mut put =
                connection.prepare_cached("INSERT OR REPLACE INTO companies (id, body) VALUES (?1, ?2)")?;
            put.execute(params![company.id.bytes(), row::body("company", company)?])?;
            Ok(())
        }
        Item::User(user) => match users::by_id(connection, user.id)? {
            Some(_) => users::replace(connection, user),
            None => users::create_user(connection, user),
        },
        Item::Reset(reset) => keep_reset(connection, reset),
        Item::Settings(settings) => agents::put_settings(writing, settings),
        Item::Status(status) => agents::put_status(writing, status),
        Item::Customer(customer) => customers::put(writing, customer),
        Item::Import(import) => {
            let mut put = connection.prepare_cached(
                "INSERT OR REPLACE INTO customer_imports (company, id, started, body) VALUES (?1, ?2, ?3, ?4)",
            )?;
            let (company, id) = (import.company_id.bytes(), import.id.bytes());
            put.execute(params![company, id, import.started_at.millis(), row::body("import", import)?])?;
            Ok(())
        }
        Item::Call(record) => journal::put(writing, record),
        Item::Key { company, key, call, started } => {
            let mut put = connection.prepare_cached(
                "INSERT OR REPLACE INTO opening_keys (company, key, call, started) VALUES (?1, ?2, ?3, ?4)",
            )?;
            put.execute(params![company.bytes(), key, call.bytes(), started.millis()])?;
            Ok(())
        }
        Item::Callback(callback) => {
            let mut forget = connection.prepare_cached("DELETE FROM callbacks WHERE id = ?1")?;
            forget.execute([callback.id.bytes()])?;
            callbacks::insert(writing, callback)
        }
        Item::Campaign { campaign, driven } => {
            let mut put = connection.prepare_cached(
                "INSERT OR REPLACE INTO campaigns (id, company, state, driven, started, created, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            put.execute(params![
                campaign.id.bytes(),
                campaign.company_id.bytes(),
                campaign.state.as_str(),
                driven,
                campaign.started_at.map(Time::millis),
                campaign.created_at.millis(),
                row::body("campaign", &**campaign)?,
            ])?;
            Ok(())
        }
        Item::Entry(entry) => match entries::is_listed(writing, entry.campaign_id, entry.customer_id)? {
            true => entries::replace(writing, entry),
            false => entries::insert(writing, entry),
        },
        Item::Token(token) => keep_token(connection, token),
        Item::Invitation(invitation) => {
            let mut forget = connection.prepare_cached("DELETE FROM invitations WHERE id = ?1")?;
            forget.execute([invitation.id.bytes()])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO invitations (id, company, email, hash, expires, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let written = insert.execute(params![
                invitation.id.bytes(),
                invitation.company_id.bytes(),
                invitation.email,
                invitation.hash,
                invitation.expires_at.millis(),
                row::body("invitation", invitation)?,
            ]);
            unless_duplicate(written, "invitation", "email").map(|_| ())
        }
        Item::Webhook(webhook) => keep_webhook(writing, webhook),
        Item::Delivery(outgoing) => deliveries::put(writing, outgoing),
        Item::Note { company, source } => {
            let (call, first, last, callback) = match source {
                Source::Call { call, first, last } => (Some(call), Some(*first), Some(*last), None),
                Source::Callback(callback) => (None, None, None, Some(callback)),
            };
            let mut insert = connection.prepare_cached(
                "INSERT INTO webhook_outbox (company, call, first, last, callback) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            insert.execute(params![
                company.bytes(),
                call.map(Id::bytes),
                first.map(row::signed),
                last.map(row::signed),
                callback.map(Id::bytes),
            ])?;
            Ok(())
        }
    }
}

fn keep_reset(connection: &Connection, reset: &PasswordReset) -> Result<(), Failure> {
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO password_resets (user, hash, expires, body) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let body = row::body("password reset", reset)?;
    put.execute(params![reset.user_id.bytes(), reset.hash, reset.expires_at.millis(), body])?;
    Ok(())
}

fn keep_token(connection: &Connection, token: &RefreshToken) -> Result<(), Failure> {
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO refresh_tokens (hash, user, family, expires, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let body = row::body("refresh token", token)?;
    put.execute(params![
        token.hash,
        token.user_id.bytes(),
        token.family.bytes(),
        token.expires_at.millis(),
        body
    ])?;
    Ok(())
}

fn keep_webhook(writing: &mut Writing<'_>, webhook: &Webhook) -> Result<(), Failure> {
    let mut put = writing.connection.prepare_cached(
        "INSERT INTO webhooks (id, company, enabled, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO NOTHING",
    )?;
    let body = row::body("webhook", webhook)?;
    put.execute(params![webhook.id.bytes(), webhook.company_id.bytes(), webhook.enabled, body])?;
    webhooks::write(writing, webhook)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SqliteConfig;

    /// What is moved, kind by kind, and the journals.
    const MOVED: [&str; 18] = [
        "agent_settings",
        "agent_status",
        "callbacks",
        "calls",
        "campaign_entries",
        "campaigns",
        "companies",
        "customer_imports",
        "customers",
        "invitations",
        "journal",
        "opening_keys",
        "password_resets",
        "refresh_tokens",
        "users",
        "webhook_deliveries",
        "webhook_outbox",
        "webhooks",
    ];
    /// What is made anew from it.
    const MADE: [&str; 10] = [
        "call_notes",
        "call_tallies",
        "call_words",
        "call_words_config",
        "call_words_data",
        "call_words_docsize",
        "call_words_idx",
        "journal_index",
        "journal_indexed",
        "sqlite_sequence",
    ];

    #[tokio::test]
    async fn no_table_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&SqliteConfig::new(dir.path())).unwrap();
        let tables = store.read(|connection| {
            let mut find =
                connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?;
            let names = find.query_map([], |found| found.get::<_, String>(0))?;
            Ok(names.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        let mut known = [&MOVED[..], &MADE].concat();
        known.sort_unstable();
        assert_eq!(tables.await.unwrap(), known, "say of a new table whether it is moved");
    }
}

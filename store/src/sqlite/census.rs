//! What an operator watches, counted.

use super::failure::Failure;
use crate::{Availability, Census, StoreError};
use rusqlite::Connection;
use tsunagu_call::Time;

const AGENTS: &str = "\
    SELECT coalesce(json_extract(t.body, '$.status'), '') doing, count(*) \
    FROM agent_settings s LEFT JOIN agent_status t ON t.user = s.user GROUP BY doing";

const SESSIONS: &str = "\
    SELECT count(DISTINCT family) FROM refresh_tokens WHERE expires > ?1 \
    AND NOT coalesce(json_extract(body, '$.spent'), 0) AND NOT coalesce(json_extract(body, '$.revoked'), 0)";

/// Counts.
pub fn take(connection: &Connection, now: Time) -> Result<Census, Failure> {
    let mut census = Census::default();
    let mut find = connection.prepare_cached(AGENTS)?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let doing = match row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)? {
            "" => Availability::default(),
            word => serde_json::from_value(word.into())
                .map_err(|error| StoreError::corrupt("agent status", error))?,
        };
        *census.agents.entry(doing).or_default() += row.get::<_, i64>(1)?.unsigned_abs();
    }
    let sessions: i64 = connection.prepare_cached(SESSIONS)?.query_row([now.millis()], |row| row.get(0))?;
    census.sessions = sessions.unsigned_abs();
    Ok(census)
}

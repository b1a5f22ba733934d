//! Agents in SQLite. What happens to a status is read, decided and written within one turn of the only writer, which
//! makes it one atomic step.

use super::{SqliteStore, failure::Failure, row, users, writer::Writing};
use crate::{
    AgentProfile, AgentSettings, AgentSettingsChange, AgentStatus, AgentStore, Availability, Freed,
    ProfileChange, ResultFigures, StoreError, User,
};
use async_trait::async_trait;
use rusqlite::{Connection, Params, params};
use tsunagu_call::{CallId, CompanyId, Time, UserId};

/// What became of an agent's calls; the index `calls_of_agent_results` holds all that it takes.
pub(super) const FIGURES: &str = "SELECT result, count(*), coalesce(sum(json_extract(body, '$.duration')), 0) FROM calls \
     WHERE company = ?1 AND agent = ?2 AND over = 1 AND started >= ?3 AND started < ?4 GROUP BY result ORDER BY result";

const NO_USER: StoreError = StoreError::NotFound { what: "user" };

#[async_trait]
impl AgentStore for SqliteStore {
    async fn candidates(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        let mut team = self.team(company).await?;
        team.retain(AgentProfile::is_candidate);
        Ok(team)
    }

    async fn team(&self, company: CompanyId) -> Result<Vec<AgentProfile>, StoreError> {
        self.read(move |connection| profiles(connection, "u.company = ?1 ORDER BY u.id", [company.bytes()]))
            .await
    }

    async fn agent(&self, company: CompanyId, user: UserId) -> Result<Option<AgentProfile>, StoreError> {
        let values = [company.bytes(), user.bytes()];
        let found =
            self.read(move |connection| profiles(connection, "u.company = ?1 AND u.id = ?2", values)).await?;
        Ok(found.into_iter().next())
    }

    async fn put_agent_settings(&self, settings: AgentSettings) -> Result<(), StoreError> {
        self.write(move |writing| {
            if company_of(writing.connection, settings.user_id)? != Some(settings.company_id) {
                return Err(NO_USER.into());
            }
            put_settings(writing, &settings)
        })
        .await
    }

    async fn change_agent_settings(
        &self,
        company: CompanyId,
        user: UserId,
        change: AgentSettingsChange,
    ) -> Result<AgentSettings, StoreError> {
        self.write(move |writing| {
            if company_of(writing.connection, user)? != Some(company) {
                return Err(NO_USER.into());
            }
            let query = "SELECT body FROM agent_settings WHERE user = ?1";
            let stored = row::find("agent settings", writing.connection, query, [user.bytes()])?;
            let mut settings: AgentSettings = stored.unwrap_or_else(|| AgentSettings::new(user, company));
            settings.change(change.clone());
            put_settings(writing, &settings)?;
            Ok(settings)
        })
        .await
    }

    async fn change_profile(
        &self,
        company: CompanyId,
        user: UserId,
        change: ProfileChange,
    ) -> Result<User, StoreError> {
        self.write(move |writing| {
            let query = "SELECT body FROM users WHERE id = ?1 AND company = ?2";
            let ids = [user.bytes(), company.bytes()];
            let stored: Option<User> = row::find("user", writing.connection, query, ids)?;
            let mut changed = stored.ok_or(NO_USER)?;
            changed.change(change.clone());
            users::replace(writing.connection, &changed)?;
            Ok(changed)
        })
        .await
    }

    async fn agent_figures(
        &self,
        company: CompanyId,
        agent: UserId,
        from: Option<Time>,
        to: Option<Time>,
    ) -> Result<Vec<ResultFigures>, StoreError> {
        self.read(move |connection| {
            let (from, to) = (from.map_or(i64::MIN, Time::millis), to.map_or(i64::MAX, Time::millis));
            let mut find = connection.prepare_cached(FIGURES)?;
            let found = find.query_map(params![company.bytes(), agent.bytes(), from, to], |found| {
                Ok(ResultFigures {
                    result: found.get(0)?,
                    count: row::unsigned(found.get(1)?),
                    duration_secs: row::unsigned(found.get(2)?),
                })
            })?;
            Ok(found.collect::<rusqlite::Result<Vec<_>>>()?)
        })
        .await
    }

    async fn set_agent_status(
        &self,
        company: CompanyId,
        user: UserId,
        status: Availability,
        now: Time,
    ) -> Result<AgentStatus, StoreError> {
        self.write(move |writing| {
            let mut stored = status_of(writing.connection, user)?.ok_or(NO_USER)?;
            if stored.company_id != company {
                return Err(NO_USER.into());
            }
            stored.set(status, now);
            put_status(writing, &stored)?;
            Ok(stored)
        })
        .await
    }

    async fn take_for_gone(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        self.write(move |writing| step(writing, agent, |status| status.take_for_gone(now))).await
    }

    async fn come_back(&self, agent: UserId, now: Time) -> Result<bool, StoreError> {
        // Most who come were here a moment ago; the only writer is not asked for them.
        let mine = move |status: AgentStatus| status.gone_from.is_some();
        let gone = self.read(move |connection| Ok(status_of(connection, agent)?.is_some_and(mine))).await?;
        Ok(gone && self.write(move |writing| step(writing, agent, |status| status.come_back(now))).await?)
    }

    async fn reserve_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.write(move |writing| promise(writing, agent, call, |status| status.reserve(call, until, now)))
            .await
    }

    async fn claim_agent(
        &self,
        agent: UserId,
        call: CallId,
        until: Time,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.write(move |writing| promise(writing, agent, call, |status| status.claim(call, until, now)))
            .await
    }

    async fn seat_agent(
        &self,
        agent: UserId,
        call: CallId,
        response_secs: u32,
        now: Time,
    ) -> Result<bool, StoreError> {
        self.write(move |writing| step(writing, agent, |status| status.seat(call, response_secs, now))).await
    }

    async fn free_agent(&self, agent: UserId, call: CallId, freed: Freed) -> Result<bool, StoreError> {
        self.write(move |writing| step(writing, agent, |status| status.free(call, freed))).await
    }

    async fn withdraw_promise(&self, agent: UserId, call: CallId) -> Result<bool, StoreError> {
        self.write(move |writing| step(writing, agent, |status| status.withdraw(call))).await
    }

    async fn release_expired(&self, now: Time) -> Result<Vec<UserId>, StoreError> {
        self.write(move |writing| {
            let mut find = writing
                .connection
                .prepare_cached("SELECT body FROM agent_status WHERE reserved_until <= ?1 ORDER BY user")?;
            let mut expired: Vec<AgentStatus> = row::documents("agent status", &mut find, [now.millis()])?;
            for status in &mut expired {
                status.expire(now);
                put_status(writing, status)?;
            }
            Ok(expired.into_iter().map(|status| status.user_id).collect())
        })
        .await
    }
}

/// Takes a status one step further, and keeps it if it took it. An unknown agent takes none.
fn step(
    writing: &Writing<'_>,
    agent: UserId,
    step: impl FnOnce(&mut AgentStatus) -> bool,
) -> Result<bool, Failure> {
    let Some(mut status) = status_of(writing.connection, agent)? else { return Ok(false) };
    let before = status.clone();
    let taken = step(&mut status);
    if status != before {
        put_status(writing, &status)?;
    }
    Ok(taken)
}

/// The same for a promise, which who is disabled is given to no new call by.
fn promise(
    writing: &Writing<'_>,
    agent: UserId,
    call: CallId,
    promise: impl FnOnce(&mut AgentStatus) -> bool,
) -> Result<bool, Failure> {
    let query = "SELECT body FROM users WHERE id = ?1";
    let user: Option<User> = row::find("user", writing.connection, query, [agent.bytes()])?;
    let disabled = user.is_none_or(|user| user.disabled);
    step(writing, agent, |status| (!disabled || status.is_of(call)) && promise(status))
}

/// A user's status, a new one where there is none; nothing for nobody.
fn status_of(connection: &Connection, user: UserId) -> Result<Option<AgentStatus>, Failure> {
    let query = "SELECT body FROM agent_status WHERE user = ?1";
    if let Some(status) = row::find("agent status", connection, query, [user.bytes()])? {
        return Ok(Some(status));
    }
    Ok(company_of(connection, user)?.map(|company| AgentStatus::new(user, company)))
}

pub(super) fn put_settings(writing: &Writing<'_>, settings: &AgentSettings) -> Result<(), Failure> {
    let mut put = writing
        .connection
        .prepare_cached("INSERT OR REPLACE INTO agent_settings (user, company, body) VALUES (?1, ?2, ?3)")?;
    let body = row::body("agent settings", settings)?;
    put.execute(params![settings.user_id.bytes(), settings.company_id.bytes(), body])?;
    Ok(())
}

pub(super) fn put_status(writing: &Writing<'_>, status: &AgentStatus) -> Result<(), Failure> {
    let mut put = writing.connection.prepare_cached(
        "INSERT OR REPLACE INTO agent_status (user, company, reserved_until, body) VALUES (?1, ?2, ?3, ?4)",
    )?;
    put.execute(params![
        status.user_id.bytes(),
        status.company_id.bytes(),
        status.reservation.map(|held| held.until.millis()),
        row::body("agent status", status)?,
    ])?;
    Ok(())
}

fn company_of(connection: &Connection, user: UserId) -> Result<Option<CompanyId>, Failure> {
    use rusqlite::OptionalExtension;
    let mut find = connection.prepare_cached("SELECT company FROM users WHERE id = ?1")?;
    Ok(find.query_row([user.bytes()], |found| row::id(found, 0)).optional()?)
}

fn profiles(connection: &Connection, which: &str, values: impl Params) -> Result<Vec<AgentProfile>, Failure> {
    let mut find = connection.prepare_cached(&format!(
        "SELECT u.body, s.body, t.body, (SELECT count(*) FROM calls c WHERE c.agent = u.id AND c.over = 0) \
         FROM users u LEFT JOIN agent_settings s ON s.user = u.id LEFT JOIN agent_status t ON t.user = u.id \
         WHERE {which}"
    ))?;
    let mut rows = find.query(values)?;
    let mut profiles = Vec::new();
    while let Some(found) = rows.next()? {
        let user: User = row::document_at("user", found, 0)?;
        let settings = row::optional_document_at("agent settings", found, 1)?;
        let status = row::optional_document_at("agent status", found, 2)?;
        profiles.push(AgentProfile::of(user, settings, status, found.get(3)?));
    }
    Ok(profiles)
}

//! Campaigns in SQLite.

use super::{
    SqliteStore, campaign_entries as entries,
    failure::{Failure, unless_duplicate},
    row::{self, List},
    writer::Writing,
};
use crate::{Campaign, CampaignChange, CampaignStep, CampaignStore, LIST_STEP, Page, Paging, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use tsunagu_call::{
    CampaignId, CompanyId, Time,
    campaign::{CampaignState, EntryState},
};

/// It is not as whoever asked believed.
const CHANGED: StoreError = StoreError::Changed { what: "campaign" };

#[async_trait]
impl CampaignStore for SqliteStore {
    async fn create_campaign(&self, campaign: Campaign) -> Result<(), StoreError> {
        self.write(move |writing| {
            let mut insert = writing.connection.prepare_cached(
                "INSERT INTO campaigns (id, company, state, driven, started, created, body) \
                 VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6)",
            )?;
            let written = insert.execute(params![
                campaign.id.bytes(),
                campaign.company_id.bytes(),
                campaign.state.as_str(),
                campaign.started_at.map(Time::millis),
                campaign.created_at.millis(),
                row::body("campaign", &campaign)?,
            ]);
            unless_duplicate(written, "campaign", "_id")?;
            Ok(())
        })
        .await
    }

    async fn campaign(&self, company: CompanyId, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
        self.read(move |connection| find(connection, company, id)).await
    }

    async fn campaigns(
        &self,
        company: CompanyId,
        state: Option<CampaignState>,
        paging: Paging,
    ) -> Result<Page<Campaign>, StoreError> {
        let (conditions, values) = row::all_of([
            ("company = ?", Some(row::blob(company))),
            ("state = ?", state.map(|state| state.as_str().to_owned().into())),
        ]);
        let list = List { table: "campaigns", conditions, values, order: "created DESC, id DESC" };
        self.read(move |connection| row::page("campaign", connection, &list, paging)).await
    }

    async fn change_campaign(
        &self,
        company: CompanyId,
        id: CampaignId,
        change: CampaignChange,
    ) -> Result<Campaign, StoreError> {
        self.write(move |writing| {
            let mut campaign = existing(writing, company, id)?;
            campaign.change(change.clone())?;
            if let Some(CampaignStep { to: CampaignState::Completed, .. }) = change.step
                && (has(writing, id, EntryState::Waiting)? || has(writing, id, EntryState::Calling)?)
            {
                return Err(CHANGED.into());
            }
            replace(writing, &campaign)?;
            match change.step.map(|step| step.to) {
                Some(CampaignState::Running | CampaignState::Stopped) => drive(writing, id, true)?,
                Some(CampaignState::Completed) => drive(writing, id, false)?,
                _ => {}
            }
            Ok(campaign)
        })
        .await
    }

    async fn delete_campaign(&self, company: CompanyId, id: CampaignId) -> Result<bool, StoreError> {
        // Nobody can start it any more; then its list goes step by step, so that no other write waits long.
        let closed = self.write(move |writing| {
            let Some(mut campaign) = find(writing.connection, company, id)? else { return Ok(false) };
            if campaign.state == CampaignState::Running || has(writing, id, EntryState::Calling)? {
                return Err(CHANGED.into());
            }
            if !campaign.state.is_over() {
                campaign.state = CampaignState::Stopped;
                replace(writing, &campaign)?;
            }
            drive(writing, id, false)?;
            Ok(true)
        });
        if !closed.await? {
            return Ok(false);
        }
        loop {
            let done = self.write(move |writing| {
                let mut some = writing.connection.prepare_cached(
                    "DELETE FROM campaign_entries WHERE position IN \
                     (SELECT position FROM campaign_entries WHERE campaign = ?1 LIMIT ?2)",
                )?;
                if some.execute(params![id.bytes(), row::signed(LIST_STEP as u64)])? > 0 {
                    return Ok(false);
                }
                writing
                    .connection
                    .prepare_cached("DELETE FROM campaigns WHERE id = ?1")?
                    .execute([id.bytes()])?;
                Ok(true)
            });
            if done.await? {
                return Ok(true);
            }
        }
    }

    async fn driven_campaigns(&self, limit: u32) -> Result<Vec<Campaign>, StoreError> {
        self.read(move |connection| {
            let query = "SELECT body FROM campaigns WHERE driven = 1 ORDER BY id LIMIT ?1";
            row::documents("campaign", &mut *connection.prepare_cached(query)?, [limit])
        })
        .await
    }

    async fn rest_campaign(&self, id: CampaignId) -> Result<bool, StoreError> {
        self.write(move |writing| {
            let query = "SELECT body FROM campaigns WHERE id = ?1";
            let found: Option<Campaign> = row::find("campaign", writing.connection, query, [id.bytes()])?;
            let Some(campaign) = found else { return Ok(true) };
            let busy = campaign.state == CampaignState::Running
                || has(writing, id, EntryState::Calling)?
                || (campaign.state == CampaignState::Stopped && has(writing, id, EntryState::Waiting)?);
            if !busy {
                drive(writing, id, false)?;
            }
            Ok(!busy)
        })
        .await
    }
}

/// A company's campaign that must be there.
pub fn existing(writing: &Writing<'_>, company: CompanyId, id: CampaignId) -> Result<Campaign, Failure> {
    find(writing.connection, company, id)?.ok_or(StoreError::NotFound { what: "campaign" }.into())
}

fn find(connection: &Connection, company: CompanyId, id: CampaignId) -> Result<Option<Campaign>, Failure> {
    let query = "SELECT body FROM campaigns WHERE id = ?1 AND company = ?2";
    row::find("campaign", connection, query, [id.bytes(), company.bytes()])
}

fn has(writing: &Writing<'_>, id: CampaignId, state: EntryState) -> Result<bool, Failure> {
    Ok(entries::count(writing.connection, id, Some(state), Some(1))? > 0)
}

fn replace(writing: &Writing<'_>, campaign: &Campaign) -> Result<(), Failure> {
    let mut update = writing
        .connection
        .prepare_cached("UPDATE campaigns SET state = ?2, started = ?3, body = ?4 WHERE id = ?1")?;
    update.execute(params![
        campaign.id.bytes(),
        campaign.state.as_str(),
        campaign.started_at.map(Time::millis),
        row::body("campaign", campaign)?,
    ])?;
    Ok(())
}

fn drive(writing: &Writing<'_>, id: CampaignId, driven: bool) -> Result<(), Failure> {
    let mut update = writing.connection.prepare_cached("UPDATE campaigns SET driven = ?2 WHERE id = ?1")?;
    update.execute(params![id.bytes(), driven])?;
    Ok(())
}

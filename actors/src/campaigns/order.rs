//! An order to a campaign: start, pause, resume, stop.

use super::windows::{next_opening, windows};
use crate::Ports;
use tsunagu_call::{
    CampaignId, CompanyId,
    campaign::{CampaignOrder, CampaignRefusal, CampaignState, PauseReason},
};
use tsunagu_store::{Campaign, CampaignChange, CampaignStep, Paging, StoreError};

/// How often an order is given anew because the campaign changed in the same moment.
const ATTEMPTS: u32 = 3;

/// Why an order was not obeyed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OrderError {
    /// There is no such campaign.
    #[error("there is no such campaign")]
    NotFound,
    /// It does not fit where the campaign is.
    #[error(transparent)]
    Refused(#[from] CampaignRefusal),
    /// There is nobody on its list.
    #[error("there is nobody on the campaign's list")]
    NoCustomers,
    /// Its hours never come.
    #[error("the campaign's hours and the company's have no minute in common")]
    NoHours,
    /// The agent it speaks for is not there.
    #[error("the agent for whom the campaign speaks does not work at the company")]
    NoAgent,
    /// The store did not do its part.
    #[error("the campaign could not be read or written")]
    Store(#[from] StoreError),
}

/// Gives a campaign an order, and tells how it stands then. From the answer on nobody is claimed of a campaign that was
/// paused or stopped.
///
/// # Errors
/// It does not fit, or could not be carried out.
pub async fn order_campaign(
    ports: &Ports,
    company: CompanyId,
    id: CampaignId,
    order: CampaignOrder,
) -> Result<Campaign, OrderError> {
    for attempt in 1.. {
        let campaign = ports.store.campaign(company, id).await?.ok_or(OrderError::NotFound)?;
        let to = campaign.state.obey(order)?;
        if to == campaign.state {
            return Ok(campaign);
        }
        if to == CampaignState::Running {
            check_ready(ports, &campaign).await?;
        }
        let reason = (to == CampaignState::Paused).then_some(PauseReason::Asked);
        let step = CampaignStep { from: campaign.state, to, reason, now: ports.clock.now() };
        let change = CampaignChange { step: Some(step), ..CampaignChange::default() };
        match ports.store.change_campaign(company, id, change).await {
            Err(StoreError::Changed { .. }) if attempt < ATTEMPTS => {}
            result => return Ok(result?),
        }
    }
    Err(OrderError::NotFound)
}

/// Refuses to start what would pause itself at once.
async fn check_ready(ports: &Ports, campaign: &Campaign) -> Result<(), OrderError> {
    let store = &ports.store;
    let company = store.company(campaign.company_id).await?.ok_or(OrderError::NotFound)?;
    if store.campaign_entries(campaign.id, None, Paging::new(1, 1)).await?.total == 0 {
        return Err(OrderError::NoCustomers);
    }
    if next_opening(&windows(campaign, &company), ports.clock.now()).is_none() {
        return Err(OrderError::NoHours);
    }
    if let Some(agent) = campaign.script.agent_id {
        let agent = store.agent(campaign.company_id, agent).await?;
        agent.filter(|agent| !agent.disabled).ok_or(OrderError::NoAgent)?;
    }
    Ok(())
}

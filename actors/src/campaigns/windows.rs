//! The hours of a campaign: the company's, and its own within them.

use tsunagu_call::{CallingWindow, campaign};
use tsunagu_store::{CallingHours, Campaign, Company};

/// When customers of the campaign may be rung. Hours that cannot be read are never open.
pub(super) fn windows(campaign: &Campaign, company: &Company) -> Vec<CallingWindow> {
    let hours = [company.settings.calling_hours.as_ref(), campaign.hours.as_ref()];
    hours.into_iter().flatten().map(|hours| window(hours, &company.settings.timezone)).collect()
}

/// The first moment at which all of them are open.
pub(super) fn next_opening(
    windows: &[CallingWindow],
    from: tsunagu_call::Time,
) -> Option<tsunagu_call::Time> {
    campaign::next_opening(windows, from)
}

fn window(hours: &CallingHours, zone: &str) -> CallingWindow {
    hours.window(zone).unwrap_or_else(|error| {
        tracing::warn!(%error, "calling hours cannot be read; nobody is rung");
        CallingWindow::never()
    })
}

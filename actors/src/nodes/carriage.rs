//! What other nodes tell, for the screens of this one.

use crate::HubHandle;

/// Goes on for as long as it is run.
pub(crate) async fn hear_others(hub: HubHandle) {
    let Some(exchange) = hub.exchange() else { return };
    loop {
        let (company, news) = exchange.next().await;
        hub.hear(company, news).await;
    }
}

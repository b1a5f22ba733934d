//! How a store ends.

use super::fixture::*;
use crate::StoreError;

pub async fn a_closed_store_refuses(store: Shared) {
    open(&store, 1, 1).await;
    store.check().await.unwrap();
    store.close().await.unwrap();
    let refused = |error: StoreError| assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    refused(store.check().await.unwrap_err());
    refused(store.commit(adding(1, 3, 3)).await.unwrap_err());
    refused(store.find_call(id(1)).await.unwrap_err());
    store.close().await.unwrap();
}

//! The demo, while one runs: people look at its personas, have one of them rung, and play the customer themselves.
//!
//! persona → [`call`]: a customer with its number → the ordinary command → the sandbox carrier, at which [`visitor`] speaks
//!
//! Elsewhere none of this is mounted, nor described.

mod call;
mod show;
mod visitor;

use crate::{envelope::method_not_allowed, error::ApiError};
use actix_web::web::{self, ServiceConfig};
use reqwest::{Client, StatusCode};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use tsunagu_carrier::sandbox::persona::{Cast, Persona, Role};
use utoipa::OpenApi;

/// Where the routes are.
pub(crate) const SCOPE: &str = "/api/demo";
/// How long the sandbox, which is on the same machine, may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the routes take and give.
#[derive(OpenApi)]
#[openapi(paths(show::show, call::call, visitor::say, visitor::hang_up))]
pub(crate) struct Docs;

/// The demo that runs: who can be rung, and where the sandbox carrier listens.
#[derive(Debug, Clone)]
pub struct Demo {
    cast: Arc<Cast>,
    /// Without a slash at its end.
    sandbox: Arc<str>,
    client: Client,
}

/// The demo cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("the client of the sandbox carrier cannot be made")]
pub struct DemoError(#[from] reqwest::Error);

impl Demo {
    /// A demo of this cast at this sandbox carrier (`http://host:port`).
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn new(cast: Cast, sandbox: &str) -> Result<Self, DemoError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Err: another thread was quicker, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        // It stands on this machine and speaks no TLS.
        let client = Client::builder().tls_certs_only([]).no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { cast: Arc::new(cast), sandbox: sandbox.trim_end_matches('/').into(), client })
    }

    /// The customers who can be rung: those who answer by themselves, and those whom a visitor plays.
    fn customers(&self) -> impl Iterator<Item = &Persona> {
        self.cast.iter().filter(|one| one.role() == Role::Customer && (!one.is_manual() || is_visitor(one)))
    }

    /// Has the person on a leg do something: `say` or `hangup`.
    async fn order(&self, call_sid: &str, act: &str, what: &(impl Serialize + Sync)) -> Result<(), ApiError> {
        let url = format!("{}/sandbox/v1/calls/{call_sid}/{act}", self.sandbox);
        let answer = self.client.post(url).json(what).send().await;
        let answer = answer.map_err(|error| ApiError::Carrier(error.without_url().into()))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::BAD_REQUEST => Err(not_there()),
            StatusCode::TOO_MANY_REQUESTS => Err(ApiError::overloaded()),
            status => Err(ApiError::Carrier(format!("the sandbox carrier answered {status}").into())),
        }
    }
}

/// Whether somebody at a screen plays this one, and is given time for it.
fn is_visitor(persona: &Persona) -> bool {
    persona.is_manual() && !persona.unhurried().is_zero()
}

/// The customer has not picked up yet, or is gone.
fn not_there() -> ApiError {
    ApiError::Conflict { code: "customer_not_there", sentence: "the customer is not on the line".into() }
}

/// The routes under `/api/demo`.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let on = |path: &str, route: actix_web::Route, method: &'static str| {
        web::resource(path).route(route).default_service(method_not_allowed(method))
    };
    service
        .service(on("", web::get().to(show::show), "GET"))
        .service(on("/calls", web::post().to(call::call), "POST"))
        .service(on("/calls/{call}/say", web::post().to(visitor::say), "POST"))
        .service(on("/calls/{call}/hangup", web::post().to(visitor::hang_up), "POST"));
}

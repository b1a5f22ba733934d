//! What the handlers share, and where each of them answers.

use crate::{
    agents, auth, browser, callbacks, calls, campaigns, company, customers, dashboard, demo, envelope,
    health, invitations, limits, metrics, openapi, twilio, users, webhooks,
};
use actix_web::{
    dev::HttpServiceFactory,
    middleware::{Compress, from_fn},
    web,
};
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use tsunagu_actors::{CallDefaults, CampaignDesk, DeliveryDesk, Switchboard};
use tsunagu_advisor::Advisor;
use tsunagu_twiml::signature::Verifier;

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    /// Live calls, and the ports behind them.
    pub board: Switchboard,
    /// Where campaigns are driven from.
    pub campaigns: CampaignDesk,
    /// What every call has in common.
    pub defaults: Arc<CallDefaults>,
    /// Signs and checks the tokens of those who sign in.
    pub secrets: Arc<auth::Secrets>,
    /// Checks the carrier's signatures.
    pub verifier: Arc<Verifier>,
    /// How we speak on the telephone.
    pub voices: Arc<twilio::Voices>,
    /// The address at which the carrier reaches us, without a slash at its end: what it signs begins with it.
    pub base_url: Arc<str>,
    /// The lists of customers that are being taken over.
    pub imports: Arc<customers::Imports>,
    /// Pages of these origins may ask us, beside our own.
    pub origins: Arc<[String]>,
    /// Posts to the companies' receivers what happens.
    pub deliveries: DeliveryDesk,
    /// Where it may be posted to.
    pub targets: webhooks::Targets,
    /// Calls go to a sandbox carrier of our own: nobody is really rung.
    pub simulated: bool,
    /// The demo, where this server runs one.
    pub demo: Option<demo::Demo>,
    /// A language model that may be asked, where one is set.
    pub advisor: Option<Advisor>,
    /// The metrics of this process, where they are gathered.
    pub metrics: Option<PrometheusHandle>,
}

impl App {
    /// Puts every route in its place.
    pub fn configure(&self, service: &mut web::ServiceConfig) {
        service
            .app_data(web::Data::new(self.clone()))
            .app_data(web::PayloadConfig::new(limits::WEBHOOK_BODY))
            .app_data(envelope::json_config())
            .app_data(envelope::query_config())
            .app_data(envelope::path_config())
            .service(web::scope("/api/twilio").configure(twilio::routes))
            .service(web::scope("/health").configure(health::routes))
            .app_data(web::Data::new(metrics::LastCount::default()))
            .route("/metrics", web::get().to(metrics::show))
            .service(self.for_people())
            // What the scopes within ask as well.
            .default_service(web::to(envelope::not_found));
    }

    /// What browsers and other clients of people ask.
    fn for_people(&self) -> impl HttpServiceFactory + use<> {
        let https = self.base_url.starts_with("https:");
        let demo = self.demo.clone();
        let described = demo.is_some();
        web::scope("")
            .service(web::scope("/api/auth").configure(auth::routes))
            .service(web::scope("/api/calls").configure(calls::routes))
            .service(web::scope("/api/callbacks").configure(callbacks::routes))
            .service(web::scope("/api/campaigns").configure(campaigns::routes))
            .service(web::scope("/api/agents").configure(agents::routes))
            .service(web::scope("/api/customers").configure(customers::routes))
            .service(web::scope("/api/company").configure(company::routes))
            .service(web::scope("/api/users").configure(users::routes))
            .service(web::scope("/api/invitations").configure(invitations::routes))
            .service(web::scope("/api/webhooks").configure(webhooks::routes))
            .configure(move |service| {
                if let Some(demo) = demo {
                    let demo = web::Data::new(demo);
                    service.service(web::scope(demo::SCOPE).app_data(demo).configure(demo::routes));
                }
            })
            .configure(move |service| openapi::routes(service, described))
            .configure(dashboard::routes)
            .default_service(web::to(dashboard::elsewhere))
            .wrap(from_fn(browser::tag))
            .wrap(Compress::default())
            .wrap(from_fn(move |request, next| browser::protect(https, request, next)))
            .wrap(browser::cors(&self.origins))
    }
}

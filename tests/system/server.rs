//! The server as a process.

use crate::{
    client::Client,
    port,
    program::Program,
    sandbox::{ACCOUNT, OUR_NUMBER, Sandbox, TOKEN},
    site::{ADMIN, EMAIL, PASSWORD, Site},
};
use jiff::Timestamp;

/// What signs tokens.
pub const SECRET: &str = "a-secret-of-the-tests-that-is-long-enough";

/// By a clock that is many times as fast a busy machine is as many times as late, by which no bridging shall fail. Where events are
/// lost, a test says less: so that the carrier is asked before people have said goodbye.
const BRIDGING_SECS: u32 = 60;

pub struct Server {
    pub program: Program,
    env: Vec<(&'static str, String)>,
}

impl Server {
    /// Starts one on a site's data, with the sandbox as its carrier and the same clock, and with further settings.
    pub fn with(
        site: &Site,
        sandbox: &Sandbox,
        speed: u32,
        anchor: Timestamp,
        settings: &[(&'static str, &str)],
    ) -> Self {
        let mut env = vec![
            ("PORT", port::free().to_string()),
            ("TSUNAGU_SERVER__HOST", "127.0.0.1".to_owned()),
            ("TSUNAGU_SERVER__DRAIN_SECS", "1".to_owned()),
            ("JWT_SECRET", SECRET.to_owned()),
            ("TWILIO_ACCOUNT_SID", ACCOUNT.to_owned()),
            ("TWILIO_AUTH_TOKEN", TOKEN.to_owned()),
            ("TWILIO_PHONE_NUMBER", OUR_NUMBER.to_owned()),
            ("TWILIO_API_BASE_URL", sandbox.program.url.clone()),
            ("TSUNAGU_CLOCK__RATE", speed.to_string()),
            ("TSUNAGU_CLOCK__ANCHOR", anchor.to_string()),
            ("TSUNAGU_CALLS__BRIDGING_SECS", BRIDGING_SECS.to_string()),
        ];
        env.extend(site.home.settings());
        env.extend(settings.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let program = Program::start(&["serve", "--announce"], &env);
        Self { program, env }
    }

    /// Starts it again on the same port and data after it was killed.
    pub fn restart(&mut self) {
        let port = self.program.port().to_string();
        self.env.retain(|(name, _)| *name != "PORT");
        self.env.push(("PORT", port));
        self.program = Program::start(&["serve", "--announce"], &self.env);
    }

    /// Starts it again on the same port, on other data.
    pub fn restart_on(&mut self, dir: &str) {
        self.env.retain(|(name, _)| *name != "DATA_DIR");
        self.env.push(("DATA_DIR", dir.to_owned()));
        self.restart();
    }

    /// The client of the company's admin.
    pub async fn admin(&self) -> Client {
        Client::sign_in(&self.program.url, ADMIN, PASSWORD).await
    }

    pub async fn client(&self) -> Client {
        Client::sign_in(&self.program.url, EMAIL, PASSWORD).await
    }
}

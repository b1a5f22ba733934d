//! Where webhooks may be posted to: looked at when one is registered, and again at every connection, by the address that is
//! connected to.

use super::address;
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

/// The longest address of a receiver, in characters.
pub(super) const URL_LONGEST: usize = 2048;
/// How long the search for a host may take.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Where webhooks may be posted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Targets {
    /// Into private networks and to this machine as well.
    pub allow_private: bool,
    /// Without TLS as well.
    pub allow_http: bool,
}

/// An address may not be posted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the host is {0}")]
pub(super) struct NotAllowed(pub &'static str);

/// Why a receiver cannot be registered or reached, in words for the company's admins.
pub(super) type Why = String;

impl Targets {
    /// Reads the address of a receiver.
    pub(super) fn read(self, text: &str) -> Result<Url, Why> {
        let url = Url::parse(text).map_err(|_| "is no URL".to_owned())?;
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            "http" => return Err("must begin with https://".to_owned()),
            _ => return Err("must be a URL of https".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a name or a password".to_owned());
        }
        if url.fragment().is_some() {
            return Err("must not hold a fragment".to_owned());
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("must name a host".to_owned());
        }
        if let Some(address) = literal(&url) {
            self.allow(address).map_err(|error| error.to_string())?;
        }
        Ok(url)
    }

    /// Reads the address of a receiver, and finds its host.
    pub(super) async fn find(self, text: &str) -> Result<Url, Why> {
        let url = self.read(text)?;
        if let (None, Some(host)) = (literal(&url), url.host_str()) {
            self.look_up(host).await?;
        }
        Ok(url)
    }

    /// The addresses of a host, of which each must be allowed: a name that is half in here is not trusted with the rest.
    async fn look_up(self, host: &str) -> Result<Vec<SocketAddr>, Why> {
        let search = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((host, 0)));
        let found: Vec<_> = match search.await {
            Ok(Ok(found)) => found.collect(),
            Ok(Err(_)) | Err(_) => Vec::new(),
        };
        if found.is_empty() {
            return Err("the host cannot be found".to_owned());
        }
        for address in &found {
            self.allow(address.ip()).map_err(|error| error.to_string())?;
        }
        Ok(found)
    }

    fn allow(self, address: IpAddr) -> Result<(), NotAllowed> {
        if self.allow_private { Ok(()) } else { address::check(address).map_err(NotAllowed) }
    }
}

/// What is connected to is what was looked at: there is no second look-up behind this one.
impl Resolve for Targets {
    fn resolve(&self, name: Name) -> Resolving {
        let targets = *self;
        Box::pin(async move {
            let found = targets.look_up(name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The host, when it is an address: such a one is never looked up.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Targets = Targets { allow_private: false, allow_http: false };

    #[test]
    fn receivers_on_the_internet_are_taken() {
        for text in
            ["https://hooks.example.jp/a?b=c", "https://93.184.216.34:8443/", "https://[2606:2800::1]/x"]
        {
            assert!(STRICT.read(text).is_ok(), "{text}");
        }
        assert!(Targets { allow_http: true, ..STRICT }.read("http://example.jp/").is_ok());
        assert!(Targets { allow_private: true, ..STRICT }.read("https://127.0.0.1/").is_ok());
    }

    #[test]
    fn all_else_is_refused_however_it_is_written() {
        for text in [
            "",
            "hook",
            "https://",
            "http://example.jp/",
            "ftp://example.jp/",
            "file:///etc/passwd",
            "gopher://x/",
            "https://user:secret@example.jp/",
            "https://user@example.jp/",
            "https://example.jp/#part",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://017700000001/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fd00::1]/",
            "https://169.254.169.254/latest/",
            "https://10.1.2.3/",
            "https://100.64.0.1/",
            "https://0/",
            "https://[64:ff9b::7f00:1]/",
        ] {
            assert!(STRICT.read(text).is_err(), "{text}");
        }
    }

    #[actix_web::test]
    async fn a_name_is_refused_for_the_address_behind_it() {
        let refused = STRICT.find("https://localhost/hook").await;
        assert_eq!(refused, Err("the host is a loopback address".to_owned()));
        let name = "localhost".parse().unwrap();
        assert!(Resolve::resolve(&STRICT, name).await.is_err());
        let open = Targets { allow_private: true, ..STRICT };
        assert!(open.find("https://localhost/hook").await.is_ok());
    }
}

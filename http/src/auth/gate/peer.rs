//! From where a request comes: the connection's other end, or what a proxy that we trust says was its other end.

use crate::{App, error::ApiError};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use ipnet::IpNet;
use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr},
};

/// The address from which a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(pub IpAddr);

/// The proxies whose word is taken for where a request comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxies(pub Vec<IpNet>);

impl Proxies {
    /// The client behind a connection from `peer`. Each proxy adds at the end of `X-Forwarded-For` whom it heard; from
    /// the end on, the first who is no proxy of ours is the client, and what stands before is that client's own tale.
    fn client(&self, peer: IpAddr, forwarded: &[&str]) -> IpAddr {
        let mut client = peer.to_canonical();
        for heard in forwarded.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.trusts(client) {
                break;
            }
            match address(heard) {
                Some(before) => client = before,
                None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }
}

/// An address as proxies write it, some of them with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse().ok().map(|socket: std::net::SocketAddr| socket.ip());
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

impl FromRequest for Peer {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(app) = request.app_data::<web::Data<App>>() else {
            return ready(Err(ApiError::Internal("the app is not configured")));
        };
        // Without an address (a connection that is gone) all count as one.
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let forwarded: Vec<_> =
            request.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
        ready(Ok(Self(app.secrets.proxies.client(peer, &forwarded))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"].map(|net| net.parse().unwrap());
        Proxies(proxies.to_vec()).client(peer.parse().unwrap(), forwarded).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(
            Proxies::default().client("10.0.0.1".parse().unwrap(), &["1.2.3.4"]).to_string(),
            "10.0.0.1"
        );
    }

    #[test]
    fn a_proxy_is_and_only_as_far_as_it_saw() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1,10.9.9.9 , 192.0.2.7"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["10.2.2.2, 10.3.3.3"]), "10.2.2.2");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_way() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, rubbish"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["rubbish, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["[2001:db9::1]:4711"]), "2001:db9::1");
        assert_eq!(client("10.0.0.1", &["[2001:db9::1]"]), "2001:db9::1");
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }
}

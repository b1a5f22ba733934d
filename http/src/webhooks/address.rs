//! Which addresses are on the public internet: the rule by which a receiver may be reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Refuses what is not a public unicast address, by IANA's registries of special-purpose addresses (RFC 6890).
///
/// # Errors
/// What the address is instead.
pub(super) fn check(address: IpAddr) -> Result<(), &'static str> {
    let special = match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    };
    special.map_or(Ok(()), Err)
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    Some(match (a, b, c) {
        (0, ..) => "an unspecified address",
        (127, ..) => "a loopback address",
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => "a private address",
        (100, 64..=127, _) => "an address shared behind a carrier's NAT",
        (169, 254, _) => "a link-local address",
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => {
            "an address set aside for special use"
        }
        (224..=239, ..) => "a multicast address",
        (240..=255, ..) => "a reserved address",
        _ => return None,
    })
}

/// Global unicast is 2000::/3, and of that not what holds an IPv4 address or is set aside. All else (loopback, unique local,
/// link-local, multicast, mapped IPv4, NAT64) lies outside of it.
fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(special_v4(mapped).unwrap_or("an IPv4 address in IPv6's clothes"));
    }
    let [first, second, ..] = address.segments();
    Some(match (first, second) {
        (0, 0) if address.is_loopback() => "a loopback address",
        (0, 0) if address.is_unspecified() => "an unspecified address",
        (0x64, 0xff9b) => "a NAT64 address",
        (0xfc00..=0xfdff, _) => "a private address",
        (0xfe80..=0xfebf, _) => "a link-local address",
        (0xff00..=0xffff, _) => "a multicast address",
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff) => {
            "an address set aside for special use"
        }
        (0x2000..=0x3fff, _) => return None,
        _ => "a reserved address",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_are_taken() {
        for address in
            ["93.184.216.34", "8.8.8.8", "100.63.0.1", "172.32.0.1", "2606:2800:220:1::1", "2001:200::1"]
        {
            assert_eq!(check(address.parse().unwrap()), Ok(()), "{address}");
        }
    }

    #[test]
    fn all_others_are_refused() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "127.0.0.1",
            "127.255.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "4000::1",
            "5f00::1",
        ] {
            assert!(check(address.parse().unwrap()).is_err(), "{address}");
        }
    }
}

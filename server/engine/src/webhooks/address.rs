//! Where may an event be sent? The server stands inside a network that its users may not reach, so an address that somebody types must not
//! lead there: never to a machine's own services and to those that hand out a cloud machine's keys, and to private networks only where the
//! installation says so. Names are looked up before every attempt, and the connection goes to the addresses that were looked at.

use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Characters of an address.
const LONGEST: usize = 2000;

/// An address as somebody typed it, or what is wrong with it. Says nothing yet of what a name leads to.
pub(super) fn read(text: &str, private: bool) -> Result<Url, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(format!("must have 1 to {LONGEST} characters"));
    }
    let url = Url::parse(text).map_err(|_| "is not an address such as https://example.com/path".to_owned())?;
    match url.scheme() {
        "https" => {}
        "http" if private => {}
        "http" => return Err("must begin with https://".to_owned()),
        _ => return Err("is not an address such as https://example.com/path".to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a name or a password".to_owned());
    }
    if url.fragment().is_some() {
        return Err("must not have a part after #".to_owned());
    }
    match literal(&url) {
        Some(ip) if !may_reach(ip, private) => Err(refused(ip)),
        _ => Ok(url),
    }
}

pub(super) fn host(url: &str) -> String {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_default()
}

/// Why a connection cannot be begun.
#[derive(Debug)]
pub(super) enum NoWay {
    /// It never may.
    Refused(String),
    /// The name leads nowhere at the moment.
    Unknown(String),
}

/// The addresses behind a URL, each of which may be reached. One that may not refuses all of them.
pub(super) async fn look_up(url: &Url, private: bool) -> Result<Vec<SocketAddr>, NoWay> {
    let port = url.port_or_known_default().unwrap_or(443);
    let found = match literal(url) {
        Some(ip) => vec![SocketAddr::new(ip, port)],
        None => {
            let host = url.host_str().unwrap_or_default();
            let found = tokio::net::lookup_host((host, port)).await;
            found
                .map_err(|_| NoWay::Unknown("The name of the receiver cannot be looked up.".to_owned()))?
                .collect()
        }
    };
    if found.is_empty() {
        return Err(NoWay::Unknown(
            "The name of the receiver cannot be looked up.".to_owned(),
        ));
    }
    match found.iter().find(|address| !may_reach(address.ip(), private)) {
        Some(address) => Err(NoWay::Refused(refused(address.ip()))),
        None => Ok(found),
    }
}

fn refused(ip: IpAddr) -> String {
    if never(plain(ip)) {
        format!("leads to {ip}: nothing is sent there")
    } else {
        format!("leads to {ip}: it is in a private network, which this installation does not send to")
    }
}

/// The host as a number, however it was written.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn may_reach(ip: IpAddr, private: bool) -> bool {
    let ip = plain(ip);
    !never(ip) && (private || !is_private(ip))
}

/// The address of version 4 that one of version 6 stands for, where it does.
fn plain(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = ip else { return ip };
    if let Some(four) = six.to_ipv4_mapped() {
        return IpAddr::V4(four);
    }
    let parts = six.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // Translated by a gateway, of tunnels, and the form that is no longer used.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => four(high, low),
        [0x2002, high, low, ..] => four(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if (high, low) != (0, 0) && (high, low) != (0, 1) => four(high, low),
        _ => ip,
    }
}

/// Link-local addresses, where machines of a cloud learn their keys; what is no address of one machine; and such services by their own number.
fn never(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(four) => {
            let [a, b, ..] = four.octets();
            a == 0
                || a >= 224
                || four.is_link_local()
                || (a, b) == (192, 0) && four.octets()[2] == 0
                || four == Ipv4Addr::new(100, 100, 100, 200)
                || four == Ipv4Addr::new(168, 63, 129, 16)
        }
        IpAddr::V6(six) => {
            let first = six.segments()[0];
            six.is_unspecified()
                || first & 0xffc0 == 0xfe80
                || first & 0xff00 == 0xff00
                || six == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
        }
    }
}

/// This machine, and networks that are nobody else's.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(four) => {
            let [a, b, ..] = four.octets();
            four.is_loopback() || four.is_private() || (a == 100 && b & 0xc0 == 64) || (a == 198 && b & 0xfe == 18)
        }
        IpAddr::V6(six) => {
            let first = six.segments()[0];
            six.is_loopback() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfec0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_machines_are_reached_unless_the_installation_says_so() {
        for (ip, public, private) in [
            ("93.184.216.34", true, true),
            ("2606:2800:220:1::1", true, true),
            ("127.0.0.1", false, true),
            ("10.1.2.3", false, true),
            ("172.31.0.1", false, true),
            ("192.168.1.1", false, true),
            ("100.64.0.1", false, true),
            ("::1", false, true),
            ("fd12::1", false, true),
            ("::ffff:10.0.0.1", false, true),
            ("64:ff9b::7f00:1", false, true),
            ("2002:c0a8:101::1", false, true),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("64:ff9b::a9fe:a9fe", false, false),
            ("fe80::1", false, false),
            ("fd00:ec2::254", false, false),
            ("100.100.100.200", false, false),
            ("0.0.0.0", false, false),
            ("::", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
        ] {
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!((may_reach(ip, false), may_reach(ip, true)), (public, private), "{ip}");
        }
    }

    #[test]
    fn an_address_is_read_however_it_is_dressed_up() {
        let fault = |text: &str| read(text, false).unwrap_err();
        assert!(fault("http://example.com").contains("https://"));
        for hidden in [
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::ffff:127.0.0.1]/x",
            "https://127.0.0.1:8443",
        ] {
            assert!(fault(hidden).contains("private network"), "{hidden}");
        }
        assert!(fault("https://169.254.169.254/latest").contains("nothing is sent there"));
        assert!(read("http://169.254.169.254/", true).is_err());
        for bad in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "javascript:alert(1)",
            "https://a:b@example.com/",
            "https://example.com/#x",
        ] {
            assert!(read(bad, true).is_err(), "{bad}");
        }
        assert_eq!(
            read(" https://example.com/hook?key=1 ", false).unwrap().as_str(),
            "https://example.com/hook?key=1"
        );
        assert!(read("http://localhost:9000/hook", true).is_ok());
        assert_eq!(host("https://example.com/hook?key=1"), "example.com");
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_leads_to() {
        let url = Url::parse("https://localhost:8443/").unwrap();
        assert!(matches!(look_up(&url, false).await, Err(NoWay::Refused(_))));
        let found = look_up(&url, true).await.unwrap();
        assert!(
            found
                .iter()
                .all(|address| address.port() == 8443 && address.ip().is_loopback())
        );
        let nowhere = Url::parse("https://nobody.invalid/").unwrap();
        assert!(matches!(look_up(&nowhere, true).await, Err(NoWay::Unknown(_))));
    }
}

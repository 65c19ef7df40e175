//! Networks that addresses are in, such as `192.0.2.0/24`: where an API key may be used, and which proxies are ours.

use std::fmt;
use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;

use crate::account::InvalidInput;

/// Networks of one list.
pub const NETWORKS_MAX: usize = 20;

/// Some networks; an address on its own is one too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads networks as people write them. Bits behind a prefix do not matter.
    ///
    /// # Errors
    /// [`InvalidInput`] with a sentence, when one cannot be read or there are more than [`NETWORKS_MAX`].
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidInput> {
        let invalid = |message: String| InvalidInput { field: "networks", code: "INVALID", message };
        let mut networks = Vec::new();
        for text in texts.into_iter().map(str::trim) {
            let network = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
            let network = network.map(|network: IpNet| canonical(network).trunc());
            let wrong =
                || format!("{text:?} is no network: write one such as 192.0.2.0/24 or 2001:db8::/32.");
            networks.push(network.ok_or_else(|| invalid(wrong()))?);
            if networks.len() > NETWORKS_MAX {
                return Err(invalid(format!("{NETWORKS_MAX} networks are the most.")));
            }
        }
        networks.sort_unstable();
        networks.dedup();
        Ok(Self(networks))
    }

    /// Whether the address is in one of them. An IPv4 address that is written as an IPv6 one is the same.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each as text.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(IpNet::to_string)
    }
}

/// What is not the Internet: networks of one house, of one machine, of documents and of tricks, see IANA's registries of
/// special-purpose addresses. Of IPv6 only 2000::/3 is given out at all.
const SPECIAL: [&str; 21] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "::/3",
    "4000::/2",
    "8000::/1",
];

/// Whether an address is one of the Internet, and none of a network of ours that nobody outside may have us ask.
pub fn is_public(address: IpAddr) -> bool {
    static KNOWN: LazyLock<Vec<IpNet>> =
        LazyLock::new(|| SPECIAL.iter().filter_map(|text| text.parse().ok()).collect());
    let address = address.to_canonical();
    !KNOWN.iter().any(|network| network.contains(&address))
}

/// A network of IPv4 addresses that is written as one of IPv6 addresses is that of IPv4.
fn canonical(network: IpNet) -> IpNet {
    const MAPPED_BITS: u8 = 96;
    match (network.addr().to_canonical(), network.prefix_len().checked_sub(MAPPED_BITS)) {
        (address @ IpAddr::V4(_), Some(prefix)) if matches!(network, IpNet::V6(_)) => {
            IpNet::new(address, prefix).unwrap_or(network)
        }
        _ => network,
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, network) in self.0.iter().enumerate() {
            write!(formatter, "{}{network}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// Who sent a request that came by proxies of ours: `forwarded` is what they say, the last one last. What somebody else
/// put in front of that is not believed.
pub fn sender<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    proxies: &Networks,
) -> IpAddr {
    let mut sender = peer.to_canonical();
    for text in forwarded.rev() {
        if !proxies.contain(sender) {
            break;
        }
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        sender = address.to_canonical();
    }
    sender
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(texts: &[&str]) -> Networks {
        Networks::parse(texts.iter().copied()).unwrap()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_the_internet_is_known() {
        assert!(SPECIAL.iter().all(|text| text.parse::<IpNet>().is_ok()));
        for public in
            ["1.1.1.1", "9.255.255.255", "172.32.0.1", "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8"]
        {
            assert!(is_public(address(public)), "{public}");
        }
        for special in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.31.255.255",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!is_public(address(special)), "{special}");
        }
    }

    #[test]
    fn an_address_is_in_a_network_or_not() {
        for (network, inside, outside) in [
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
            ("192.0.2.77/24", "192.0.2.1", "192.0.1.255"),
            (" 192.0.2.7 ", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7", "::ffff:192.0.2.7", "::ffff:192.0.2.8"),
            ("::ffff:192.0.2.0/120", "192.0.2.9", "192.0.3.9"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
        ] {
            let networks = networks(&[network]);
            assert!(networks.contain(address(inside)), "{network}, {inside}");
            assert!(!networks.contain(address(outside)), "{network}, {outside}");
        }
        assert!(!Networks::default().contain(address("192.0.2.1")));
    }

    #[test]
    fn what_is_no_network_is_named() {
        for text in
            ["", "192.0.2", "192.0.2.0/33", "2001:db8::/129", "example.com", "192.0.2.0/-1", "192.0.2.0/24/8"]
        {
            let refused = Networks::parse([text]).unwrap_err();
            assert!(refused.message.contains(text), "{text}");
        }
        let many: Vec<String> = (0..=NETWORKS_MAX).map(|at| format!("192.0.2.{at}")).collect();
        assert!(Networks::parse(many.iter().map(String::as_str)).is_err());
        assert!(Networks::parse(many.iter().skip(1).map(String::as_str)).is_ok());
    }

    #[test]
    fn texts_round_trip() {
        let some = networks(&["192.0.2.77/24", "2001:db8::1", "192.0.2.0/24"]);
        assert_eq!(some.to_string(), "192.0.2.0/24 2001:db8::1/128");
        let again: Vec<String> = some.texts().collect();
        assert_eq!(Networks::parse(again.iter().map(String::as_str)).unwrap(), some);
    }

    #[test]
    fn only_what_proxies_of_ours_say_is_believed() {
        let proxies = networks(&["10.0.0.0/8", "::1"]);
        for (peer, forwarded, wanted) in [
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["192.0.2.1", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("::1", vec![" ::ffff:198.51.100.1 "], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1", "nonsense"], "10.0.0.1"),
        ] {
            let found = sender(address(peer), forwarded.iter().copied(), &proxies);
            assert_eq!(found, address(wanted), "{peer} {forwarded:?}");
        }
    }
}

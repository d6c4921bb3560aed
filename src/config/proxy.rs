//! Which proxy a request goes through: the document's, or the environment's, which heeds NO_PROXY.

use std::net::IpAddr;

use crate::config::authority::{Authority, Scheme};
use crate::config::client::ClientOptions;
use crate::config::environment::{self, Environment};
use crate::error::Problem;

/// Finds the proxy for a request to `endpoint` by `scheme`. `client.proxy` is taken as it is (the empty
/// string: none at all).
pub(crate) fn resolve(
    client: &ClientOptions,
    environment: &Environment,
    scheme: Scheme,
    endpoint: &Authority,
) -> Result<Option<Authority>, Problem> {
    const PATH: &str = "/client/proxy";
    if let Some(explicit) = &client.proxy {
        return Ok(explicit.clone());
    }
    let Some((variable, text)) = environment.proxy(scheme).map_err(|e| e.at(PATH))? else {
        return Ok(None);
    };
    let port = endpoint.port.unwrap_or(scheme.port());
    let direct = environment.no_proxy().map_err(|e| e.at(PATH))?.unwrap_or_default();
    if direct.split(',').any(|entry| goes_direct(entry.trim(), endpoint, port)) {
        return Ok(None);
    }
    Authority::parse(text)
        .map(Some)
        .map_err(|message| environment::bad_url(PATH, variable, message))
}

/// One entry of NO_PROXY, as curl and Go read it: `*`, a domain with all below it, an address, or
/// a block of addresses; each may name a port.
fn goes_direct(entry: &str, endpoint: &Authority, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    if let (Some((block, bits)), Some(ip)) = (entry.split_once('/'), endpoint.ip()) {
        return in_block(ip, block, bits);
    }
    let Ok(wanted) = Authority::parse(entry.trim_start_matches("*.").trim_start_matches('.'))
    else {
        // An IPv6 address without its brackets.
        return endpoint.ip().is_some_and(|ip| entry.parse() == Ok(ip));
    };
    let below = || {
        endpoint.ip().is_none()
            && endpoint.host.strip_suffix(&wanted.host).is_some_and(|rest| rest.ends_with('.'))
    };
    wanted.port.is_none_or(|wanted| wanted == port) && (endpoint.host == wanted.host || below())
}

fn in_block(ip: IpAddr, block: &str, bits: &str) -> bool {
    let as_bits = |ip| match ip {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, 32),
        IpAddr::V6(ip) => (u128::from(ip), 128),
    };
    let (Ok(block), Ok(bits)) = (block.parse(), bits.parse::<u32>()) else { return false };
    let ((ip, width), (block, block_width)) = (as_bits(ip), as_bits(block));
    width == block_width && bits <= width && (ip ^ block).leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_entries() {
        let at = |text| Authority::parse(text).expect(text);
        let yes = [
            ("*", "cs.aliyuncs.com"),
            ("aliyuncs.com", "cs.aliyuncs.com"),
            (".aliyuncs.com", "cs.aliyuncs.com"),
            ("cs.aliyuncs.com:443", "cs.aliyuncs.com"),
            ("127.0.0.1", "127.0.0.1:443"),
            ("10.0.0.0/8", "10.9.8.7"),
            ("::1", "[::1]"),
            ("fd00::/8", "[fd00::1]"),
        ];
        for (entry, endpoint) in yes {
            assert!(goes_direct(entry, &at(endpoint), 443), "{entry} {endpoint}");
        }
        let no = [
            ("", "cs.aliyuncs.com"),
            ("yuncs.com", "cs.aliyuncs.com"),
            ("cs.aliyuncs.com:80", "cs.aliyuncs.com"),
            ("0.0.1", "127.0.0.1"),
            ("10.0.0.0/8", "11.0.0.1"),
            ("10.0.0.0/33", "10.0.0.1"),
        ];
        for (entry, endpoint) in no {
            assert!(!goes_direct(entry, &at(endpoint), 443), "{entry} {endpoint}");
        }
    }

    #[test]
    fn a_proxy_comes_from_the_variable_of_its_scheme() {
        let environment = Environment::from_values(|name| match name {
            "HTTPS_PROXY" => Some(b"http://p:1".to_vec()),
            "NO_PROXY" => Some(b"a.example, aliyuncs.com".to_vec()),
            _ => None,
        });
        let proxy_of = |endpoint: &str, explicit: Option<&str>| {
            let client = ClientOptions {
                endpoint: Authority::parse(endpoint).ok(),
                proxy: explicit.map(|text| Authority::parse(text).ok()),
                ..ClientOptions::default()
            };
            let place = client.endpoint.clone().expect("an endpoint");
            let scheme = place.scheme.unwrap_or_default();
            let proxy = resolve(&client, &environment, scheme, &place).expect("a proxy or none");
            proxy.map(|proxy| proxy.to_string())
        };
        assert_eq!(proxy_of("b.example", None).as_deref(), Some("p:1"));
        assert_eq!(proxy_of("cs.aliyuncs.com", None), None);
        assert_eq!(proxy_of("http://b.example", None), None);
        assert_eq!(proxy_of("cs.aliyuncs.com", Some("q:2")).as_deref(), Some("q:2"));
        assert_eq!(proxy_of("b.example", Some("")), None);
    }
}

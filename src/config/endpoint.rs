//! Where a request goes and through what: region to host, endpoint, proxy. Nothing is looked up.

use std::net::IpAddr;

use crate::config::authority::Authority;
use crate::config::authority::Scheme;
use crate::config::client::ClientOptions;
use crate::config::environment::Environment;
use crate::error::{Code, Problem};
use crate::secret::Secret;

/// The way to the service.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub scheme: Scheme,
    /// `host[:port]`, as it stands in the Host header.
    pub authority: String,
    pub is_loopback: bool,
    pub proxy: Option<Authority>,
}

impl Endpoint {
    /// The document's word first, then the environment's, then `cs.{region}.aliyuncs.com`.
    pub fn resolve(client: &ClientOptions, environment: &Environment) -> Result<Endpoint, Problem> {
        let endpoint = match &client.endpoint {
            Some(address) => address.clone(),
            None => match environment.endpoint() {
                Some(text) => parse(&text, "/client/endpoint", "CS_SCALE_OUT_ENDPOINT ")?,
                None => from_region(client, environment)?,
            },
        };
        let scheme = endpoint.scheme.or(client.scheme).unwrap_or_default();
        Ok(Endpoint {
            scheme,
            authority: endpoint.to_string(),
            is_loopback: endpoint.is_loopback(),
            proxy: proxy(client, environment, scheme, &endpoint)?,
        })
    }

    /// The proxy's `user:password`.
    pub fn login(&self) -> Option<&Secret> {
        self.proxy.as_ref()?.login.as_ref()
    }

    /// Whether any hop speaks TLS: to the service, or to the proxy.
    pub fn needs_tls(&self) -> bool {
        let secure = |scheme| scheme == Scheme::Https;
        let proxy = self.proxy.as_ref().and_then(|proxy| proxy.scheme);
        secure(self.scheme) || proxy.is_some_and(secure)
    }

    /// Whether what is sent can be read on a wire outside this machine: the last hop in the plain,
    /// or, on the way to a plain endpoint, a proxy elsewhere.
    pub fn is_exposed(&self) -> bool {
        self.scheme == Scheme::Http
            && !(self.is_loopback && self.proxy.as_ref().is_none_or(Authority::is_loopback))
    }
}

/// Why an endpoint with a login is refused.
pub const ENDPOINT_LOGIN: &str = "must not hold a user name; credentials are members of their own";

fn parse(text: &str, path: &str, source: &str) -> Result<Authority, Problem> {
    let bad = |message| Problem {
        path: path.to_owned(),
        code: Code::BadUrl,
        message: format!("{source}{message}"),
    };
    let address = Authority::parse(text).map_err(bad)?;
    match address.login {
        Some(_) if path == "/client/endpoint" => Err(bad(ENDPOINT_LOGIN)),
        _ => Ok(address),
    }
}

/// Regions without an endpoint of their own, as the official Python SDK 7.2.3 lists them.
const CENTRAL: [&str; 31] = [
    "ap-northeast-2-pop",
    "cn-beijing-finance-pop",
    "cn-beijing-gov-1",
    "cn-beijing-nu16-b01",
    "cn-edge-1",
    "cn-fujian",
    "cn-haidian-cm12-c01",
    "cn-hangzhou-bj-b01",
    "cn-hangzhou-internal-prod-1",
    "cn-hangzhou-internal-test-1",
    "cn-hangzhou-internal-test-2",
    "cn-hangzhou-internal-test-3",
    "cn-hangzhou-test-306",
    "cn-hongkong-finance-pop",
    "cn-qingdao-nebula",
    "cn-shanghai-et15-b01",
    "cn-shanghai-et2-b01",
    "cn-shanghai-inner",
    "cn-shanghai-internal-test-1",
    "cn-shenzhen-inner",
    "cn-shenzhen-st4-d01",
    "cn-shenzhen-su18-b01",
    "cn-wuhan",
    "cn-yushanfang",
    "cn-zhangbei",
    "cn-zhangbei-na61-b01",
    "cn-zhangjiakou-na62-a01",
    "cn-zhengzhou-nebula-1",
    "eu-west-1-oxs",
    "rus-west-1-pop",
    "",
];

fn from_region(client: &ClientOptions, environment: &Environment) -> Result<Authority, Problem> {
    let region = client.region_id.clone().or_else(|| environment.region_id()).unwrap_or_default();
    if !is_region(&region) {
        let message = "ALIBABA_CLOUD_REGION_ID holds a character that is not a-z, 0-9 or \"-\"";
        let (path, code) = ("/client/region_id".to_owned(), Code::BadCharacter);
        return Err(Problem { path, code, message: message.to_owned() });
    }
    let host = match CENTRAL.contains(&region.as_str()) {
        true => "cs.aliyuncs.com".to_owned(),
        false => format!("cs.{region}.aliyuncs.com"),
    };
    Ok(Authority { scheme: None, host, port: None, login: None })
}

/// A region becomes part of a host name. The empty one means: none.
pub fn is_region(text: &str) -> bool {
    text.len() <= 63
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// `client.proxy` is taken as it is (the empty string: none at all); the environment's proxy
/// heeds NO_PROXY.
fn proxy(
    client: &ClientOptions,
    environment: &Environment,
    scheme: Scheme,
    endpoint: &Authority,
) -> Result<Option<Authority>, Problem> {
    const PATH: &str = "/client/proxy";
    if let Some(explicit) = &client.proxy {
        return Ok(explicit.clone());
    }
    let (variable, text) = match scheme {
        Scheme::Https => ("HTTPS_PROXY ", environment.https_proxy()),
        Scheme::Http => ("HTTP_PROXY ", environment.http_proxy()),
    };
    let Some(text) = text else { return Ok(None) };
    let port = endpoint.port.unwrap_or(match scheme {
        Scheme::Https => 443,
        Scheme::Http => 80,
    });
    match environment.no_proxy() {
        Some(list) if list.split(',').any(|entry| goes_direct(entry.trim(), endpoint, port)) => {
            Ok(None)
        }
        _ => parse(text.expose(), PATH, variable).map(Some),
    }
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

    fn host(region: &str) -> String {
        let client =
            ClientOptions { region_id: Some(region.to_owned()), ..ClientOptions::default() };
        Endpoint::resolve(&client, &Environment::SILENT).expect(region).authority
    }

    #[test]
    fn regions_have_hosts() {
        assert_eq!(host("cn-hangzhou"), "cs.cn-hangzhou.aliyuncs.com");
        assert_eq!(host(""), "cs.aliyuncs.com");
        assert_eq!(host("cn-wuhan"), "cs.aliyuncs.com");
        assert_eq!(CENTRAL.len(), 31, "30 regions of the SDK's list, and none");
    }

    #[test]
    fn the_document_speaks_before_the_environment() {
        let environment = Environment::of(|name| match name {
            "CS_SCALE_OUT_ENDPOINT" => Some("http://127.0.0.1:9".to_owned()),
            "ALIBABA_CLOUD_REGION_ID" => Some("eu-central-1".to_owned()),
            _ => None,
        });
        let route = |client| Endpoint::resolve(&client, &environment).expect("a route");
        assert_eq!(route(ClientOptions::default()).authority, "127.0.0.1:9");
        assert_eq!(route(ClientOptions::default()).scheme, Scheme::Http);
        let client = ClientOptions {
            endpoint: Authority::parse("cs.example").ok(),
            ..ClientOptions::default()
        };
        assert_eq!(route(client).authority, "cs.example");
        let both = ClientOptions {
            endpoint: Authority::parse("https://cs.example").ok(),
            scheme: Some(Scheme::Http),
            ..ClientOptions::default()
        };
        assert_eq!(route(both).scheme, Scheme::Https, "an endpoint URL's scheme wins");
    }

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
        let environment = Environment::of(|name| match name {
            "HTTPS_PROXY" => Some("http://p:1".to_owned()),
            "NO_PROXY" => Some("a.example, aliyuncs.com".to_owned()),
            _ => None,
        });
        let proxy_of = |endpoint: &str, explicit: Option<&str>| {
            let client = ClientOptions {
                endpoint: Authority::parse(endpoint).ok(),
                proxy: explicit.map(|text| Authority::parse(text).ok()),
                ..ClientOptions::default()
            };
            let route = Endpoint::resolve(&client, &environment).expect("a route");
            route.proxy.map(|proxy| proxy.to_string())
        };
        assert_eq!(proxy_of("b.example", None).as_deref(), Some("p:1"));
        assert_eq!(proxy_of("cs.aliyuncs.com", None), None);
        assert_eq!(proxy_of("http://b.example", None), None);
        assert_eq!(proxy_of("cs.aliyuncs.com", Some("q:2")).as_deref(), Some("q:2"));
        assert_eq!(proxy_of("b.example", Some("")), None);
    }

    #[test]
    fn plain_http_is_exposed_unless_every_hop_is_this_machine() {
        let exposed = |endpoint: &str, proxy: &str| {
            let client = ClientOptions {
                endpoint: Authority::parse(endpoint).ok(),
                proxy: Some(Authority::parse(proxy).ok()),
                ..ClientOptions::default()
            };
            Endpoint::resolve(&client, &Environment::SILENT).expect("a route").is_exposed()
        };
        assert!(exposed("http://cs.example", ""));
        assert!(exposed("http://127.0.0.1", "http://10.0.0.1:1"));
        assert!(exposed("http://cs.example", "http://127.0.0.1:1"));
        assert!(!exposed("http://127.0.0.1", "http://127.0.0.1:1"));
        assert!(!exposed("http://localhost:8", ""));
        assert!(!exposed("cs.example", "http://10.0.0.1:1"), "a tunnel carries TLS");
    }
}

//! Where a request goes: the document's endpoint, the environment's, or the region's. Nothing is looked up.

use crate::config::authority::{Authority, Scheme};
use crate::config::client::ClientOptions;
use crate::config::environment::{self, Environment};
use crate::config::proxy;
use crate::error::{Code, Problem};
use crate::secret::Secret;

/// The way to the service.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub scheme: Scheme,
    /// `host[:port]`, as it stands in the Host header.
    pub authority: String,
    pub is_loopback: bool,
    pub proxy: Option<Authority>,
}

impl Endpoint {
    /// Takes the document's word first, then the environment's, then `cs.{region}.aliyuncs.com`.
    pub(crate) fn resolve(
        client: &ClientOptions,
        environment: &Environment,
    ) -> Result<Endpoint, Problem> {
        const PATH: &str = "/client/endpoint";
        let from_environment = || environment.endpoint().map_err(|e| e.at(PATH));
        let place = match &client.endpoint {
            Some(place) => place.clone(),
            None => match from_environment()? {
                Some(text) => parse(text, PATH, "CS_SCALE_OUT_ENDPOINT")?,
                None => from_region(client, environment)?,
            },
        };
        let scheme = place.scheme.or(client.scheme).unwrap_or_default();
        Ok(Endpoint {
            scheme,
            authority: place.to_string(),
            is_loopback: place.is_loopback(),
            proxy: proxy::resolve(client, environment, scheme, &place)?,
        })
    }

    /// The proxy's `user:password`.
    pub(crate) fn login(&self) -> Option<&Secret> {
        self.proxy.as_ref()?.login.as_ref()
    }

    /// Whether any hop speaks TLS: to the service, or to the proxy.
    pub(crate) fn needs_tls(&self) -> bool {
        let secure = |scheme| scheme == Scheme::Https;
        let proxy = self.proxy.as_ref().and_then(|proxy| proxy.scheme);
        secure(self.scheme) || proxy.is_some_and(secure)
    }

    /// Whether what is sent can be read on a wire outside this machine: the last hop in the plain,
    /// or, on the way to a plain endpoint, a proxy elsewhere.
    pub(crate) fn is_exposed(&self) -> bool {
        self.scheme == Scheme::Http
            && !(self.is_loopback && self.proxy.as_ref().is_none_or(Authority::is_loopback))
    }
}

/// Why an endpoint with a login is refused.
pub(crate) const ENDPOINT_LOGIN: &str =
    "must not hold a user name; credentials are members of their own";

fn parse(text: &str, path: &str, variable: &str) -> Result<Authority, Problem> {
    let place = match Authority::parse(text) {
        Ok(place) if place.login.is_none() => Ok(place),
        Ok(_) => Err(ENDPOINT_LOGIN),
        Err(message) => Err(message),
    };
    place.map_err(|message| environment::bad_url(path, variable, message))
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
    const PATH: &str = "/client/region_id";
    let region = match &client.region_id {
        Some(region) => region,
        None => environment.region_id().map_err(|e| e.at(PATH))?.unwrap_or_default(),
    };
    if !is_region(region) {
        let message = "ALIBABA_CLOUD_REGION_ID holds a character that is not a-z, 0-9 or \"-\"";
        let (path, code) = (PATH.to_owned(), Code::BadCharacter);
        return Err(Problem { path, code, message: message.to_owned() });
    }
    let host = match CENTRAL.contains(&region) {
        true => "cs.aliyuncs.com".to_owned(),
        false => format!("cs.{region}.aliyuncs.com"),
    };
    Ok(Authority { scheme: None, host, port: None, login: None })
}

/// A region becomes part of a host name. The empty one means: none.
pub(crate) fn is_region(text: &str) -> bool {
    text.len() <= 63
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
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
        let environment = Environment::from_values(|name| match name {
            "CS_SCALE_OUT_ENDPOINT" => Some(b"http://127.0.0.1:9".to_vec()),
            "ALIBABA_CLOUD_REGION_ID" => Some(b"eu-central-1".to_vec()),
            _ => None,
        });
        let resolved = |client| Endpoint::resolve(&client, &environment).expect("an endpoint");
        assert_eq!(resolved(ClientOptions::default()).authority, "127.0.0.1:9");
        assert_eq!(resolved(ClientOptions::default()).scheme, Scheme::Http);
        let client = ClientOptions {
            endpoint: Authority::parse("cs.example").ok(),
            ..ClientOptions::default()
        };
        assert_eq!(resolved(client).authority, "cs.example");
        let both = ClientOptions {
            endpoint: Authority::parse("https://cs.example").ok(),
            scheme: Some(Scheme::Http),
            ..ClientOptions::default()
        };
        assert_eq!(resolved(both).scheme, Scheme::Https, "an endpoint URL's scheme wins");
    }

    #[test]
    fn plain_http_is_exposed_unless_every_hop_is_this_machine() {
        let exposed = |endpoint: &str, proxy: &str| {
            let client = ClientOptions {
                endpoint: Authority::parse(endpoint).ok(),
                proxy: Some(Authority::parse(proxy).ok()),
                ..ClientOptions::default()
            };
            Endpoint::resolve(&client, &Environment::SILENT).expect("an endpoint").is_exposed()
        };
        assert!(exposed("http://cs.example", ""));
        assert!(exposed("http://127.0.0.1", "http://10.0.0.1:1"));
        assert!(exposed("http://cs.example", "http://127.0.0.1:1"));
        assert!(!exposed("http://127.0.0.1", "http://127.0.0.1:1"));
        assert!(!exposed("http://localhost:8", ""));
        assert!(!exposed("cs.example", "http://10.0.0.1:1"), "a tunnel carries TLS");
    }
}

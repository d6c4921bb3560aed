//! What the environment says where the document is silent. Read at each call, in one place; the
//! rest of the library gets it as a value.

use crate::request::Secret;

/// The variables this library looks at. Empty values count as unset.
#[derive(Debug, Default)]
pub struct Environment {
    pub access_key_id: Option<String>,
    pub access_key_secret: Option<Secret>,
    pub security_token: Option<Secret>,
    pub region_id: Option<String>,
    pub endpoint: Option<String>,
    pub https_proxy: Option<Secret>,
    pub http_proxy: Option<Secret>,
    pub no_proxy: Option<String>,
    pub ssl_cert_file: Option<String>,
}

impl Environment {
    /// The process's own environment, now.
    pub fn read() -> Environment {
        Environment {
            access_key_id: first(&["ALIBABA_CLOUD_ACCESS_KEY_ID"]),
            access_key_secret: first(&["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]).map(Secret::new),
            security_token: first(&["ALIBABA_CLOUD_SECURITY_TOKEN"]).map(Secret::new),
            region_id: first(&["ALIBABA_CLOUD_REGION_ID"]),
            endpoint: first(&["CS_SCALE_OUT_ENDPOINT"]),
            https_proxy: first(&["HTTPS_PROXY", "https_proxy"]).map(Secret::new),
            // In a CGI program HTTP_PROXY is the client's `Proxy:` header (httpoxy), not a setting.
            http_proxy: match std::env::var_os("REQUEST_METHOD") {
                None => first(&["HTTP_PROXY", "http_proxy"]),
                Some(_) => first(&["http_proxy"]),
            }
            .map(Secret::new),
            no_proxy: first(&["NO_PROXY", "no_proxy"]),
            ssl_cert_file: first(&["SSL_CERT_FILE"]),
        }
    }
}

fn first(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

//! What the environment says where the document is silent. Asked at each call, and only for what the
//! document leaves open; the rest of the library gets it as a value.

use crate::secret::Secret;

/// Looks a variable up.
type Look = fn(&str) -> Option<String>;

/// The variables this library looks at. Empty values count as unset.
pub struct Environment(Look);

impl Environment {
    /// The process's own, as it is when it is asked.
    pub const PROCESS: Environment = Environment(|name| std::env::var(name).ok());

    /// One that says nothing.
    pub const SILENT: Environment = Environment(|_| None);

    /// One that a test makes up.
    #[cfg(test)]
    pub fn of(look: Look) -> Environment {
        Environment(look)
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.0(name).filter(|value| !value.is_empty()))
    }

    pub fn access_key_id(&self) -> Option<String> {
        self.first(&["ALIBABA_CLOUD_ACCESS_KEY_ID"])
    }

    pub fn access_key_secret(&self) -> Option<Secret> {
        self.first(&["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]).map(Secret::new)
    }

    pub fn security_token(&self) -> Option<Secret> {
        self.first(&["ALIBABA_CLOUD_SECURITY_TOKEN"]).map(Secret::new)
    }

    pub fn region_id(&self) -> Option<String> {
        self.first(&["ALIBABA_CLOUD_REGION_ID"])
    }

    pub fn endpoint(&self) -> Option<String> {
        self.first(&["CS_SCALE_OUT_ENDPOINT"])
    }

    pub fn https_proxy(&self) -> Option<Secret> {
        self.first(&["HTTPS_PROXY", "https_proxy"]).map(Secret::new)
    }

    pub fn http_proxy(&self) -> Option<Secret> {
        // In a CGI program HTTP_PROXY is the client's `Proxy:` header (httpoxy), not a setting.
        let cgi = self.0("REQUEST_METHOD").is_some();
        let names: &[&str] = if cgi { &["http_proxy"] } else { &["HTTP_PROXY", "http_proxy"] };
        self.first(names).map(Secret::new)
    }

    pub fn no_proxy(&self) -> Option<String> {
        self.first(&["NO_PROXY", "no_proxy"])
    }

    pub fn ssl_cert_file(&self) -> Option<String> {
        self.first(&["SSL_CERT_FILE"])
    }
}

//! How to send: what the document's `client` member says.

use crate::config::authority::{Authority, Scheme};
use crate::secret::Secret;

/// Which representation to ask the service for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Json,
    Xml,
}

/// How requests are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    #[default]
    HmacSha1,
    Acs3HmacSha256,
}

/// An explicit key pair, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub id: String,
    pub secret: Secret,
    pub token: Option<Secret>,
}

/// The document's `client` member: how to send. What is `None` the environment may say.
#[derive(Debug)]
pub(crate) struct ClientOptions {
    pub region_id: Option<String>,
    pub endpoint: Option<Authority>,
    pub scheme: Option<Scheme>,
    pub format: Format,
    pub signature_method: SignatureMethod,
    pub credentials: Option<Credentials>,
    pub profile: Option<String>,
    pub connect_timeout_ms: u64,
    pub timeout_ms: u64,
    pub max_attempts: u32,
    pub keep_alive: bool,
    pub reconcile: bool,
    pub reconcile_timeout_ms: u64,
    pub adopt_candidate: bool,
    /// `Some(None)`: none, whatever the environment says.
    pub proxy: Option<Option<Authority>>,
    pub ca_file: Option<String>,
    pub dry_run: bool,
}

impl Default for ClientOptions {
    fn default() -> ClientOptions {
        ClientOptions {
            region_id: None,
            endpoint: None,
            scheme: None,
            format: Format::Json,
            signature_method: SignatureMethod::HmacSha1,
            credentials: None,
            profile: None,
            connect_timeout_ms: 5_000,
            timeout_ms: 30_000,
            max_attempts: 3,
            keep_alive: false,
            reconcile: true,
            reconcile_timeout_ms: 10_000,
            adopt_candidate: false,
            proxy: None,
            ca_file: None,
            dry_run: false,
        }
    }
}

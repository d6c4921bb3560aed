//! One call's means of talking to the service: credentials, endpoint, clock. It signs, sends and knows what
//! must not be told.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::{Call, clock};
use crate::api::ApiRequest;
use crate::api::headers::{self, Addressing, Headers, SigningParams};
use crate::config::Resolved;
use crate::config::authority::Scheme;
use crate::config::client::{ClientOptions, Credentials, Format};
use crate::config::endpoint::Endpoint;
use crate::config::environment::Environment;
use crate::credentials;
use crate::encode;
use crate::error::Error;
use crate::outcome::Redaction;
use crate::secret::Secret;
use crate::sign::{self, SignableRequest, SigningOutput};
use crate::transport::{self, ExchangeOptions, Failure, HttpRequest, HttpResponse};

/// An answer to a purchase is read up to here, in bytes; none that was seen comes near.
const LARGEST_ANSWER: usize = 1024 * 1024;
/// A page of a task list with all that its tasks did.
const LARGEST_LIST: usize = 16 * 1024 * 1024;

/// What one call signs and sends with.
pub(crate) struct Session<'a> {
    pub client: &'a ClientOptions,
    pub call: &'a Call<'a>,
    resolved: &'a Resolved,
    credentials: Cow<'a, Credentials>,
    password: Option<&'a Secret>,
    /// The proxy's login, whole and its password alone, as in the URL and as it is sent.
    login: Vec<Secret>,
    /// The server's clock less ours, in seconds.
    clock_offset: i64,
}

/// A request ready for the wire.
pub(crate) struct Signed<'a> {
    /// The signature's among them, last.
    pub headers: Headers<'a>,
    string_to_sign: String,
    signature: Secret,
    /// What covers the body, and the signed text.
    digests: Vec<Secret>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        client: &'a ClientOptions,
        call: &'a Call<'a>,
        resolved: &'a Resolved,
        credentials: Cow<'a, Credentials>,
        password: Option<&'a Secret>,
    ) -> Session<'a> {
        let login = resolved.endpoint.login().map(login_forms).unwrap_or_default();
        let clock_offset = clock::offset(&resolved.endpoint.authority);
        Session { client, call, resolved, credentials, password, login, clock_offset }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.resolved.endpoint
    }

    /// Sets the clock by the server's.
    pub(crate) fn set_clock(&mut self, server: i64) {
        self.clock_offset = server - self.call.host.unix();
    }

    /// Keeps the clock for the next calls of this process: the service has taken it.
    pub(crate) fn keep_clock(&self) {
        clock::remember(&self.endpoint().authority, self.clock_offset);
    }

    /// Reads the keys again, for a call that may outlast them; whether there are others by now that may be
    /// used where this call goes.
    pub(crate) fn read_keys_again(&mut self) -> bool {
        let Ok(found) = credentials::find(self.client, &Environment::read()) else { return false };
        // The validator let the way pass for keys without a token.
        let may_travel = found.token.is_none() || !self.endpoint().is_exposed();
        let is_new = may_travel && found != self.credentials;
        if is_new {
            self.credentials = found;
        }
        is_new
    }

    /// Signs `request`, with a nonce of its own.
    pub(crate) fn sign(&self, request: &ApiRequest<'_>) -> Result<Signed<'_>, Error> {
        let params = params(self.call, self.clock_offset)?;
        // What is read is read as JSON.
        let format = if request.is_read() { Format::Json } else { self.client.format };
        let to = addressing(self.client, self.endpoint(), format);
        let mut headers = headers::headers(request, to, Some(&self.credentials), params);
        let signable = SignableRequest {
            method: request.operation.method,
            path: &request.path,
            query: &request.pairs(),
            headers: &headers,
        };
        let SigningOutput { authorization, string_to_sign, signature } =
            sign::sign(self.client.signature_method, &self.credentials, &signable);
        let digests = digests(&headers, &string_to_sign);
        headers.push(("authorization", authorization.into()));
        Ok(Signed { headers, string_to_sign, signature, digests })
    }

    /// Sends a signed request, once.
    pub(crate) fn exchange(
        &self,
        request: &ApiRequest<'_>,
        signed: &Signed<'_>,
        deadline: Instant,
    ) -> Result<HttpResponse, Failure> {
        let http = HttpRequest {
            method: request.operation.method,
            target: &request.target(),
            headers: &signed.headers,
            body: request.body,
        };
        let is_read = request.is_read();
        let reading;
        let control = match is_read {
            true => {
                reading = self.call.control.reading();
                &reading
            }
            false => self.call.control,
        };
        let options = ExchangeOptions {
            endpoint: self.endpoint(),
            roots: &self.resolved.roots,
            connect_timeout: Duration::from_millis(self.client.connect_timeout_ms),
            deadline,
            control,
            process: self.call.process,
            // A kept one may die, or hold somebody's late answer, between the look at it and the write;
            // a read is repeated then.
            keep_alive: self.client.keep_alive || is_read,
            largest_reply: if is_read { LARGEST_LIST } else { LARGEST_ANSWER },
            loopback_only: self.is_loopback_only(),
        };
        transport::exchange(&http, &options)
    }

    /// Whether a secret travels in the plain.
    fn is_loopback_only(&self) -> bool {
        let has_secret = self.password.is_some() || self.credentials.token.is_some();
        has_secret && self.endpoint().scheme == Scheme::Http
    }

    /// Looks at the end of an exchange with all in hand that must not be told of it.
    pub(crate) fn judge<T>(
        &self,
        request: &ApiRequest<'_>,
        signed: &Signed<'_>,
        look: impl FnOnce(&Redaction<'_>) -> T,
    ) -> T {
        let mut secrets = vec![&self.credentials.secret, &signed.signature];
        secrets.extend(&self.credentials.token);
        secrets.extend(self.password);
        secrets.extend(&self.login);
        if self.password.is_some() {
            // They would allow guessing.
            secrets.extend(&signed.digests);
        }
        look(&Redaction {
            secrets: &secrets,
            string_to_sign: &signed.string_to_sign,
            body: request.body,
            covers_secret: self.password.is_some() && request.body.is_some(),
            digests: &signed.digests,
            clock_offset: self.call.trace.clock_offset(),
        })
    }
}

/// A proxy's `user:password` in every form in which it may be quoted.
fn login_forms(login: &Secret) -> Vec<Secret> {
    let login = login.expose();
    let mut forms = vec![Secret::new(login), Secret::new(encode::percent_decoded(login))];
    if let Some((_, password)) = login.split_once(':') {
        forms.push(Secret::new(password));
        forms.push(Secret::new(encode::percent_decoded(password)));
    }
    forms
}

fn digests(headers: &Headers<'_>, string_to_sign: &str) -> Vec<Secret> {
    let is_digest = |name: &str| matches!(name, "content-md5" | "x-acs-content-sha256");
    let digests = headers.iter().filter(|(name, _)| is_digest(name));
    let mut digests: Vec<_> = digests.map(|(_, value)| Secret::new(value.as_ref())).collect();
    // ACS3 signs a digest of the whole request.
    let last = string_to_sign.rsplit('\n').next().filter(|line| line.len() == 64);
    digests.extend(last.map(Secret::new));
    digests
}

/// Where a request of a call goes, and how it is signed.
pub(crate) fn addressing<'a>(
    client: &ClientOptions,
    endpoint: &'a Endpoint,
    format: Format,
) -> Addressing<'a> {
    Addressing { host: &endpoint.authority, format, method: client.signature_method }
}

/// The moment and a new nonce; `clock_offset` is the server's clock less ours.
pub(crate) fn params(call: &Call<'_>, clock_offset: i64) -> Result<SigningParams, Error> {
    Ok(SigningParams { unix: call.host.unix() + clock_offset, nonce: random_id(call)? })
}

/// 128 random bits in hexadecimal.
pub(crate) fn random_id(call: &Call<'_>) -> Result<String, Error> {
    let id = call.spare_id.take().or_else(|| {
        let [id, spare] = call.host.two_ids()?;
        call.spare_id.set(Some(spare));
        Some(id)
    });
    let id = id.ok_or_else(|| Error::Internal("the system gives no random numbers".to_owned()))?;
    Ok(encode::hex(&id))
}

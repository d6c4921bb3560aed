//! One call's means of talking to the service: credentials, endpoint, clock. It signs, sends and knows what
//! must not be told.

use std::time::{Duration, Instant};

use super::Call;
use crate::api::ApiRequest;
use crate::api::headers::{self, Addressing, Headers, SigningParams};
use crate::config::Resolved;
use crate::config::client::{ClientOptions, Credentials, Format};
use crate::config::endpoint::Endpoint;
use crate::error::Error;
use crate::secret::Secret;
use crate::sign::{self, SignableRequest, SigningOutput};
use crate::transport::{self, ExchangeOptions, Failure, HttpRequest, HttpResponse};

/// What one call signs and sends with.
pub struct Session<'a> {
    pub client: &'a ClientOptions,
    pub call: &'a Call<'a>,
    resolved: &'a Resolved,
    credentials: Credentials,
    password: Option<&'a Secret>,
    /// Of the proxy's login, the part that may be told apart.
    proxy_password: Option<Secret>,
    /// The server's clock less ours, in seconds.
    clock_offset: i64,
}

/// A request ready for the wire.
pub struct Signed {
    /// The signature's among them, last.
    pub headers: Headers,
    pub output: SigningOutput,
}

impl<'a> Session<'a> {
    pub fn new(
        client: &'a ClientOptions,
        call: &'a Call<'a>,
        resolved: &'a Resolved,
        credentials: Credentials,
        password: Option<&'a Secret>,
    ) -> Session<'a> {
        let login = resolved.endpoint.login().and_then(|login| login.expose().split_once(':'));
        let proxy_password = login.map(|(_, password)| Secret::new(password));
        let clock_offset = 0;
        Session { client, call, resolved, credentials, password, proxy_password, clock_offset }
    }

    pub fn endpoint(&self) -> &Endpoint {
        &self.resolved.endpoint
    }

    /// Sets the clock by the server's.
    pub fn set_clock(&mut self, server: i64) {
        self.clock_offset = server - (self.call.host.unix)();
    }

    /// Signs `request`, with a nonce of its own.
    pub fn sign(&self, request: &ApiRequest<'_>, format: Format) -> Result<Signed, Error> {
        let params = params(self.call, self.clock_offset)?;
        let to = addressing(self.client, self.endpoint(), format);
        let mut headers = headers::headers(request, to, Some(&self.credentials), &params);
        let signable = SignableRequest {
            method: request.operation.method,
            path: &request.path,
            query: &request.pairs(),
            headers: &headers,
        };
        let output = sign::sign(self.client.signature_method, &self.credentials, &signable);
        headers.push(("authorization", output.authorization.clone()));
        Ok(Signed { headers, output })
    }

    /// Sends a signed request, once.
    pub fn exchange(
        &self,
        request: &ApiRequest<'_>,
        signed: &Signed,
        deadline: Instant,
    ) -> Result<HttpResponse, Failure> {
        let http = HttpRequest {
            method: request.operation.method,
            target: &request.target(),
            headers: &signed.headers,
            body: request.body,
        };
        let options = ExchangeOptions {
            endpoint: self.endpoint(),
            roots: &self.resolved.roots,
            connect_timeout: Duration::from_millis(self.client.connect_timeout_ms),
            deadline,
            control: self.call.control,
        };
        transport::exchange(&http, &options)
    }

    /// What must not be told of an exchange: its signature too.
    pub fn secrets<'s>(&'s self, signed: &'s Signed) -> Vec<&'s Secret> {
        let mut secrets = vec![&self.credentials.secret, &signed.output.signature];
        secrets.extend(&self.credentials.token);
        secrets.extend(self.password);
        secrets.extend(self.endpoint().login());
        secrets.extend(&self.proxy_password);
        secrets
    }
}

/// Where a request of a call goes, and how it is signed.
pub fn addressing<'a>(
    client: &ClientOptions,
    endpoint: &'a Endpoint,
    format: Format,
) -> Addressing<'a> {
    Addressing { host: &endpoint.authority, format, method: client.signature_method }
}

/// The moment and a new nonce; `clock_offset` is the server's clock less ours.
pub fn params(call: &Call<'_>, clock_offset: i64) -> Result<SigningParams, Error> {
    let nonce = call.host.random_id();
    let nonce =
        nonce.ok_or_else(|| Error::Internal("the system gives no random numbers".to_owned()))?;
    Ok(SigningParams { unix: (call.host.unix)() + clock_offset, nonce })
}

//! One call's means of talking to the service: keys, way, clock. It signs, sends and knows what
//! must not be told.

use std::time::{Duration, Instant};

use crate::config::client::{ClientOptions, Credentials};
use crate::config::endpoint::Endpoint;
use crate::config::environment::Environment;
use crate::control::Control;
use crate::credentials;
use crate::error::Error;
use crate::outcome::Redaction;
use crate::secret::Secret;
use crate::sign::{self, SignableRequest, SigningOutput, SigningParams, percent};
use crate::transport::{self, ExchangeOptions, Failure, HttpRequest, HttpResponse};

/// Clock and randomness, handed in so that nothing below reads them.
#[derive(Clone, Copy)]
pub struct Host {
    /// Seconds since 1970-01-01 UTC.
    pub unix: fn() -> i64,
    /// Fills with random bytes; false where there are none to be had.
    pub fill: fn(&mut [u8]) -> bool,
}

impl Host {
    /// 128 random bits.
    pub fn nonce(&self) -> Result<String, Error> {
        let mut bytes = [0; 16];
        match (self.fill)(&mut bytes) {
            true => Ok(percent::hex(&bytes)),
            false => Err(Error::Internal("the system gives no random numbers".to_owned())),
        }
    }

    /// A pause between nothing and all of `most` ("full jitter": callers that failed together do
    /// not come back together).
    pub fn jitter(&self, most: Duration) -> Duration {
        let mut bytes = [0; 4];
        let share = if (self.fill)(&mut bytes) { u32::from_le_bytes(bytes) } else { u32::MAX };
        most.mul_f64(f64::from(share) / f64::from(u32::MAX))
    }
}

pub struct Session<'a> {
    pub client: &'a ClientOptions,
    pub route: &'a Endpoint,
    pub world: Host,
    pub control: &'a Control,
    keys: Credentials,
    roots: Option<String>,
    password: Option<&'a Secret>,
    /// Of the proxy's login, the part that may be told apart.
    proxy_password: Option<Secret>,
    /// The server's clock less ours, in seconds.
    skew: i64,
}

impl<'a> Session<'a> {
    pub fn open(
        client: &'a ClientOptions,
        route: &'a Endpoint,
        environment: &Environment,
        world: Host,
        control: &'a Control,
        password: Option<&'a Secret>,
    ) -> Result<Session<'a>, Error> {
        let keys = credentials::find(client, environment)?;
        let roots = match route.needs_tls() {
            true => client.ca_file.clone().or_else(|| environment.ssl_cert_file()),
            false => None,
        };
        let login = route.login().and_then(|login| login.expose().split_once(':'));
        let proxy_password = login.map(|(_, password)| Secret::new(password));
        let skew = 0;
        Ok(Session { client, route, world, control, keys, roots, password, proxy_password, skew })
    }

    /// Headers for one exchange, with a nonce of its own.
    pub fn sign(&self, request: &SignableRequest<'_>) -> Result<SigningOutput, Error> {
        let stamp =
            SigningParams { unix: (self.world.unix)() + self.skew, nonce: self.world.nonce()? };
        Ok(sign::sign(self.client.signature_method, &self.keys, request, &stamp))
    }

    /// Sets the clock by the server's.
    pub fn set_clock(&mut self, server: i64) {
        self.skew = server - (self.world.unix)();
    }

    /// Sends a signed request, once.
    pub fn exchange(
        &self,
        request: &SignableRequest<'_>,
        target: &str,
        signed: &SigningOutput,
        deadline: Instant,
    ) -> Result<HttpResponse, Failure> {
        let outgoing = HttpRequest {
            method: request.method,
            target,
            headers: &signed.headers,
            body: request.body,
        };
        let transit = ExchangeOptions {
            route: self.route,
            roots: self.roots.as_deref(),
            connect_timeout: Duration::from_millis(self.client.connect_timeout_ms),
            deadline,
            control: self.control,
        };
        transport::exchange(&outgoing, &transit)
    }

    /// What must not be told of an exchange: its signature too.
    pub fn secrets<'s>(&'s self, signed: &'s SigningOutput) -> Vec<&'s Secret> {
        let mut secrets = vec![&self.keys.secret, &signed.signature];
        secrets.extend(&self.keys.token);
        secrets.extend(self.password);
        secrets.extend(self.route.login());
        secrets.extend(&self.proxy_password);
        secrets
    }
}

/// Secrets and the signed text of one exchange, for reading its end.
pub fn redaction<'a>(secrets: &'a [&'a Secret], signed: &'a SigningOutput) -> Redaction<'a> {
    Redaction { secrets, string_to_sign: &signed.string_to_sign }
}

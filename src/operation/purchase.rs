//! The purchase: one ScaleOutCluster request, sent once for all that is known, and looked after where its end
//! is not known.

use std::time::Duration;

use super::Call;
use super::in_flight::{self, InFlight};
use super::reconcile;
use super::retry::RetryLoop;
use super::session::{Session, Signed, addressing, params};
use crate::api::ApiRequest;
use crate::api::headers;
use crate::credentials;
use crate::error::{Code, Detail, Error, Problem};
use crate::outcome::classify::classify;
use crate::outcome::{Accepted, DryRun, Outcome};
use crate::validate::ValidRequest;
use crate::validate::request::Request;

/// How a call ended, how often it was tried, and what else was found on the way.
pub struct Completed {
    pub outcome: Outcome,
    pub attempts: u32,
    pub warnings: Vec<Problem>,
}

impl Completed {
    fn unattempted(outcome: Outcome) -> Completed {
        Completed { outcome, attempts: 0, warnings: Vec::new() }
    }
}

/// Runs one valid request to its end.
pub fn run(valid: &ValidRequest, call: &Call<'_>) -> Completed {
    let ValidRequest { request, client, resolved } = valid;
    let credentials = match credentials::find(client, &call.environment) {
        Ok(credentials) => credentials,
        Err(none) if client.dry_run && !none.is_broken => return unsigned_dry_run(valid, call),
        Err(none) => return Completed::unattempted(Outcome::Failed(none.into())),
    };
    let mut session = Session::new(client, call, resolved, credentials, request.password());
    let api = ApiRequest::scale_out_cluster(request.cluster_id(), request.body());
    if client.dry_run {
        let signed = session.sign(&api, client.format);
        let outcome = signed.map(|Signed { headers, .. }| dry_run(valid, &api, headers));
        return Completed::unattempted(outcome.unwrap_or_else(Outcome::Failed));
    }
    // Begun before the first byte leaves: what other calls must respect.
    let in_flight = InFlight::begin(request.cluster_id());
    let mut retries = RetryLoop::new(&session);
    let outcome = retries
        .run(&mut session, &api, &|end, redaction| classify(end, request.cluster_id(), redaction));
    let outcome = match outcome {
        Outcome::Failed(Error::Unknown(detail)) if client.reconcile && !call.control.is_ended() => {
            reconciled(&session, &in_flight, request, &retries, detail)
        }
        outcome => outcome,
    };
    if let Outcome::Accepted(accepted) = &outcome {
        in_flight::record(&accepted.task_id);
    }
    Completed { outcome, attempts: retries.attempts, warnings: Vec::new() }
}

/// Looks what became of a request whose end is unknown. It stays unknown, unless the caller wants a sole
/// candidate adopted and nobody of this process may claim it.
fn reconciled(
    session: &Session<'_>,
    in_flight: &InFlight,
    request: &Request,
    retries: &RetryLoop,
    mut detail: Box<Detail>,
) -> Outcome {
    let within = Duration::from_millis(session.client.reconcile_timeout_ms);
    let seen = reconcile::look(session, request.cluster_id(), retries.sent, within);
    if let Some([only]) = seen.candidates.as_deref()
        && session.client.adopt_candidate
        && in_flight.claim(&only.task_id)
    {
        return Outcome::Accepted(Accepted {
            cluster_id: request.cluster_id().to_owned(),
            task_id: only.task_id.clone(),
            request_id: detail.request_id,
            is_adopted: true,
        });
    }
    detail.candidates = seen.candidates;
    if let Some(hint) = seen.hint {
        detail.hint = Some(hint);
    }
    Outcome::Failed(Error::Unknown(detail))
}

/// A dry run needs no credentials: the request is shown as nobody has signed it.
fn unsigned_dry_run(valid: &ValidRequest, call: &Call<'_>) -> Completed {
    let ValidRequest { request, client, resolved } = valid;
    let api = ApiRequest::scale_out_cluster(request.cluster_id(), request.body());
    let to = addressing(client, &resolved.endpoint, client.format);
    let outcome = match params(call, 0) {
        Ok(params) => dry_run(valid, &api, headers::headers(&api, to, None, &params)),
        Err(error) => Outcome::Failed(error),
    };
    let message = "no credentials were found, so the request is shown without a signature";
    let warning =
        Problem { path: "/client".to_owned(), code: Code::NotSigned, message: message.to_owned() };
    Completed { warnings: vec![warning], ..Completed::unattempted(outcome) }
}

/// What a dry run shows. Where a password is masked, the digests that cover it are, too: they would
/// allow guessing.
fn dry_run(valid: &ValidRequest, api: &ApiRequest<'_>, headers: headers::Headers) -> Outcome {
    const MASK: &str = "***";
    let (body, masked) = valid.request.masked_body();
    let is_secret = |name: &str| match name {
        "authorization" | "x-acs-security-token" => true,
        "content-md5" | "x-acs-content-sha256" => masked,
        _ => false,
    };
    let headers = headers.into_iter().map(|(name, value)| match is_secret(name) {
        true => (name, MASK.to_owned()),
        false => (name, value),
    });
    let endpoint = &valid.resolved.endpoint;
    Outcome::DryRun(DryRun {
        method: api.operation.method,
        url: format!("{}://{}{}", endpoint.scheme.name(), endpoint.authority, api.target()),
        headers: headers.collect(),
        body,
    })
}

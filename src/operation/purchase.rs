//! The purchase: one ScaleOutCluster request, sent once for all that is known, and looked after where its end
//! is not known.

use std::time::Duration;

use super::Call;
use super::in_flight::{self, InFlight};
use super::reconcile;
use super::retry::RetryLoop;
use super::session::{Session, addressing, params, random_id};
use crate::api::ApiRequest;
use crate::api::headers::{self, Headers};
use crate::credentials;
use crate::error::{Code, Detail, Error, Problem};
use crate::outcome::classify::classify;
use crate::outcome::{Accepted, Classified, DryRun, Outcome, Purchase};
use crate::transport::{Failure, HttpResponse};
use crate::validate::{Valid, ValidRequest};

/// This machine's clock may be off by so much without a word, in seconds.
const CLOCK_SKEW: i64 = 60;

/// How a call ended, how often it was tried, and what else was found on the way.
pub(crate) struct Completed {
    pub outcome: Outcome,
    pub attempts: u32,
    /// The name of a purchase that was signed in order to be sent.
    pub purchase_id: Option<String>,
    pub warnings: Vec<Problem>,
}

impl Completed {
    /// The end of a call that tried nothing.
    pub(crate) fn unattempted(outcome: Outcome) -> Completed {
        Completed { outcome, attempts: 0, purchase_id: None, warnings: Vec::new() }
    }
}

/// Runs one valid request to its end.
pub(crate) fn run(valid: &ValidRequest, call: &Call<'_>) -> Completed {
    if valid.client.dry_run {
        return dry_run(valid, call);
    }
    match buy(valid, call) {
        Ok((outcome, attempts)) => {
            let skew = call.trace.clock_offset().filter(|offset| offset.abs() > CLOCK_SKEW);
            let warnings = skew.map(clock_skew).into_iter().collect();
            Completed { outcome, attempts, purchase_id: call.trace.purchase_id(), warnings }
        }
        Err(error) => Completed::unattempted(Outcome::Failed(error)),
    }
}

fn buy(valid: &ValidRequest, call: &Call<'_>) -> Result<(Outcome, u32), Error> {
    let Valid { request, client, resolved } = valid;
    let credentials = credentials::find(client, &call.environment)?;
    let cluster_id = request.cluster_id();
    let purchase_id = random_id(call)?;
    call.trace.begin(&purchase_id, cluster_id);
    let mut session = Session::new(client, call, resolved, credentials, request.password());
    let api = ApiRequest::scale_out_cluster(cluster_id, request.body(), &purchase_id);
    // Begun before the first byte leaves: what other calls must respect.
    let in_flight = InFlight::begin(cluster_id);
    let mut retries = RetryLoop::purchase(&session);
    let purchase = Purchase {
        cluster_id,
        is_known_request: &in_flight::is_known_request,
        is_known_task: &in_flight::is_known_task,
    };
    let end = retries.run(&mut session, &api, &|end, redaction| {
        let classified = classify(end, &purchase, redaction);
        if let Ok(accepted) = &classified.0 {
            in_flight::record_task(&accepted.task_id);
        }
        if client.keep_alive {
            record_requests(end, &classified);
        }
        classified
    });
    let end = match end {
        Err(Error::Unknown(detail)) => {
            after_unknown(&mut session, &in_flight, &purchase_id, &retries, detail)
        }
        end => end,
    };
    let outcome = match end {
        Ok(accepted) => Outcome::Accepted(accepted),
        Err(mut error) => {
            call.trace.complete(&mut error);
            Outcome::Failed(error)
        }
    };
    Ok((outcome, retries.attempts))
}

/// Notes how the service called this exchange, in head and body: no later answer may be called so.
fn record_requests(end: &Result<HttpResponse, Failure>, (ended, _): &Classified<Accepted>) {
    let told = match ended {
        Ok(accepted) => accepted.request_id.as_deref(),
        Err(Error::Refused(detail) | Error::Unknown(detail)) => detail.request_id.as_deref(),
        Err(_) => None,
    };
    let in_head = end.as_ref().ok().and_then(|response| response.request_id.as_deref());
    told.into_iter().chain(in_head).for_each(in_flight::record_request);
}

/// Looks what became of a request whose end is unknown. It stays unknown, unless the caller wants a sole
/// candidate adopted and nobody else may claim it.
fn after_unknown(
    session: &mut Session<'_>,
    in_flight: &InFlight<'_>,
    purchase_id: &str,
    retries: &RetryLoop,
    mut detail: Box<Detail>,
) -> Result<Accepted, Error> {
    let call = session.call;
    let cluster_id = in_flight.cluster_id();
    if session.client.reconcile && !call.control.is_ended() && call.process.is_current() {
        let within = Duration::from_millis(session.client.reconcile_timeout_ms);
        let seen = reconcile::look(session, cluster_id, retries.sent_at, within);
        if let Some(only) = seen.sole_candidate()
            && session.client.adopt_candidate
            && !detail.names_a_task
            && in_flight.claim(&only.task_id, retries.sent_at)
        {
            return Ok(Accepted {
                cluster_id: cluster_id.to_owned(),
                task_id: only.task_id.clone(),
                request_id: detail.request_id,
                is_adopted: true,
            });
        }
        detail.candidates = seen.candidates;
        detail.hint = seen.hint.or(detail.hint);
    }
    let candidates = detail.candidates.iter().flatten();
    let candidates = candidates.map(|candidate| candidate.task_id.clone());
    in_flight.doubt(purchase_id, candidates.collect());
    Err(Error::Unknown(detail))
}

/// What a child says that was forked while a purchase ran: the parent's copy goes on, and tells its end there.
pub(crate) fn in_child(call: &Call<'_>) -> Option<Completed> {
    let purchase_id = call.trace.purchase_id().filter(|_| !call.process.is_current())?;
    let message =
        "the process was forked during the call, and this is the child: the parent's call goes on";
    let hint = Some("the parent knows the end of the call: do not send it again here".to_owned());
    let detail = Detail { message: message.to_owned(), hint, ..Detail::default() };
    let mut error = Error::Unknown(Box::new(detail));
    call.trace.complete(&mut error);
    let unattempted = Completed::unattempted(Outcome::Failed(error));
    Some(Completed { purchase_id: Some(purchase_id), ..unattempted })
}

fn clock_skew(offset: i64) -> Problem {
    let way = if offset > 0 { "behind" } else { "ahead of" };
    let message = format!("this machine's clock is {} s {way} the server's: set it", offset.abs());
    Problem { path: String::new(), code: Code::ClockSkew, message }
}

/// A dry run needs no credentials: without any the request is shown as nobody has signed it.
fn dry_run(valid: &ValidRequest, call: &Call<'_>) -> Completed {
    let Valid { request, client, resolved } = valid;
    let api = ApiRequest::scale_out_cluster(request.cluster_id(), request.body(), "-");
    let (outcome, warnings) = match credentials::find(client, &call.environment) {
        Ok(credentials) => {
            let session = Session::new(client, call, resolved, credentials, request.password());
            let signed = session.sign(&api);
            (signed.map(|signed| shown(valid, &api, signed.headers)), Vec::new())
        }
        Err(none) if none.is_broken => return Completed::unattempted(Outcome::Failed(none.into())),
        Err(_) => {
            let to = addressing(client, &resolved.endpoint, client.format);
            let headers = params(call, 0).map(|params| headers::headers(&api, to, None, params));
            (headers.map(|headers| shown(valid, &api, headers)), vec![not_signed()])
        }
    };
    Completed { warnings, ..Completed::unattempted(outcome.unwrap_or_else(Outcome::Failed)) }
}

fn not_signed() -> Problem {
    let message = "no credentials were found, so the request is shown without a signature";
    Problem { path: "/client".to_owned(), code: Code::NotSigned, message: message.to_owned() }
}

/// What a dry run shows. Where a password is masked, the digests that cover it are, too: they would
/// allow guessing.
fn shown(valid: &ValidRequest, api: &ApiRequest<'_>, headers: Headers<'_>) -> Outcome {
    const MASK: &str = "***";
    let (body, masked) = valid.request.masked_body();
    let is_secret = |name: &str| match name {
        "authorization" | "x-acs-security-token" => true,
        "content-md5" | "x-acs-content-sha256" => masked,
        _ => false,
    };
    let headers = headers.into_iter().map(|(name, value)| match is_secret(name) {
        true => (name, MASK.to_owned()),
        false => (name, value.into_owned()),
    });
    let endpoint = &valid.resolved.endpoint;
    Outcome::DryRun(DryRun {
        method: api.operation.method,
        url: format!("{}://{}{}", endpoint.scheme.name(), endpoint.authority, api.target()),
        headers: headers.collect(),
        body,
    })
}

//! The operation: sign, send, and send again only where the earlier copy provably was not executed.

use std::time::{Duration, Instant};

use crate::config::environment::Environment;
use crate::control::Control;
use crate::error::{Detail, Error};
use crate::operation::in_flight::{self, InFlight};
use crate::operation::reconcile::{self, SentAt};
use crate::operation::session::{self, Host, Session};
use crate::outcome::{self, Accepted, Outcome, RetryAdvice};
use crate::sign::{SignableRequest, SigningOutput, percent};
use crate::validate::ValidRequest;
use crate::validate::request::Request;

/// Pauses before trying again double from here, each a random share of it.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How a call ended, and how often it was tried.
pub struct Completed {
    pub attempts: u32,
    pub result: Result<Success, Error>,
}

pub enum Success {
    /// The service took it; whether it said so itself or its task list did.
    Accepted { accepted: Accepted, by_task_list: bool },
    /// A dry run: what would have gone out, masked.
    Planned(Plan),
}

/// What would go on the wire.
pub struct Plan {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// Runs one valid request to its end.
pub fn run(
    valid: &ValidRequest,
    environment: &Environment,
    world: Host,
    control: &Control,
) -> Completed {
    let ValidRequest { request, client, route } = valid;
    let session = Session::open(client, route, environment, world, control, request.password());
    let never = |error| Completed { attempts: 0, result: Err(error) };
    let mut session = match session {
        Ok(session) => session,
        Err(error) => return never(error),
    };
    let path = format!("/api/v2/clusters/{}", percent::encode(request.cluster_id()));
    let unsigned = SignableRequest {
        method: "POST",
        action: "ScaleOutCluster",
        path: &path,
        query: &[],
        host: &route.authority,
        format: client.format,
        body: Some(request.body()),
    };
    if client.dry_run {
        let plan = session.sign(&unsigned).map(|signed| plan(request, &session, &path, signed));
        return Completed { attempts: 0, result: plan.map(Success::Planned) };
    }
    // Begun before the first byte leaves: what other calls must respect.
    let flight = InFlight::begin(request.cluster_id());
    let mut tries = RetryLoop::new(client.timeout_ms);
    let result = tries.run(&mut session, &unsigned);
    let result = match result {
        Ok(accepted) => {
            in_flight::record(&accepted.task_id);
            Ok(Success::Accepted { accepted, by_task_list: false })
        }
        Err(Error::Unknown(detail)) if client.reconcile && !control.is_ended() => {
            reconcile(&session, &flight, request.cluster_id(), &tries, detail)
        }
        Err(error) => Err(error),
    };
    Completed { attempts: tries.attempts, result }
}

/// Looks what became of a request whose end is unknown. It stays unknown, unless the caller wants
/// a sole candidate adopted and nobody of this process may claim it.
fn reconcile(
    session: &Session<'_>,
    flight: &InFlight,
    cluster_id: &str,
    tries: &RetryLoop,
    mut detail: Box<Detail>,
) -> Result<Success, Error> {
    let within = Duration::from_millis(session.client.reconcile_timeout_ms);
    let sighting = SentAt { sent_at: tries.sent_at, server_time: tries.server_time };
    let seen = reconcile::look(session, cluster_id, sighting, within);
    if let Some([only]) = seen.candidates.as_deref()
        && session.client.adopt_candidate
        && flight.claim(&only.task_id)
    {
        let accepted = Accepted {
            cluster_id: None,
            task_id: only.task_id.clone(),
            request_id: detail.request_id,
        };
        return Ok(Success::Accepted { accepted, by_task_list: true });
    }
    detail.candidates = seen.candidates;
    if let Some(hint) = seen.hint {
        detail.hint = Some(hint);
    }
    Err(Error::Unknown(detail))
}

/// One call's attempts and its one deadline.
struct RetryLoop {
    attempts: u32,
    deadline: Instant,
    clock_was_set: bool,
    /// When the last copy went out.
    sent_at: Instant,
    /// The server's clock (seconds since 1970) as the last reply gave it, and when that was.
    server_time: Option<(i64, Instant)>,
    /// A refusal before this attempt: if the next one cannot even be sent, this is the answer.
    refusal: Option<Box<Detail>>,
}

impl RetryLoop {
    fn new(timeout_ms: u64) -> RetryLoop {
        let now = Instant::now();
        RetryLoop {
            attempts: 0,
            deadline: now + Duration::from_millis(timeout_ms),
            clock_was_set: false,
            sent_at: now,
            server_time: None,
            refusal: None,
        }
    }

    fn run(
        &mut self,
        session: &mut Session<'_>,
        unsigned: &SignableRequest<'_>,
    ) -> Result<Accepted, Error> {
        loop {
            let end = self.attempt(session, unsigned)?;
            let pause = match &end {
                Outcome::Refused(_, RetryAdvice::WithClock(server)) if !self.clock_was_set => {
                    self.clock_was_set = true;
                    session.set_clock(*server);
                    Some(Duration::ZERO)
                }
                Outcome::Refused(_, RetryAdvice::After(wanted)) => {
                    Some(wanted.unwrap_or_else(|| self.pause(session)))
                }
                Outcome::Unsent(_, true) if !session.control.is_ended() => {
                    Some(self.pause(session))
                }
                _ => None,
            };
            let left = self.deadline.saturating_duration_since(Instant::now());
            match pause {
                Some(pause) if pause < left && self.attempts < session.client.max_attempts => {
                    // Refused or unsent, this copy is settled; the next may still be stopped.
                    session.control.settle();
                    session.control.pause(pause);
                    if session.control.is_ended() {
                        return self.finish(end);
                    }
                    if let Outcome::Refused(detail, _) = end {
                        self.refusal = Some(detail);
                    }
                }
                _ => return self.finish(end),
            }
        }
    }

    fn attempt(
        &mut self,
        session: &Session<'_>,
        unsigned: &SignableRequest<'_>,
    ) -> Result<Outcome, Error> {
        let signed = session.sign(unsigned)?;
        self.attempts += 1;
        self.sent_at = Instant::now();
        let end = session.exchange(unsigned, unsigned.path, &signed, self.deadline);
        let arrived = match &end {
            Ok(incoming) => Some(incoming),
            Err(failure) => failure.partial.as_deref(),
        };
        self.server_time =
            arrived.and_then(|incoming| incoming.date).map(|date| (date, Instant::now()));
        let secrets = session.secrets(&signed);
        let redaction = session::redaction(&secrets, &signed);
        Ok(match end {
            Ok(incoming) => outcome::from_reply(&incoming, &redaction),
            Err(failure) => outcome::from_failure(&failure, &redaction),
        })
    }

    fn pause(&self, session: &Session<'_>) -> Duration {
        let doublings = self.attempts.saturating_sub(1).min(10);
        session.world.jitter((FIRST_PAUSE * 2u32.pow(doublings)).min(LONGEST_PAUSE))
    }

    fn finish(&mut self, end: Outcome) -> Result<Accepted, Error> {
        match (end, self.refusal.take()) {
            (Outcome::Accepted(accepted), _) => Ok(accepted),
            (Outcome::Refused(detail, _), _) => Err(Error::Refused(detail)),
            (Outcome::Unknown(detail), _) => Err(Error::Unknown(detail)),
            (Outcome::Unsent(detail, _), None) => Err(Error::Unsent(detail)),
            // Bytes of an earlier copy did reach the service, and it said no to that one.
            (Outcome::Unsent(later, _), Some(mut refusal)) => {
                refusal.cause = Some(format!("then, on trying again, {}", later.message));
                Err(Error::Refused(refusal))
            }
        }
    }
}

/// What a dry run shows. Where a password is masked, the digests that cover it are, too: they would
/// allow guessing.
fn plan(request: &Request, session: &Session<'_>, path: &str, signed: SigningOutput) -> Plan {
    const MASK: &str = "***";
    let (body, masked) = request.masked_body();
    let is_secret = |name: &str| match name {
        "authorization" | "x-acs-security-token" => true,
        "content-md5" | "x-acs-content-sha256" => masked,
        _ => false,
    };
    let headers = signed.headers.into_iter().map(|(name, value)| match is_secret(name) {
        true => (name, MASK.to_owned()),
        false => (name, value),
    });
    let url = format!("{}://{}{path}", session.route.scheme.name(), session.route.authority);
    Plan { method: "POST", url, headers: headers.collect(), body }
}

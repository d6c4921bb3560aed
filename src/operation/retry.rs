//! The retry loop: one request, its attempts and its one deadline. It sends again only where the earlier copy
//! provably was not executed, and does not know what it sends: who calls it says what an end means.

use std::time::{Duration, Instant};

use super::Call;
use super::session::{Session, Signed};
use crate::api::ApiRequest;
use crate::error::{Detail, Error};
use crate::os::reserve;
use crate::outcome::classify::Classified;
use crate::outcome::{Outcome, Redaction, RetryAdvice};
use crate::transport::{Failure, HttpResponse};

/// Pauses before trying again double from here, each a random share of it.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// With less of the deadline left nothing is sent again.
const FAIR_TIME: Duration = Duration::from_secs(1);

/// What the end of an exchange means.
pub(crate) type Classify<'a> =
    &'a dyn Fn(&Result<HttpResponse, Failure>, &Redaction<'_>) -> Classified;

/// Whether the connection that brought this may bring another answer.
fn is_plain((outcome, advice): &Classified) -> bool {
    let settled = matches!(outcome, Outcome::Accepted(_) | Outcome::Failed(Error::Refused(_)));
    settled && *advice == RetryAdvice::Never
}

/// One request on its way to an end.
pub(crate) struct RetryLoop {
    pub attempts: u32,
    /// When the first byte of the last copy left.
    pub sent_at: Instant,
    deadline: Instant,
    clock_was_set: bool,
    /// A refusal before this attempt: if the next one cannot even be sent, this is the answer.
    refusal: Option<Box<Detail>>,
}

impl RetryLoop {
    pub(crate) fn new(session: &Session<'_>) -> RetryLoop {
        let begun = session.call.begun;
        RetryLoop {
            attempts: 0,
            sent_at: begun,
            deadline: begun + Duration::from_millis(session.client.timeout_ms),
            clock_was_set: false,
            refusal: None,
        }
    }

    /// Sends `request` until it has an end that is not to be tried again.
    pub(crate) fn run(
        &mut self,
        session: &mut Session<'_>,
        request: &ApiRequest<'_>,
        classify: Classify<'_>,
    ) -> Outcome {
        loop {
            let signed = match session.sign(request, session.client.format) {
                Ok(signed) => signed,
                Err(error) => return Outcome::Failed(error),
            };
            let (outcome, advice) = self.attempt(session, request, &signed, classify);
            let Some(pause) = self.pause(session, &outcome, advice) else {
                return self.finish(outcome);
            };
            // Refused or unsent, this copy is settled; the next may still be stopped.
            session.call.control.settle();
            session.call.control.pause(pause);
            if session.call.control.is_ended() {
                return self.finish(outcome);
            }
            if let Outcome::Failed(Error::Refused(detail)) = outcome {
                self.refusal = Some(detail);
            }
        }
    }

    fn attempt(
        &mut self,
        session: &Session<'_>,
        request: &ApiRequest<'_>,
        signed: &Signed<'_>,
        classify: Classify<'_>,
    ) -> Classified {
        let Call { host, trace, .. } = session.call;
        self.attempts += 1;
        let mut end = session.exchange(request, signed, self.deadline);
        let (first_byte, arrived) = match &end {
            Ok(response) => (response.first_byte, Some(response)),
            Err(failure) => (failure.first_byte, failure.partial.as_deref()),
        };
        let unix_ms = (host.unix_ms)();
        if let Some(first_byte) = first_byte {
            self.sent_at = first_byte;
            let ago = i64::try_from(first_byte.elapsed().as_millis()).unwrap_or_default();
            trace.sent(unix_ms - ago);
        }
        if let Some(date) = arrived.and_then(|response| response.date) {
            trace.heard(date - unix_ms.div_euclid(1000));
        }
        let classified: Classified =
            session.judge(request, signed, |redaction| classify(&end, redaction));
        if self.clock_was_set && end.is_ok() && !matches!(classified.1, RetryAdvice::WithClock(_)) {
            session.keep_clock();
        }
        if let Ok(response) = &mut end
            && is_plain(&classified)
        {
            response.keep_connection();
        }
        classified
    }

    /// How long to wait before the request is sent again; `None` if it is not.
    fn pause(
        &mut self,
        session: &mut Session<'_>,
        outcome: &Outcome,
        advice: RetryAdvice,
    ) -> Option<Duration> {
        let pause = match advice {
            RetryAdvice::Never => return None,
            RetryAdvice::After(wanted) => wanted.unwrap_or_else(|| self.backoff(session)),
            RetryAdvice::WithClock(_) if self.clock_was_set => return None,
            RetryAdvice::WithClock(server) => {
                self.clock_was_set = true;
                session.set_clock(server);
                Duration::ZERO
            }
        };
        // A refusal is known; a copy with hardly any time for its answer would make it unknown.
        let fair = match outcome {
            Outcome::Failed(Error::Unsent(_)) => Duration::ZERO,
            _ => Duration::from_millis(session.client.connect_timeout_ms).min(FAIR_TIME),
        };
        let left = self.deadline.saturating_duration_since(Instant::now());
        let may_go_on = self.attempts < session.client.max_attempts
            && pause + fair <= left
            && !reserve::is_short()
            && !session.call.control.is_ended();
        may_go_on.then_some(pause)
    }

    fn backoff(&self, session: &Session<'_>) -> Duration {
        let doublings = self.attempts.saturating_sub(1).min(10);
        session.call.host.jitter((FIRST_PAUSE * 2u32.pow(doublings)).min(LONGEST_PAUSE))
    }

    fn finish(&mut self, outcome: Outcome) -> Outcome {
        match (outcome, self.refusal.take()) {
            // Bytes of an earlier copy did reach the service, and it said no to that one.
            (Outcome::Failed(Error::Unsent(later)), Some(mut refusal)) => {
                refusal.cause = Some(format!("then, on trying again, {}", later.message));
                Outcome::Failed(Error::Refused(refusal))
            }
            (outcome, _) => outcome,
        }
    }
}

//! The retry loop: one request, its attempts and its one deadline. It sends again only where the earlier copy
//! provably was not executed, and does not know what it sends: who calls it says what an end means.

use std::time::{Duration, Instant};

use super::Call;
use super::session::{Session, Signed};
use crate::api::ApiRequest;
use crate::error::{Detail, Error};
use crate::os::reserve;
use crate::outcome::{Classified, Redaction, RetryAdvice};
use crate::transport::{Failure, HttpResponse};

/// Pauses before trying again double from here, each a random share of it.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// With less of the deadline left nothing is sent again.
const FAIR_TIME: Duration = Duration::from_secs(1);

/// What the end of an exchange means.
pub(crate) type Classify<'a, T> =
    &'a dyn Fn(&Result<HttpResponse, Failure>, &Redaction<'_>) -> Classified<T>;

/// Whether the connection that brought this may bring another answer.
fn is_plain<T>((end, advice): &Classified<T>) -> bool {
    matches!(end, Ok(_) | Err(Error::Refused(_))) && *advice == RetryAdvice::Never
}

/// One request on its way to an end.
pub(crate) struct RetryLoop {
    pub attempts: u32,
    /// When the first byte of the last copy left.
    pub sent_at: Instant,
    /// What the last end advised.
    pub advice: RetryAdvice,
    deadline: Instant,
    most: u32,
    is_read: bool,
    clock_was_set: bool,
    keys_were_read: bool,
    /// A refusal before this attempt: if the next one cannot even be sent, this is the answer.
    refusal: Option<Box<Detail>>,
}

impl RetryLoop {
    /// A purchase has the call's attempts and its time.
    pub(crate) fn purchase(session: &Session<'_>) -> RetryLoop {
        let begun = session.call.begun;
        let deadline = begun + Duration::from_millis(session.client.timeout_ms);
        let most = session.client.max_attempts;
        RetryLoop { is_read: false, ..RetryLoop::read(begun, deadline, most) }
    }

    /// A read may be sent `most` times until `deadline`; a corrected clock and new keys are no part of that.
    pub(crate) fn read(begun: Instant, deadline: Instant, most: u32) -> RetryLoop {
        RetryLoop {
            attempts: 0,
            sent_at: begun,
            advice: RetryAdvice::Never,
            deadline,
            most,
            is_read: true,
            clock_was_set: false,
            keys_were_read: false,
            refusal: None,
        }
    }

    /// Sends `request` until it has an end that is not to be tried again.
    pub(crate) fn run<T>(
        &mut self,
        session: &mut Session<'_>,
        request: &ApiRequest<'_>,
        classify: Classify<'_, T>,
    ) -> Result<T, Error> {
        loop {
            let signed = session.sign(request)?;
            let (end, advice) = self.attempt(session, request, &signed, classify);
            self.advice = advice;
            let Some(pause) = self.pause(session, &end) else { return self.finish(end) };
            if !self.is_read {
                // Refused or unsent, this copy is settled; the next may still be stopped.
                session.call.control.settle();
            }
            session.call.control.pause(pause);
            if session.call.control.is_ended() {
                return self.finish(end);
            }
            if let Err(Error::Refused(detail)) = end {
                self.refusal = Some(detail);
            }
        }
    }

    fn attempt<T>(
        &mut self,
        session: &Session<'_>,
        request: &ApiRequest<'_>,
        signed: &Signed<'_>,
        classify: Classify<'_, T>,
    ) -> Classified<T> {
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
            if !self.is_read {
                trace.sent(unix_ms - ago);
            }
        }
        if let Some(date) = arrived.and_then(|response| response.date) {
            trace.heard(date - unix_ms.div_euclid(1000));
        }
        let classified: Classified<T> =
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
    fn pause<T>(&mut self, session: &mut Session<'_>, end: &Result<T, Error>) -> Option<Duration> {
        let pause = match self.advice {
            RetryAdvice::Never | RetryAdvice::Later => return None,
            RetryAdvice::After(wanted) => wanted.unwrap_or_else(|| self.backoff(session)),
            RetryAdvice::WithClock(_) if self.clock_was_set => return None,
            RetryAdvice::WithClock(server) => {
                self.clock_was_set = true;
                self.most += u32::from(self.is_read);
                session.set_clock(server);
                Duration::ZERO
            }
            RetryAdvice::WithKeys if self.keys_were_read || !session.read_keys_again() => {
                return None;
            }
            RetryAdvice::WithKeys => {
                self.keys_were_read = true;
                self.most += 1;
                Duration::ZERO
            }
        };
        // A refusal is known; a copy with hardly any time for its answer would make it unknown.
        let fair = match end {
            Err(Error::Unsent(_)) => Duration::ZERO,
            _ if self.is_read => Duration::ZERO,
            _ => Duration::from_millis(session.client.connect_timeout_ms).min(FAIR_TIME),
        };
        let left = self.deadline.saturating_duration_since(Instant::now());
        let may_go_on = self.attempts < self.most
            && pause + fair <= left
            && !reserve::is_short()
            && !session.call.control.is_ended();
        may_go_on.then_some(pause)
    }

    fn backoff(&self, session: &Session<'_>) -> Duration {
        let doublings = self.attempts.saturating_sub(1).min(10);
        session.call.host.jitter((FIRST_PAUSE * 2u32.pow(doublings)).min(LONGEST_PAUSE))
    }

    fn finish<T>(&mut self, end: Result<T, Error>) -> Result<T, Error> {
        match (end, self.refusal.take()) {
            // Bytes of an earlier copy did reach the service, and it said no to that one.
            (Err(Error::Unsent(later)), Some(mut refusal)) => {
                refusal.cause = Some(format!("then, on trying again, {}", later.message));
                Err(Error::Refused(refusal))
            }
            (end, _) => end,
        }
    }
}

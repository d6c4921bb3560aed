//! The reads of one call: each a GET, which buys nothing and is repeated freely, within the call's limits.

use std::time::{Duration, Instant};

use super::retry::RetryLoop;
use super::session::Session;
use crate::api::ApiRequest;
use crate::error::Error;
use crate::outcome::RetryAdvice;
use crate::outcome::reads::{self, Parse};

/// How far the reads of a call may go, and how often it was tried.
pub(crate) struct Reads {
    pub attempts: u32,
    pub deadline: Instant,
    /// How often each may be tried.
    pub most: u32,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    pub error: Error,
    advice: RetryAdvice,
}

impl NoAnswer {
    /// Whether the same is to be expected of another try.
    pub(crate) fn is_definite(&self) -> bool {
        match self.advice {
            RetryAdvice::After(_) => false,
            RetryAdvice::Never
            | RetryAdvice::Later
            | RetryAdvice::WithClock(_)
            | RetryAdvice::WithKeys => true,
        }
    }

    /// Whether the service does not know what was asked for, which may be too new for it.
    pub(crate) fn is_not_found(&self) -> bool {
        self.advice == RetryAdvice::Later
    }

    /// Whether the service did not take the date, although it was the service's own: what held the request up
    /// may be gone the next time.
    pub(crate) fn is_clock(&self) -> bool {
        matches!(self.advice, RetryAdvice::WithClock(_))
    }

    /// The pause that the service asks for.
    pub(crate) fn pause(&self) -> Option<Duration> {
        match self.advice {
            RetryAdvice::After(pause) => pause,
            RetryAdvice::Never
            | RetryAdvice::Later
            | RetryAdvice::WithClock(_)
            | RetryAdvice::WithKeys => None,
        }
    }
}

impl Reads {
    /// With the call's own attempts and time.
    pub(crate) fn of_call(session: &Session<'_>) -> Reads {
        let deadline = session.call.begun + Duration::from_millis(session.client.timeout_ms);
        Reads { attempts: 0, deadline, most: session.client.max_attempts }
    }

    /// With one attempt each, for who asks again on his own.
    pub(crate) fn single(deadline: Instant) -> Reads {
        Reads { attempts: 0, deadline, most: 1 }
    }

    /// Asks, and reads the answer.
    pub(crate) fn read<T>(
        &mut self,
        session: &mut Session<'_>,
        request: &ApiRequest<'_>,
        parse: Parse<'_, T>,
    ) -> Result<T, NoAnswer> {
        let mut retries = RetryLoop::read(session.call.begun, self.deadline, self.most);
        let end = retries.run(session, request, &|end, redaction| {
            reads::classify(request.operation, end, redaction, parse)
        });
        self.attempts += retries.attempts;
        end.map_err(|error| NoAnswer { error, advice: retries.advice })
    }
}

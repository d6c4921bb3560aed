//! A look at what became of a request whose answer nobody waits for any more.

use std::time::{Duration, Instant};

use super::Call;
use super::reconcile;
use super::session::Session;
use crate::credentials;
use crate::error::{Detail, Error};
use crate::outcome::LOOK_FIRST;
use crate::validate::{Valid, ValidRequest};

/// Looks at the task list, as after an unknown end, for `within` and `client.reconcile_timeout_ms` at most;
/// not at all where `client.reconcile` is false. What is told is [`Error::Unknown`], unless no look could be
/// begun.
pub(crate) fn run(
    valid: &ValidRequest,
    call: &Call<'_>,
    sent_at: Instant,
    within: Duration,
) -> Error {
    let Valid { request, client, resolved } = valid;
    let message = "the request may have been sent: nodes may be on their way".to_owned();
    let mut detail = Detail { message, hint: Some(LOOK_FIRST.to_owned()), ..Detail::default() };
    if client.reconcile {
        let credentials = match credentials::find(client, &call.environment) {
            Ok(credentials) => credentials,
            Err(none) => return none.into(),
        };
        let mut session = Session::new(client, call, resolved, credentials, request.password());
        let within = within.min(Duration::from_millis(client.reconcile_timeout_ms));
        let seen = reconcile::look(&mut session, request.cluster_id(), sent_at, within);
        detail.candidates = seen.candidates;
        detail.hint = seen.hint.or(detail.hint);
    }
    Error::Unknown(Box::new(detail))
}

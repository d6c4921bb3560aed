//! One connection: read a request, decide, answer, again.

use crate::bend::{bend_document, bend_reply};
use crate::control;
use crate::deliver::{After, send, visible_status};
use crate::fault::Fault;
use crate::http::{Broken, Head, Inbox};
use crate::ids;
use crate::mask;
use crate::refusal::Refusal;
use crate::reply::{Format, Reply};
use crate::route::Route;
use crate::service::{Accepted, Document, Request, check};
use crate::shared::Shared;
use crate::socket::Socket;
use crate::sync::Stop;
use std::time::Duration;

/// How long a client may go on sending what was refused by its head.
const LINGER: Duration = Duration::from_millis(500);

struct Connection<'a> {
    inbox: Inbox,
    number: usize,
    shared: &'a Shared,
    stop: &'a Stop,
    /// Set by [`Fault::DieOnSecond`]: is the next request executed, and is the end a reset?
    dying: Option<(bool, bool)>,
}

/// Serves a connection until either side ends it.
pub(crate) fn serve(socket: Socket, number: usize, shared: &Shared, stop: &Stop) {
    let first = match shared.faults.take_before_read(true) {
        Some(Fault::AnswerFirst(unasked)) => Some(unasked.bytes()),
        Some(_) => return,
        None => None,
    };
    let Some(mut wire) = shared.wire(socket, first.as_deref()) else {
        return;
    };
    if first.is_some() {
        return wire.socket().drain(None);
    }
    let mut own = Connection { inbox: Inbox::new(wire), number, shared, stop, dying: None };
    loop {
        match own.exchange() {
            After::Keep => {}
            After::Close => return,
            After::Finish => return own.inbox.wire.finish(),
            After::Reset => return own.inbox.wire.socket().reset_on_close(),
        }
    }
}

impl Connection<'_> {
    fn exchange(&mut self) -> After {
        if self.inbox.is_empty()
            && self.inbox.wire.await_request()
            && self.shared.faults.take_before_read(false).is_some()
        {
            return After::Close;
        }
        let route = match self.inbox.request_line() {
            Ok((method, target)) => Route::find(&method, &target),
            Err(broken) => return self.broken(broken, None),
        };
        match self.shared.faults.take_early(&route) {
            Some(Fault::CloseBeforeRead) => return After::Close,
            Some(_) => return After::Reset,
            None => {}
        }
        let head = match self.inbox.head() {
            Ok(head) => head,
            Err(broken) => return self.broken(broken, None),
        };
        if route == Route::Control {
            return self.control(&head);
        }
        self.request(head, route)
    }

    /// Reads the rest of a request and answers it.
    fn request(&mut self, head: Head, route: Route) -> After {
        let seen = self.shared.log.open(&head, self.number);
        let (body, broken) = self.inbox.body(&head);
        self.shared.log.update(seen, |entry| {
            entry.body = body.clone();
            entry.body_complete = broken.is_none();
        });
        if let Some(broken) = broken {
            return self.broken(broken, Some(seen));
        }
        let request =
            Request { head, body, route, connection: self.number, request_id: ids::request_id() };
        self.answer(&request, seen)
    }

    /// A request that could not be read whole.
    fn broken(&mut self, broken: Broken, seen: Option<usize>) -> After {
        let Broken::Bad(status) = broken else {
            return After::Close;
        };
        if let Some(seen) = seen {
            self.shared.log.update(seen, |entry| entry.status = status);
        }
        let id = ids::request_id();
        let reply = Reply::refusal(&Refusal::plain(status), Format::Json, &id, self.shared.now());
        send(&mut self.inbox.wire, self.stop, None, &reply, true);
        self.inbox.wire.finish();
        // Closing over unread bytes would send a reset, which can overtake the reply.
        self.inbox.wire.socket().drain(Some(LINGER));
        After::Close
    }

    fn control(&mut self, head: &Head) -> After {
        let (body, broken) = self.inbox.body(head);
        if let Some(broken) = broken {
            return self.broken(broken, None);
        }
        let reply = control::answer(self.shared, &head.method, &head.target, &body);
        send(&mut self.inbox.wire, self.stop, None, &reply, head.last())
    }

    fn answer(&mut self, request: &Request, seen: usize) -> After {
        let checked = check(self.shared, request);
        if self.shared.options.verbose {
            let verdict = checked.as_ref().map(|accepted| accepted.verified.scheme);
            let verdict = verdict.map_err(|refusal| refusal.code.as_str());
            eprintln!("{}", mask::describe(&request.head, &request.body, verdict));
        }
        if let Some((execute, reset)) = self.dying.take() {
            if let Ok(accepted) = checked {
                // Nobody will see the answer.
                let _ = self.execute(&accepted, execute, seen);
            }
            return if reset { After::Reset } else { After::Close };
        }
        match checked {
            Ok(accepted) => self.perform(request, &accepted, seen),
            Err(refusal) => {
                let format = Format::of(&request.head);
                let id = &request.request_id;
                let now = self.shared.now();
                let mut reply = Reply::refusal(&refusal, format, id, now);
                let fault = self.shared.faults.take_unverified(&request.route);
                bend_reply(fault.as_ref(), &mut reply, id, now);
                self.finish(request, fault.as_ref(), &reply, seen)
            }
        }
    }

    fn perform(&mut self, request: &Request, accepted: &Accepted, seen: usize) -> After {
        let fault = self.shared.faults.take(&request.route);
        let fault = fault.as_ref();
        if let Some(Fault::DieOnSecond { executed, reset }) = fault {
            self.dying = Some((*executed, *reset));
        }
        let format = Format::of(&request.head);
        let id = &request.request_id;
        let execute = fault.is_none_or(Fault::executed);
        let now = self.shared.now();
        let mut answer = self.execute(accepted, execute, seen);
        if let Some(Fault::DeliveredTwice { .. }) = fault {
            answer = check(self.shared, request).and_then(|copy| copy.run(self.shared, false));
        }
        if let (Some(Fault::TaskEnds(end)), Ok(document)) = (fault, &answer) {
            let id = document.get("task_id").and_then(|id| id.as_str()).unwrap_or_default();
            self.shared.tasks.plan(id, end.clone());
        }
        let mut reply = match answer {
            Ok(mut document) => {
                bend_document(fault, &mut document);
                Reply::success(&document, format, id, now)
            }
            Err(refusal) => Reply::refusal(&refusal, format, id, now),
        };
        bend_reply(fault, &mut reply, id, now);
        self.finish(request, fault, &reply, seen)
    }

    fn execute(
        &self,
        accepted: &Accepted,
        execute: bool,
        seen: usize,
    ) -> Result<Document, Refusal> {
        let document = accepted.run(self.shared, execute)?;
        let executed = execute && accepted.is_purchase();
        self.shared.log.update(seen, |entry| entry.executed = executed);
        Ok(document)
    }

    /// Enters the status before the first byte goes out: whoever has the answer finds it recorded.
    fn finish(
        &mut self,
        request: &Request,
        fault: Option<&Fault>,
        reply: &Reply,
        seen: usize,
    ) -> After {
        if !self.stop.sleep(self.shared.options.latency) {
            return After::Close;
        }
        let status = visible_status(fault, reply);
        self.shared.log.update(seen, |entry| entry.status = status);
        send(&mut self.inbox.wire, self.stop, fault, reply, request.head.last())
    }
}

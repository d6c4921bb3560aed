//! What is known of a purchase from before its first byte, for whatever end it has, a panic included.

use std::cell::{Cell, RefCell};

use crate::date;
use crate::error::Error;

/// One call's trace.
#[derive(Default)]
pub(crate) struct Trace {
    purchase: RefCell<Option<Record>>,
    /// The server's clock less ours, in seconds, where a reply told it.
    clock_offset: Cell<Option<i64>>,
}

struct Record {
    purchase_id: String,
    cluster_id: String,
    /// Our clock, in milliseconds since 1970.
    sent_at: Option<i64>,
}

impl Trace {
    /// Begins with the purchase's name, before anything of it is sent.
    pub(crate) fn begin(&self, purchase_id: &str, cluster_id: &str) {
        self.purchase.replace(Some(Record {
            purchase_id: purchase_id.to_owned(),
            cluster_id: cluster_id.to_owned(),
            sent_at: None,
        }));
    }

    /// Notes when a copy went out; the last one counts.
    pub(crate) fn sent(&self, unix_ms: i64) {
        if let Some(record) = self.purchase.borrow_mut().as_mut() {
            record.sent_at = Some(unix_ms);
        }
    }

    /// Notes what a reply told of the server's clock.
    pub(crate) fn heard(&self, clock_offset: i64) {
        self.clock_offset.set(Some(clock_offset));
    }

    pub(crate) fn purchase_id(&self) -> Option<String> {
        self.purchase.borrow().as_ref().map(|record| record.purchase_id.clone())
    }

    pub(crate) fn clock_offset(&self) -> Option<i64> {
        self.clock_offset.get()
    }

    /// Completes what is told of a purchase that did not succeed.
    pub(crate) fn complete(&self, error: &mut Error) {
        let record = self.purchase.borrow();
        let Some(record) = record.as_ref() else { return };
        let (detail, was_sent) = match error {
            Error::Unsent(detail) => (detail, false),
            Error::Refused(detail) | Error::Unknown(detail) => (detail, true),
            Error::Argument(_)
            | Error::Invalid(_)
            | Error::Credentials(_)
            | Error::Internal(_)
            | Error::Failed(_) => return,
        };
        detail.purchase_id = Some(record.purchase_id.clone());
        detail.cluster_id = Some(record.cluster_id.clone());
        if was_sent {
            detail.sent_at = record.sent_at.map(date::rfc_3339_ms);
            detail.clock_offset = self.clock_offset.get();
        }
    }
}

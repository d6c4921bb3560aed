//! What the library does for a caller: the purchase with its retry loop, the look at what became of one, and
//! the reading of tasks.

pub(crate) mod after;
mod candidates;
pub(crate) mod clock;
pub(crate) mod in_flight;
pub(crate) mod look;
pub(crate) mod purchase;
mod read;
pub(crate) mod reconcile;
pub(crate) mod retry;
pub(crate) mod session;
mod task_list;
pub(crate) mod tasks;
pub(crate) mod trace;
pub(crate) mod wait;

use std::cell::Cell;
use std::time::Instant;

use crate::config::environment::Environment;
use crate::control::Control;
use crate::os::fork::Process;
use crate::os::host::Host;
use trace::Trace;

/// One call of the library, from before anything else of it was done.
pub(crate) struct Call<'a> {
    /// When it began: its deadline counts from here.
    pub begun: Instant,
    /// The environment as it was then.
    pub environment: Environment,
    pub host: Host,
    /// Random bits that were drawn with others: a purchase has a name, and its request a nonce.
    pub spare_id: Cell<Option<[u8; 16]>>,
    /// The process that began it: what a child of that does is none of the call's.
    pub process: Process,
    pub control: &'a Control,
    pub trace: Trace,
}

impl<'a> Call<'a> {
    /// Begins a call of this process.
    pub(crate) fn begin(control: &'a Control) -> Call<'a> {
        let begun = Instant::now();
        Call {
            begun,
            environment: Environment::read(),
            host: Host::THIS,
            spare_id: Cell::new(None),
            process: Process::current(),
            control,
            trace: Trace::default(),
        }
    }
}

//! How a server is set up before it starts.

use std::time::Duration;

/// What a [`LocalAck`](crate::LocalAck) accepts and how fast it is. Start from `Options::default()`.
#[derive(Clone)]
pub struct Options {
    /// The only access key id the server knows. Default `testid`.
    pub access_key_id: String,
    /// The secret that goes with it. Default `testsecret`.
    pub access_key_secret: String,
    /// The STS token each request must carry; with `None` a request that carries one is refused.
    pub security_token: Option<String>,
    /// Seconds added to the machine's clock: for `Date` headers, the 15-minute window and task times.
    pub clock_offset: i64,
    /// The port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Serve https. Needs the crate's feature `tls`; without it the server does not start.
    pub tls: bool,
    /// Slept before each answer, after the purchase is entered.
    pub latency: Duration,
    /// A task shows in its cluster's task list only this long after its purchase.
    pub task_delay: Duration,
    /// A task is found by its id only this long after its purchase; before that the answer is 400.
    pub found_delay: Duration,
    /// How long a task says `running` before it says `success`.
    pub task_length: Duration,
    /// Describe each signed request on stderr, credentials and passwords masked.
    pub verbose: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            access_key_id: "testid".into(),
            access_key_secret: "testsecret".into(),
            security_token: None,
            clock_offset: 0,
            port: 0,
            tls: false,
            latency: Duration::ZERO,
            task_delay: Duration::ZERO,
            found_delay: Duration::ZERO,
            task_length: Duration::ZERO,
            verbose: false,
        }
    }
}

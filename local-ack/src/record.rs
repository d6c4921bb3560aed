//! What the server remembers for its tests.

/// One purchase that was executed.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// From the path, percent-decoded.
    pub cluster_id: String,
    /// The task that was started.
    pub task_id: String,
    /// The id the answer carried, or would have carried.
    pub request_id: String,
    /// The body's `count`, where it is an integer.
    pub count: Option<i64>,
    /// The body as it came.
    pub body: String,
    /// The request's signature nonce.
    pub nonce: String,
    /// Which connection it came on; the first is 1.
    pub connection: usize,
    /// By the server's clock, its offset included.
    pub created_unix_ms: i64,
}

/// One request whose head was read completely, accepted or not.
#[derive(Clone, Debug)]
pub struct Seen {
    /// As on the wire.
    pub method: String,
    /// As on the wire, query included.
    pub target: String,
    /// In wire order and wire case; values trimmed.
    pub headers: Vec<(String, String)>,
    /// What of the body arrived, decoded where it came in chunks.
    pub body: Vec<u8>,
    /// Which connection it came on; the first is 1.
    pub connection: usize,
    /// The status answered; 0 where none was.
    pub status: u16,
    /// Whether it was entered in the ledger.
    pub executed: bool,
    /// Whether the whole body arrived.
    pub body_complete: bool,
}

//! What the parameters of a validated document become. Made by the validator alone.

use std::ops::Range;

use crate::secret::Secret;

/// One ScaleOutCluster request that keeps every rule.
#[derive(Debug)]
pub(crate) struct Request {
    cluster_id: String,
    /// Compact JSON, members in the order given; holds the password, hence secret as a whole.
    body: Secret,
    /// Where `login_password`'s value stands in `body`, quotes included.
    password_at: Option<Range<usize>>,
    password: Option<Secret>,
}

impl Request {
    pub(super) fn new(
        cluster_id: String,
        body: Secret,
        password: Option<(Range<usize>, Secret)>,
    ) -> Request {
        let (password_at, password) = password.unzip();
        Request { cluster_id, body, password_at, password }
    }

    pub(crate) fn cluster_id(&self) -> &str {
        &self.cluster_id
    }

    /// The body as it goes out.
    pub(crate) fn body(&self) -> &str {
        self.body.expose()
    }

    /// The body with `login_password` masked, and whether there was anything to mask.
    pub(crate) fn masked_body(&self) -> (String, bool) {
        let body = self.body.expose();
        match &self.password_at {
            None => (body.to_owned(), false),
            Some(at) => (format!("{}\"***\"{}", &body[..at.start], &body[at.end..]), true),
        }
    }

    pub(crate) fn password(&self) -> Option<&Secret> {
        self.password.as_ref()
    }
}

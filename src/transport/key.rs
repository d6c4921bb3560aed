//! What keeps connections apart.

use std::sync::Arc;

use super::trust::Trust;
use crate::config::authority::{Authority, Scheme};
use crate::config::endpoint::Endpoint;

/// Between whom it is, and whom that trusts: what keeps connections apart.
pub(super) struct Key {
    scheme: Scheme,
    authority: String,
    proxy: Option<Authority>,
    trust: Option<Arc<Trust>>,
}

impl Key {
    pub(super) fn new(endpoint: &Endpoint, trust: Option<Arc<Trust>>) -> Key {
        let (scheme, authority) = (endpoint.scheme, endpoint.authority.clone());
        Key { scheme, authority, proxy: endpoint.proxy.clone(), trust }
    }

    /// No call rides on another one's trust, nor on what has changed since.
    pub(super) fn fits(&self, endpoint: &Endpoint, trust: Option<&Arc<Trust>>) -> bool {
        let same_trust = match (&self.trust, trust) {
            (None, None) => true,
            (Some(own), Some(wanted)) => Arc::ptr_eq(own, wanted),
            (None, Some(_)) | (Some(_), None) => false,
        };
        let same_place = self.scheme == endpoint.scheme && self.authority == endpoint.authority;
        same_trust && same_place && self.proxy == endpoint.proxy
    }
}

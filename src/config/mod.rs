//! What a call will use: the document's `client` member, the environment where that is silent, and what both
//! together come to. The validator judges it before anything is sent.

pub(crate) mod authority;
pub(crate) mod client;
pub(crate) mod endpoint;
pub(crate) mod environment;
pub(crate) mod key_text;
pub(crate) mod proxy;
pub(crate) mod roots;

use client::ClientOptions;
use endpoint::Endpoint;
use environment::Environment;
use roots::Roots;

use crate::error::Problem;

/// What the document and the environment come to.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub endpoint: Endpoint,
    pub roots: Roots,
}

/// Resolves what a call will use. Fails where the environment's word is not usable, at the member it stands
/// for.
pub(crate) fn resolve(
    client: &ClientOptions,
    environment: &Environment,
) -> Result<Resolved, Problem> {
    Ok(Resolved {
        endpoint: Endpoint::resolve(client, environment)?,
        roots: Roots::resolve(client, environment),
    })
}

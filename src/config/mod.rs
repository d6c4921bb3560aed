//! What a call will use: the document's `client` member, the environment where that is silent, and the way
//! to the service that both together mean.

pub mod authority;
pub mod client;
pub mod endpoint;
pub mod environment;

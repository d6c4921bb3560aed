//! Add worker nodes to an Alibaba Cloud Kubernetes (ACK) cluster: one API, ScaleOutCluster.

mod api;
#[doc(hidden)]
pub mod binding;
mod call;
mod config;
mod control;
mod credentials;
mod date;
mod error;
#[cfg(feature = "capi")]
pub mod ffi;
mod json;
mod operation;
mod os;
mod outcome;
mod redact;
mod render;
mod schema;
mod secret;
mod sign;
mod transport;
mod validate;

pub use call::{Answer, json_get, json_set, look, scale_out, scale_out_with, schema, validate};
pub use control::Control;
pub use error::Status;
pub use os::thread::spawn;

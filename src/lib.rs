//! Add worker nodes to an Alibaba Cloud Kubernetes (ACK) cluster: one API, ScaleOutCluster.

mod address;
mod call;
mod control;
mod credentials;
mod document;
mod edit;
mod environment;
mod error;
#[cfg(feature = "capi")]
pub mod ffi;
mod flights;
mod json;
mod outcome;
mod pointer;
mod process;
mod reconcile;
mod reply;
mod request;
mod route;
mod scale_out;
mod scrub;
mod secret;
mod send;
mod session;
mod sign;
mod thread;
mod time;
mod validate;

pub use call::{Answer, json_get, json_set, look, scale_out, scale_out_with, validate};
pub use control::Control;
pub use error::Status;
pub use thread::spawn;

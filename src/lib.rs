//! Add worker nodes to an Alibaba Cloud Kubernetes (ACK) cluster: one API, ScaleOutCluster, with a JSON
//! document in and a JSON document out. Each call that succeeds buys servers, and the API has no idempotency
//! token: this library checks everything before it sends, never sends twice, and says exactly what is known
//! afterwards.
//!
//! ```
//! use cs_scale_out::{Error, Outcome};
//!
//! # let service = local_ack::LocalAck::start().unwrap();
//! # let endpoint = service.url();
//! let request = format!(
//!     r#"{{"ClusterId": "c82e6987e2961451182edacd74faf", "count": 3, "key_pair": "common",
//!         "client": {{"endpoint": "{endpoint}",
//!                    "access_key_id": "testid", "access_key_secret": "testsecret"}}}}"#
//! );
//! let answer = cs_scale_out::scale_out(request.as_bytes());
//! match answer.outcome {
//!     Outcome::Accepted(accepted) => println!("task {}", accepted.task_id),
//!     Outcome::Failed(Error::Unknown(detail)) => {
//!         println!("nodes may be on their way: {}", detail.hint.unwrap_or_default());
//!     }
//!     Outcome::Failed(error) => println!("nothing was started: {error}"),
//!     _ => println!("{}", answer.document),
//! }
//! # assert_eq!(answer.status, cs_scale_out::Status::Ok);
//! ```
//!
//! # The way of one call
//!
//! ```text
//! ffi, bindings     convert types and decide nothing
//! call              the waist: bytes in, an Answer out; catches panics
//!   validate        every problem in one pass; what a call will use, from config, is judged here
//!   operation       purchase: credentials, then the retry loop; reconcile after an unknown end; and what
//!                   reads tasks: one look, a wait, a list, a look at what became of an unknown call
//!     api, sign     the request with its headers; its signature
//!     transport     one exchange: one request out, one reply in, and whether a byte had left
//!     outcome       what that end means, whether to try again, what to do about it
//!   render          the document that goes out
//! ```
//!
//! A retry is decided in `operation/retry.rs`, on the advice of the table in `outcome/classify.rs`. Hints are made
//! in `outcome/`. A parameter's rule stands in `validate/`.

#[cfg(not(target_os = "linux"))]
compile_error!("cs-scale-out does not serve this platform yet: it is for Linux");

mod api;
#[doc(hidden)]
pub mod binding;
mod call;
mod config;
mod control;
mod credentials;
mod date;
mod encode;
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
mod task;
mod transport;
mod validate;

pub use call::{
    Answer, describe_task, describe_task_with, json_get, json_set, list_tasks, list_tasks_with,
    look, look_with, scale_out, scale_out_with, schema, validate, wait_task, wait_task_with,
};
pub use control::Control;
pub use error::{Candidate, Code, CredentialSource, Detail, Error, Problem, Status};
pub use outcome::{Accepted, DryRun, Look, Outcome};
pub use task::{Event, ListedTask, Nodes, Stage, Task, TaskError, TaskList, TaskState};

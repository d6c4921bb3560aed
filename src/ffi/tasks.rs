//! The functions that read tasks, as C sees them.

use std::ffi::{c_char, c_int};

use super::convert::answer_document;
use crate::call;
use crate::error::Status;

/// Looks at a task once, however it stands. A read: it buys nothing.
///
/// @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `task_id` and, optionally, `client` as
///                 for cs_scale_out(). Only read during the call.
/// @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
///                 and releases with cs_scale_out_free(). On success it holds `task_id`, `cluster_id`, `state`
///                 ("running", "paused", "success", "fail", "canceled", or a newer word of the service), the
///                 instances in `succeeded`, `failed` and `pending`, `stages`, `error`, `events`, `created`,
///                 `updated`, `attempts` and `warnings`.
/// @return CS_SCALE_OUT_OK or a negative status: CS_SCALE_OUT_ERR_ARGUMENT, CS_SCALE_OUT_ERR_INVALID, CS_SCALE_OUT_ERR_CREDENTIALS,
///         CS_SCALE_OUT_ERR_UNSENT, CS_SCALE_OUT_ERR_REFUSED, CS_SCALE_OUT_ERR_UNKNOWN (there is no trustworthy answer:
///         ask again), CS_SCALE_OUT_ERR_INTERNAL.
///
/// Blocks for `client.timeout_ms` (default 30000 ms) at most; what gets no answer is asked again within it,
/// `client.max_attempts` (default 3) times in all. Any thread may call it, any number at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_describe_task(
    json_in: *const c_char,
    json_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller's promises are this function's own.
    unsafe { answer_document(json_in, json_out, Status::Unsent, call::describe_task) }
}

/// Waits for a task's end. It only reads: a wait that ends early changes nothing about the task.
///
/// It looks at once, and then at least `poll_interval_ms` apart. Throttling, server errors, lost
/// connections, a wrong clock and, for 60 s, a task that is not found yet do not end it.
///
/// @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `task_id` and, optionally,
///                 `poll_interval_ms` (default 5000), `wait_ms` (default 3600000) and `client`, whose
///                 `timeout_ms` is each look's. Only read during the call.
/// @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
///                 and releases with cs_scale_out_free(): as of cs_scale_out_describe_task(), with
///                 `"timed_out": true` where the time was over before the task was. With a failure, too,
///                 come `state`, `succeeded`, `failed` and `pending` as they were last seen, if they were.
/// @return CS_SCALE_OUT_OK if the task succeeded with every node, or goes on; CS_SCALE_OUT_ERR_FAILED if it ended
///         otherwise; or the negative statuses of cs_scale_out_describe_task().
///
/// Blocks for `wait_ms` and one look's `client.timeout_ms` at most. Any thread may call it, any number
/// at once. Keys of the environment are read again where they are refused: no other thread may change
/// the environment (setenv) during a wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_wait_task(
    json_in: *const c_char,
    json_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller's promises are this function's own.
    unsafe { answer_document(json_in, json_out, Status::Unsent, call::wait_task) }
}

/// Lists a cluster's tasks, newest first, from all pages. A read: it buys nothing.
///
/// @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `ClusterId` and, optionally, `since`
///                 (RFC 3339: only tasks created from then on, and those that nothing dates) and `client`.
///                 Only read during the call.
/// @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
///                 and releases with cs_scale_out_free(). On success it holds `cluster_id`, `attempts`,
///                 `warnings` and `tasks`, each with `task_id`, `task_type`, `state`, `created`, `updated`,
///                 `dated` and `error`.
/// @return The statuses of cs_scale_out_describe_task(). A list that cannot be read to its end is a failure.
///
/// Blocks for `client.timeout_ms` (default 30000 ms) at most. Any thread may call it, any number at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_list_tasks(
    json_in: *const c_char,
    json_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller's promises are this function's own.
    unsafe { answer_document(json_in, json_out, Status::Unsent, call::list_tasks) }
}

/// Looks again what became of a call that ended with CS_SCALE_OUT_ERR_UNKNOWN, be it hours later or on another
/// machine. It is evidence, not proof; a read, that buys nothing and adopts nothing.
///
/// @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `unknown`, that call's document as it
///                 was handed out (`cluster_id`, `purchase_id` and `sent_at` must be in it, what is unknown
///                 in it is ignored), and, optionally, `client`. Only read during the call.
/// @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
///                 and releases with cs_scale_out_free(). On success it holds `cluster_id`, `purchase_id`,
///                 `candidates` (the scale-outs that were created from `sent_at` until `client.timeout_ms`
///                 and 600 s later, each with `state`, `succeeded`, `failed`, `pending` and `error` where it
///                 could be read), `complete` (false where the list could not be read to its end),
///                 `hint`, `attempts` and `warnings`.
/// @return The statuses of cs_scale_out_describe_task(); CS_SCALE_OUT_OK if the list, or a part of it, could be read.
///
/// Blocks for `client.timeout_ms` (default 30000 ms) at most. Any thread may call it, any number at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_look(
    json_in: *const c_char,
    json_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller's promises are this function's own.
    unsafe { answer_document(json_in, json_out, Status::Unsent, call::look) }
}

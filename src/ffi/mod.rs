//! The C ABI. Converts types and decides nothing.
//!
//! The comments on the items below become the header `include/cs_scale_out.h`. They say there, in C's
//! words, what a `# Safety` section would: which pointers may be NULL, what they point to, who owns it.
#![allow(clippy::missing_safety_doc)]

mod convert;
mod tasks;

use std::ffi::{c_char, c_int};

use crate::call::{self, LARGEST_DOCUMENT};
use crate::error::Status;
use crate::os::guest::Guest;
use crate::os::reserve::Reserve;
use crate::schema;
use convert::{answer, answer_document, bytes, reserve_for};
pub use tasks::{
    cs_scale_out_describe_task, cs_scale_out_list_tasks, cs_scale_out_look, cs_scale_out_wait_task,
};

/// What a function of this library returns, and what the caller does next. The functions return `int`:
/// a number that is not here is a status of a newer library.
#[repr(C)]
#[allow(non_camel_case_types, reason = "the names are C's")]
pub enum cs_scale_out_status {
    /// The service accepted the request; of a function that reads, it could be read. Next: keep `task_id`.
    CS_SCALE_OUT_OK = 0,
    /// A NULL pointer, or text that is not UTF-8, not JSON, or over the size limit. Next: fix the
    /// program.
    CS_SCALE_OUT_ERR_ARGUMENT = -1,
    /// The document breaks rules; `problems` lists every one. Next: fix the input.
    CS_SCALE_OUT_ERR_INVALID = -2,
    /// No usable credentials; `sources` lists what was tried and why it gave none. Next: fix the
    /// environment.
    CS_SCALE_OUT_ERR_CREDENTIALS = -3,
    /// No byte of the request reached the service. Next: retry freely.
    CS_SCALE_OUT_ERR_UNSENT = -4,
    /// The service answered no; nothing was started. Next: read `code`.
    CS_SCALE_OUT_ERR_REFUSED = -5,
    /// The request was sent, and there is no trustworthy answer: nodes may be on their way. Next: look
    /// before retrying; `candidates` holds what the library saw on the cluster's task list. Of a function
    /// that reads: there is no trustworthy answer, and it may be asked again.
    CS_SCALE_OUT_ERR_UNKNOWN = -6,
    /// A defect in this library, before anything was sent. Next: report it.
    CS_SCALE_OUT_ERR_INTERNAL = -7,
    /// Of a wait for a task: it has ended, and not with every node. Next: read `failed` and `error`; what
    /// did start is in `succeeded`.
    CS_SCALE_OUT_ERR_FAILED = -8,
}

/// Validates, signs and sends one ScaleOutCluster request, and waits for the service's answer.
///
/// Each call that succeeds buys servers. The request is never on the wire twice unless the earlier
/// copy provably was not executed; where that is in doubt, the status is CS_SCALE_OUT_ERR_UNKNOWN.
///
/// @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: the parameters of
///                 ScaleOutCluster by their documented names (`ClusterId` is required), and one
///                 optional member `client` that says how to send. Only read during the call.
///                 It ends at its first NUL: a caller whose strings can hold one must refuse it,
///                 or what stands before it is taken for the whole.
/// @param json_out Set to NULL first, then, on success and failure alike, to a NUL-terminated UTF-8
///                 JSON document that the caller owns and releases with cs_scale_out_free(). It stays NULL
///                 only if memory ran out. On success it holds `task_id`, `request_id`,
///                 `cluster_id`, `attempts` and `warnings`; on failure `message`, `attempts`
///                 and what else is known (`code`, `http_status`, `hint`, `problems`, ...).
/// @return CS_SCALE_OUT_OK or a negative status: CS_SCALE_OUT_ERR_ARGUMENT, CS_SCALE_OUT_ERR_INVALID, CS_SCALE_OUT_ERR_CREDENTIALS,
///         CS_SCALE_OUT_ERR_UNSENT, CS_SCALE_OUT_ERR_REFUSED, CS_SCALE_OUT_ERR_UNKNOWN, CS_SCALE_OUT_ERR_INTERNAL.
///
/// Blocks for `client.timeout_ms` (default 30000 ms, retries included) and, after an unknown end,
/// `client.reconcile_timeout_ms` (default 10000 ms) at most. Any thread may call it, any number at
/// once; it keeps no error state, writes nothing to stdout or stderr, changes no signal disposition,
/// and no exception crosses it. It reads the environment once, when it begins: no other thread may
/// change that (setenv) meanwhile. Where json_out is NULL nothing is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out(json_in: *const c_char, json_out: *mut *mut c_char) -> c_int {
    // SAFETY: the caller's promises are this function's own.
    unsafe { answer_document(json_in, json_out, Status::Unsent, call::scale_out) }
}

/// The validator of cs_scale_out() and nothing else: no network, file, environment or credential
/// is touched.
///
/// @param json_in  As for cs_scale_out().
/// @param json_out As for cs_scale_out(); `warnings` on success, `problems` too on failure. Release
///                 it with cs_scale_out_free().
/// @return CS_SCALE_OUT_OK, CS_SCALE_OUT_ERR_ARGUMENT, CS_SCALE_OUT_ERR_INVALID or CS_SCALE_OUT_ERR_INTERNAL.
///
/// Any thread may call it, any number at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_validate(
    json_in: *const c_char,
    json_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller's promises are this function's own.
    unsafe { answer_document(json_in, json_out, Status::Internal, call::validate) }
}

/// Takes one value out of a document, so that no JSON parser is needed.
///
/// @param json      NUL-terminated UTF-8 JSON, of any size.
/// @param pointer   JSON Pointer (RFC 6901), such as "/task_id" or "/problems/0/path"; "" is the
///                  whole document.
/// @param value_out Set to NULL first, then to the value: a string without its quotes, anything else
///                  as JSON. Where there is no such value, a failure document. The caller owns it
///                  and releases it with cs_scale_out_free().
/// @return CS_SCALE_OUT_OK; CS_SCALE_OUT_ERR_INVALID if there is no such value, or a string that C cannot hold;
///         CS_SCALE_OUT_ERR_ARGUMENT for a NULL pointer or text that is not UTF-8 or not JSON;
///         CS_SCALE_OUT_ERR_INTERNAL.
///
/// Any thread may call it, any number at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_json_get(
    json: *const c_char,
    pointer: *const c_char,
    value_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: non-NULL pointers are, by the caller's promise, NUL-terminated texts that live during
    // the call, and a place for one pointer.
    unsafe {
        let (json, pointer) = (bytes(json, usize::MAX), bytes(pointer, usize::MAX));
        answer(value_out, Status::Internal, &[json, pointer], || match (json, pointer) {
            (None, _) => call::argument("json is NULL"),
            (_, None) => call::argument("pointer is NULL"),
            (Some(json), Some(pointer)) => call::json_get(json, pointer),
        })
    }
}

/// Puts one value into a document, so that nobody pastes JSON together.
///
/// @param json     NUL-terminated UTF-8, a JSON document of at most 1 MiB; "" is an empty object.
/// @param pointer  JSON Pointer (RFC 6901) of the member to set, such as "/ClusterId" or
///                 "/tags/-/key". What is missing on the way is made: an array where the next part
///                 is an index or "-" (after the last item), else an object.
/// @param value    NUL-terminated UTF-8, plain text. It goes in as the JSON type of the parameter at
///                 `pointer`: a string is escaped, an integer or boolean taken as it is written, an
///                 array or object must be JSON already. A member this version does not know is
///                 a string.
/// @param json_out Set to NULL first, then to the new document, or to a failure document. The caller
///                 owns it and releases it with cs_scale_out_free(). `json` is not changed and stays
///                 the caller's: keep it until the new one is there, then release it, too.
/// @return CS_SCALE_OUT_OK; CS_SCALE_OUT_ERR_INVALID if the pointer leads nowhere or the value has not the parameter's
///         type; CS_SCALE_OUT_ERR_ARGUMENT for a NULL pointer or text that is not UTF-8, not JSON or over the
///         size limit; CS_SCALE_OUT_ERR_INTERNAL.
///
/// Any thread may call it, any number at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_json_set(
    json: *const c_char,
    pointer: *const c_char,
    value: *const c_char,
    json_out: *mut *mut c_char,
) -> c_int {
    // SAFETY: non-NULL pointers are, by the caller's promise, NUL-terminated texts that live during
    // the call, and a place for one pointer.
    unsafe {
        let most = LARGEST_DOCUMENT + 1;
        let (json, pointer, value) = (bytes(json, most), bytes(pointer, most), bytes(value, most));
        let work = || match (json, pointer, value) {
            (None, _, _) => call::argument("json is NULL"),
            (_, None, _) => call::argument("pointer is NULL"),
            (_, _, None) => call::argument("value is NULL"),
            (Some(json), Some(pointer), Some(value)) => call::json_set(json, pointer, value),
        };
        answer(json_out, Status::Internal, &[json, pointer, value], work)
    }
}

/// Releases what any function of this library handed out. NULL is ignored.
///
/// @param text A text this library returned, not released before. It came from the C library's
///             malloc(), so free() does as well where both sides share one C runtime.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_scale_out_free(text: *mut c_char) {
    // SAFETY: by the caller's promise `text` is NULL or came from `malloc` by `hand_over`.
    unsafe { libc::free(text.cast()) }
}

/// The library's version, such as "0.2.0".
///
/// @return A static string, never NULL; do not release it.
#[unsafe(no_mangle)]
pub extern "C" fn cs_scale_out_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The JSON Schema (2020-12) of a request: each member's type, values, default, description and an
/// example, for editors, forms and validators of other languages. What several members say together,
/// cs_scale_out_validate() checks beyond it.
///
/// @return A static, NUL-terminated UTF-8 text, never NULL; do not release it. Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cs_scale_out_schema() -> *const c_char {
    let _guest = Guest::begin();
    // Made by the first call; it stays.
    let _entered = reserve_for(0).map(Reserve::enter);
    schema::json_schema_for_c().as_ptr()
}

/// A status's name, as it stands under "status" in a document: "ok", "argument", "invalid",
/// "credentials", "unsent", "refused", "unknown", "internal", "failed".
///
/// @param status What a function of this library returned.
/// @return A static string, never NULL; "unrecognized" for any other number. Do not release it.
#[unsafe(no_mangle)]
pub extern "C" fn cs_scale_out_status_name(status: c_int) -> *const c_char {
    let name = match Status::ALL.into_iter().find(|known| known.number() == status) {
        None => c"unrecognized",
        Some(Status::Ok) => c"ok",
        Some(Status::Argument) => c"argument",
        Some(Status::Invalid) => c"invalid",
        Some(Status::Credentials) => c"credentials",
        Some(Status::Unsent) => c"unsent",
        Some(Status::Refused) => c"refused",
        Some(Status::Unknown) => c"unknown",
        Some(Status::Internal) => c"internal",
        Some(Status::Failed) => c"failed",
    };
    name.as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    #[test]
    fn constants_and_names_are_the_statuses() {
        use cs_scale_out_status::*;
        let constants = [
            CS_SCALE_OUT_OK,
            CS_SCALE_OUT_ERR_ARGUMENT,
            CS_SCALE_OUT_ERR_INVALID,
            CS_SCALE_OUT_ERR_CREDENTIALS,
            CS_SCALE_OUT_ERR_UNSENT,
            CS_SCALE_OUT_ERR_REFUSED,
            CS_SCALE_OUT_ERR_UNKNOWN,
            CS_SCALE_OUT_ERR_INTERNAL,
            CS_SCALE_OUT_ERR_FAILED,
        ];
        assert_eq!(constants.len(), Status::ALL.len());
        let name = |status| {
            // SAFETY: a static, NUL-terminated text.
            unsafe { CStr::from_ptr(cs_scale_out_status_name(status)) }.to_str().expect("UTF-8")
        };
        for (constant, status) in constants.into_iter().zip(Status::ALL) {
            let constant = constant as c_int;
            assert_eq!(constant, status.number());
            assert_eq!(name(constant), status.name());
        }
        for stranger in [1, -9, c_int::MIN, c_int::MAX] {
            assert_eq!(name(stranger), "unrecognized");
        }
    }
}

/*
 * cs_scale_out: add worker nodes to an Alibaba Cloud Kubernetes (ACK) cluster.
 *
 * One document in, one document out. A text that a function hands out belongs to the caller and is
 * released with cs_scale_out_free(). No init call; any thread, any number at once.
 *
 * A thread that is cancelled (pthread_cancel) during a call ends behind it. errno is left as it was.
 *
 * Where malloc() fails, no call ends the process. Each call has 2 MiB of address space in reserve, which
 * costs no memory before it is used and serves the next call afterwards, and 32 KiB for its document.
 * Texts of more than 2 KiB take 384 bytes more for each of theirs. A call that cannot have that sends
 * nothing, and neither does one that has run out of memory before its first byte: it ends as
 * CS_SCALE_OUT_ERR_UNSENT, as do those that read tasks, the other functions as
 * CS_SCALE_OUT_ERR_INTERNAL, with NULL where there is no room for a document. Afterwards it reads what
 * reply there is room for. A text of more than 64 KiB is taken where the system has less in reserve, too:
 * only from the first byte on is that enough.
 *
 * Generated from src/ffi/ by cbindgen; do not edit. UPDATE=1 cargo test --test abi rewrites it.
 */

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CS_SCALE_OUT_H
#define CS_SCALE_OUT_H

/** This header's version; the library's is cs_scale_out_version(). */
#define CS_SCALE_OUT_VERSION "0.2.0"
/** The same as a number: major * 10000 + minor * 100 + patch. */
#define CS_SCALE_OUT_VERSION_NUMBER 200

/**
 * What a function of this library returns, and what the caller does next. The functions return `int`:
 * a number that is not here is a status of a newer library.
 */
enum cs_scale_out_status {
  /**
   * The service accepted the request; of a function that reads, it could be read. Next: keep `task_id`.
   */
  CS_SCALE_OUT_OK = 0,
  /**
   * A NULL pointer, or text that is not UTF-8, not JSON, or over the size limit. Next: fix the
   * program.
   */
  CS_SCALE_OUT_ERR_ARGUMENT = -1,
  /**
   * The document breaks rules; `problems` lists every one. Next: fix the input.
   */
  CS_SCALE_OUT_ERR_INVALID = -2,
  /**
   * No usable credentials; `sources` lists what was tried and why it gave none. Next: fix the
   * environment.
   */
  CS_SCALE_OUT_ERR_CREDENTIALS = -3,
  /**
   * No byte of the request reached the service. Next: retry freely.
   */
  CS_SCALE_OUT_ERR_UNSENT = -4,
  /**
   * The service answered no; nothing was started. Next: read `code`.
   */
  CS_SCALE_OUT_ERR_REFUSED = -5,
  /**
   * The request was sent, and there is no trustworthy answer: nodes may be on their way. Next: look
   * before retrying; `candidates` holds what the library saw on the cluster's task list. Of a function
   * that reads: there is no trustworthy answer, and it may be asked again.
   */
  CS_SCALE_OUT_ERR_UNKNOWN = -6,
  /**
   * A defect in this library, before anything was sent. Next: report it.
   */
  CS_SCALE_OUT_ERR_INTERNAL = -7,
  /**
   * Of a wait for a task: it has ended, and not with every node. Next: read `failed` and `error`; what
   * did start is in `succeeded`.
   */
  CS_SCALE_OUT_ERR_FAILED = -8,
};

/**
 * Validates, signs and sends one ScaleOutCluster request, and waits for the service's answer.
 *
 * Each call that succeeds buys servers. The request is never on the wire twice unless the earlier
 * copy provably was not executed; where that is in doubt, the status is CS_SCALE_OUT_ERR_UNKNOWN.
 *
 * @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: the parameters of
 *                 ScaleOutCluster by their documented names (`ClusterId` is required), and one
 *                 optional member `client` that says how to send. Only read during the call.
 *                 It ends at its first NUL: a caller whose strings can hold one must refuse it,
 *                 or what stands before it is taken for the whole.
 * @param json_out Set to NULL first, then, on success and failure alike, to a NUL-terminated UTF-8
 *                 JSON document that the caller owns and releases with cs_scale_out_free(). It stays NULL
 *                 only if memory ran out. On success it holds `task_id`, `request_id`,
 *                 `cluster_id`, `attempts` and `warnings`; on failure `message`, `attempts`
 *                 and what else is known (`code`, `http_status`, `hint`, `problems`, ...).
 * @return CS_SCALE_OUT_OK or a negative status: CS_SCALE_OUT_ERR_ARGUMENT, CS_SCALE_OUT_ERR_INVALID, CS_SCALE_OUT_ERR_CREDENTIALS,
 *         CS_SCALE_OUT_ERR_UNSENT, CS_SCALE_OUT_ERR_REFUSED, CS_SCALE_OUT_ERR_UNKNOWN, CS_SCALE_OUT_ERR_INTERNAL.
 *
 * Blocks for `client.timeout_ms` (default 30000 ms, retries included) and, after an unknown end,
 * `client.reconcile_timeout_ms` (default 10000 ms) at most. Any thread may call it, any number at
 * once; it keeps no error state, writes nothing to stdout or stderr, changes no signal disposition,
 * and no exception crosses it. It reads the environment once, when it begins: no other thread may
 * change that (setenv) meanwhile. Where json_out is NULL nothing is sent.
 */
int cs_scale_out(const char *json_in, char **json_out);

/**
 * The validator of cs_scale_out() and nothing else: no network, file, environment or credential
 * is touched.
 *
 * @param json_in  As for cs_scale_out().
 * @param json_out As for cs_scale_out(); `warnings` on success, `problems` too on failure. Release
 *                 it with cs_scale_out_free().
 * @return CS_SCALE_OUT_OK, CS_SCALE_OUT_ERR_ARGUMENT, CS_SCALE_OUT_ERR_INVALID or CS_SCALE_OUT_ERR_INTERNAL.
 *
 * Any thread may call it, any number at once.
 */
int cs_scale_out_validate(const char *json_in, char **json_out);

/**
 * Takes one value out of a document, so that no JSON parser is needed.
 *
 * @param json      NUL-terminated UTF-8 JSON, of any size.
 * @param pointer   JSON Pointer (RFC 6901), such as "/task_id" or "/problems/0/path"; "" is the
 *                  whole document.
 * @param value_out Set to NULL first, then to the value: a string without its quotes, anything else
 *                  as JSON. Where there is no such value, a failure document. The caller owns it
 *                  and releases it with cs_scale_out_free().
 * @return CS_SCALE_OUT_OK; CS_SCALE_OUT_ERR_INVALID if there is no such value, or a string that C cannot hold;
 *         CS_SCALE_OUT_ERR_ARGUMENT for a NULL pointer or text that is not UTF-8 or not JSON;
 *         CS_SCALE_OUT_ERR_INTERNAL.
 *
 * Any thread may call it, any number at once.
 */
int cs_scale_out_json_get(const char *json, const char *pointer, char **value_out);

/**
 * Puts one value into a document, so that nobody pastes JSON together.
 *
 * @param json     NUL-terminated UTF-8, a JSON document of at most 1 MiB; "" is an empty object.
 * @param pointer  JSON Pointer (RFC 6901) of the member to set, such as "/ClusterId" or
 *                 "/tags/-/key". What is missing on the way is made: an array where the next part
 *                 is an index or "-" (after the last item), else an object.
 * @param value    NUL-terminated UTF-8, plain text. It goes in as the JSON type of the parameter at
 *                 `pointer`: a string is escaped, an integer or boolean taken as it is written, an
 *                 array or object must be JSON already. A member this version does not know is
 *                 a string.
 * @param json_out Set to NULL first, then to the new document, or to a failure document. The caller
 *                 owns it and releases it with cs_scale_out_free(). `json` is not changed and stays
 *                 the caller's: keep it until the new one is there, then release it, too.
 * @return CS_SCALE_OUT_OK; CS_SCALE_OUT_ERR_INVALID if the pointer leads nowhere or the value has not the parameter's
 *         type; CS_SCALE_OUT_ERR_ARGUMENT for a NULL pointer or text that is not UTF-8, not JSON or over the
 *         size limit; CS_SCALE_OUT_ERR_INTERNAL.
 *
 * Any thread may call it, any number at once.
 */
int cs_scale_out_json_set(const char *json, const char *pointer, const char *value, char **json_out);

/**
 * Releases what any function of this library handed out. NULL is ignored.
 *
 * @param text A text this library returned, not released before. It came from the C library's
 *             malloc(), so free() does as well where both sides share one C runtime.
 */
void cs_scale_out_free(char *text);

/**
 * The library's version, such as "0.2.0".
 *
 * @return A static string, never NULL; do not release it.
 */
const char *cs_scale_out_version(void);

/**
 * The JSON Schema (2020-12) of a request: each member's type, values, default, description and an
 * example, for editors, forms and validators of other languages. What several members say together,
 * cs_scale_out_validate() checks beyond it.
 *
 * @return A static, NUL-terminated UTF-8 text, never NULL; do not release it. Any thread may call it.
 */
const char *cs_scale_out_schema(void);

/**
 * A status's name, as it stands under "status" in a document: "ok", "argument", "invalid",
 * "credentials", "unsent", "refused", "unknown", "internal", "failed".
 *
 * @param status What a function of this library returned.
 * @return A static string, never NULL; "unrecognized" for any other number. Do not release it.
 */
const char *cs_scale_out_status_name(int status);

/**
 * Looks at a task once, however it stands. A read: it buys nothing.
 *
 * @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `task_id` and, optionally, `client` as
 *                 for cs_scale_out(). Only read during the call.
 * @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
 *                 and releases with cs_scale_out_free(). On success it holds `task_id`, `cluster_id`, `state`
 *                 ("running", "paused", "success", "fail", "canceled", or a newer word of the service), the
 *                 instances in `succeeded`, `failed` and `pending`, `stages`, `error`, `events`, `created`,
 *                 `updated`, `attempts` and `warnings`.
 * @return CS_SCALE_OUT_OK or a negative status: CS_SCALE_OUT_ERR_ARGUMENT, CS_SCALE_OUT_ERR_INVALID, CS_SCALE_OUT_ERR_CREDENTIALS,
 *         CS_SCALE_OUT_ERR_UNSENT, CS_SCALE_OUT_ERR_REFUSED, CS_SCALE_OUT_ERR_UNKNOWN (there is no trustworthy answer:
 *         ask again), CS_SCALE_OUT_ERR_INTERNAL.
 *
 * Blocks for `client.timeout_ms` (default 30000 ms) at most; what gets no answer is asked again within it,
 * `client.max_attempts` (default 3) times in all. Any thread may call it, any number at once.
 */
int cs_scale_out_describe_task(const char *json_in, char **json_out);

/**
 * Waits for a task's end. It only reads: a wait that ends early changes nothing about the task.
 *
 * It looks at once, and then at least `poll_interval_ms` apart. Throttling, server errors, lost
 * connections, a wrong clock and, for 60 s, a task that is not found yet do not end it.
 *
 * @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `task_id` and, optionally,
 *                 `poll_interval_ms` (default 5000), `wait_ms` (default 3600000) and `client`, whose
 *                 `timeout_ms` is each look's. Only read during the call.
 * @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
 *                 and releases with cs_scale_out_free(): as of cs_scale_out_describe_task(), with
 *                 `"timed_out": true` where the time was over before the task was. With a failure, too,
 *                 come `state`, `succeeded`, `failed` and `pending` as they were last seen, if they were.
 * @return CS_SCALE_OUT_OK if the task succeeded with every node, or goes on; CS_SCALE_OUT_ERR_FAILED if it ended
 *         otherwise; or the negative statuses of cs_scale_out_describe_task().
 *
 * Blocks for `wait_ms` and one look's `client.timeout_ms` at most. Any thread may call it, any number
 * at once. Keys of the environment are read again where they are refused: no other thread may change
 * the environment (setenv) during a wait.
 */
int cs_scale_out_wait_task(const char *json_in, char **json_out);

/**
 * Lists a cluster's tasks, newest first, from all pages. A read: it buys nothing.
 *
 * @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `ClusterId` and, optionally, `since`
 *                 (RFC 3339: only tasks created from then on, and those that nothing dates) and `client`.
 *                 Only read during the call.
 * @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
 *                 and releases with cs_scale_out_free(). On success it holds `cluster_id`, `attempts`,
 *                 `warnings` and `tasks`, each with `task_id`, `task_type`, `state`, `created`, `updated`,
 *                 `dated` and `error`.
 * @return The statuses of cs_scale_out_describe_task(). A list that cannot be read to its end is a failure.
 *
 * Blocks for `client.timeout_ms` (default 30000 ms) at most. Any thread may call it, any number at once.
 */
int cs_scale_out_list_tasks(const char *json_in, char **json_out);

/**
 * Looks again what became of a call that ended with CS_SCALE_OUT_ERR_UNKNOWN, be it hours later or on another
 * machine. It is evidence, not proof; a read, that buys nothing and adopts nothing.
 *
 * @param json_in  NUL-terminated UTF-8, a JSON object of at most 1 MiB: `unknown`, that call's document as it
 *                 was handed out (`cluster_id`, `purchase_id` and `sent_at` must be in it, what is unknown
 *                 in it is ignored), and, optionally, `client`. Only read during the call.
 * @param json_out Set to NULL first, then, on success and failure alike, to a document that the caller owns
 *                 and releases with cs_scale_out_free(). On success it holds `cluster_id`, `purchase_id`,
 *                 `candidates` (the scale-outs that were created from `sent_at` until `client.timeout_ms`
 *                 and 600 s later, each with `state`, `succeeded`, `failed`, `pending` and `error` where it
 *                 could be read), `complete` (false where the list could not be read to its end),
 *                 `hint`, `attempts` and `warnings`.
 * @return The statuses of cs_scale_out_describe_task(); CS_SCALE_OUT_OK if the list, or a part of it, could be read.
 *
 * Blocks for `client.timeout_ms` (default 30000 ms) at most. Any thread may call it, any number at once.
 */
int cs_scale_out_look(const char *json_in, char **json_out);

#endif  /* CS_SCALE_OUT_H */

#ifdef __cplusplus
}
#endif

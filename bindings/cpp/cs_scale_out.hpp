/**
 * @file
 * cs_scale_out for C++17 and newer: one header over the C functions of cs_scale_out.h, nothing to
 * link but the library itself.
 *
 *     cs_ack::answer answer = cs_ack::scale_out(cs_ack::request("c82e6987e2961451182edacd74faf").count(3));
 *     if (answer.ok()) {
 *         std::cout << *answer.get("/task_id") << '\n';
 *     }
 *
 * A document goes in as a string, a NUL-terminated text (NULL is answered with
 * CS_SCALE_OUT_ERR_ARGUMENT), or whatever writes itself with dump(): a cs_ack::request, a nlohmann::json.
 *
 * Any thread may call any function, any number at once; an object belongs to one thread at a time,
 * as a std::string does. Nothing here keeps state, writes output or throws, but for two cases: the
 * functions that end in `_or_throw`, which do not exist under -fno-exceptions, and std::bad_alloc,
 * which comes before anything was sent, never after.
 */
#ifndef CS_SCALE_OUT_HPP
#define CS_SCALE_OUT_HPP

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__cpp_exceptions)
#include <exception>
#endif

#include "cs_scale_out.h"

namespace cs_ack {

/**
 * A text of the library, released with cs_scale_out_free() when this ends. It moves and is not copied.
 * What looks into it is not to be had of a temporary, which would be gone: take str() or get() of that.
 */
class [[nodiscard]] text {
public:
    text() noexcept = default;
    /** Takes over what a C function handed out; NULL is an empty text. */
    explicit text(char *owned) noexcept : data_(owned) {}

    /** NUL-terminated UTF-8, valid as long as this is; "" where there is none. */
    [[nodiscard]] const char *c_str() const & noexcept { return data_ ? data_.get() : ""; }
    const char *c_str() const && = delete;
    [[nodiscard]] std::string_view view() const & noexcept { return c_str(); }
    std::string_view view() const && = delete;
    operator std::string_view() const & noexcept { return c_str(); }
    operator std::string_view() const && = delete;
    /** A copy that outlives this. */
    [[nodiscard]] std::string str() const { return c_str(); }
    [[nodiscard]] bool empty() const noexcept { return *c_str() == '\0'; }
    /** The value at a JSON Pointer, as cs_ack::json_get() gives it. */
    [[nodiscard]] std::optional<std::string> get(std::string_view pointer) const;

    friend bool operator==(const text &a, std::string_view b) noexcept { return a.view() == b; }
    friend bool operator!=(const text &a, std::string_view b) noexcept { return a.view() != b; }

private:
    struct release {
        void operator()(char *text) const noexcept { cs_scale_out_free(text); }
    };
    std::unique_ptr<char, release> data_;
};

/** The name of a status, such as "unknown"; "unrecognized" for a number that is none. */
[[nodiscard]] inline std::string_view status_name(int status) noexcept
{
    return cs_scale_out_status_name(status);
}

/** The library's version, such as "0.2.0". */
[[nodiscard]] inline std::string_view version() noexcept
{
    return cs_scale_out_version();
}

/** The JSON Schema (2020-12) of a request. */
[[nodiscard]] inline std::string_view schema() noexcept
{
    return cs_scale_out_schema();
}

/** How a call ended: a status and its document. `auto [status, document] = cs_ack::scale_out(...)`. */
struct [[nodiscard]] answer {
    /** CS_SCALE_OUT_OK or one of CS_SCALE_OUT_ERR_...: look at it first. */
    int status = CS_SCALE_OUT_ERR_INTERNAL;
    /** JSON; empty only if memory ran out. */
    text document;

    [[nodiscard]] bool ok() const noexcept { return status == CS_SCALE_OUT_OK; }
    explicit operator bool() const noexcept { return ok(); }
    /** The status by name. */
    [[nodiscard]] std::string_view name() const noexcept { return status_name(status); }
    /** The document's value at a JSON Pointer, as cs_ack::json_get() gives it. */
    [[nodiscard]] std::optional<std::string> get(std::string_view pointer) const { return document.get(pointer); }
};

namespace detail {

/* A document or another text as C wants it. A pointer stays one: it may be NULL, and needs no copy. */
template <class Text>
auto written(const Text &text)
{
    if constexpr (std::is_convertible_v<const Text &, const char *>) {
        return static_cast<const char *>(text);
    } else if constexpr (std::is_convertible_v<const Text &, std::string_view>) {
        return std::string(static_cast<std::string_view>(text));
    } else {
        return std::string(text.dump());
    }
}

inline const char *c_str(const char *text) noexcept { return text; }
inline const char *c_str(const std::string &text) noexcept { return text.c_str(); }

/* C would take the part before a NUL for the whole, and send that. */
inline bool has_nul(const char *) noexcept { return false; }
inline bool has_nul(const std::string &text) noexcept { return text.find('\0') != std::string::npos; }

/* Calls a C function whose last parameter is `char **`. */
template <class... Inputs, class... Texts>
answer call(int (*function)(Inputs...), const Texts &...texts)
{
    char *out = nullptr;
    int status = CS_SCALE_OUT_ERR_ARGUMENT;
    if ((... || has_nul(texts))) {
        /* A copy of this, owned like any other document. */
        cs_scale_out_json_get(R"({"status":"argument","message":"the text holds a NUL byte","attempts":0})", "", &out);
    } else {
        status = function(c_str(texts)..., &out);
    }
    return {status, text(out)};
}

} // namespace detail

/**
 * One value of a document: a string without its quotes, anything else as JSON.
 * @param document JSON.
 * @param pointer  JSON Pointer (RFC 6901), such as "/task_id".
 * @return Nothing if there is no such value, or if `document` is not JSON.
 */
template <class Document>
[[nodiscard]] std::optional<std::string> json_get(const Document &document, std::string_view pointer)
{
    answer value = detail::call(cs_scale_out_json_get, detail::written(document), std::string(pointer));
    return value.ok() ? std::optional(value.document.str()) : std::nullopt;
}

inline std::optional<std::string> text::get(std::string_view pointer) const
{
    return json_get(c_str(), pointer);
}

/**
 * A document with one value set, as cs_scale_out_json_set() does it; the new document, or what is wrong, is
 * the answer's.
 */
template <class Document>
answer json_set(const Document &document, std::string_view pointer, std::string_view value)
{
    return detail::call(cs_scale_out_json_set, detail::written(document), std::string(pointer), std::string(value));
}

/**
 * Validates, signs and sends one request, and waits for the service's answer. Each call that
 * succeeds buys servers.
 *
 * Blocks for `client.timeout_ms` (default 30000 ms) and, after an unknown end,
 * `client.reconcile_timeout_ms` (default 10000 ms) at most. After CS_SCALE_OUT_ERR_UNKNOWN look at the
 * cluster; never just call again.
 *
 * @param document The request as JSON, UTF-8; only read during the call.
 */
template <class Document>
answer scale_out(const Document &document)
{
    return detail::call(cs_scale_out, detail::written(document));
}

/** The validator of scale_out() and nothing else: no network, file or environment is touched. */
template <class Document>
answer validate(const Document &document)
{
    return detail::call(cs_scale_out_validate, detail::written(document));
}

#if defined(__cpp_exceptions)

/** What the `_or_throw` functions throw: a status other than CS_SCALE_OUT_OK. Copies share one document. */
class error : public std::exception {
public:
    struct state {
        cs_ack::answer answer;
        text message;
    };
    explicit error(std::shared_ptr<const state> shared) noexcept : state_(std::move(shared)) {}

    /** The document's `message`; the status's name if there is none. Valid as long as this is. */
    const char *what() const noexcept override
    {
        return state_->message.empty() ? cs_scale_out_status_name(status()) : state_->message.c_str();
    }
    [[nodiscard]] int status() const noexcept { return state_->answer.status; }
    /** The whole document, valid as long as this is: `code`, `hint`, `problems`, `candidates`... */
    [[nodiscard]] const text &document() const noexcept { return state_->answer.document; }
    [[nodiscard]] std::optional<std::string> get(std::string_view pointer) const { return document().get(pointer); }

private:
    std::shared_ptr<const state> state_;
};

/** CS_SCALE_OUT_ERR_ARGUMENT: fix the program. */
class argument_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_INVALID: fix the input; `problems` lists everything. */
class invalid_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_CREDENTIALS: fix the environment; `sources` tells what was tried. */
class credentials_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_UNSENT: no byte of the request reached the service; retry freely. */
class unsent_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_REFUSED: the service answered no; read `code`. */
class refused_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_UNKNOWN: nodes may be on their way. Look before anything is sent again. */
class unknown_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_INTERNAL: a defect of the library, before anything was sent; report it. */
class internal_error : public error { using error::error; };
/** CS_SCALE_OUT_ERR_FAILED: a task has ended, and not with every node; read `failed` and `error`. */
class failed_error : public error { using error::error; };

namespace detail {

[[noreturn]] inline void raise(std::shared_ptr<error::state> state)
{
    char *message = nullptr;
    int found = cs_scale_out_json_get(state->answer.document.c_str(), "/message", &message);
    text owned(message);
    if (found == CS_SCALE_OUT_OK) {
        state->message = std::move(owned);
    }
    switch (state->answer.status) {
    case CS_SCALE_OUT_ERR_ARGUMENT: throw argument_error(std::move(state));
    case CS_SCALE_OUT_ERR_INVALID: throw invalid_error(std::move(state));
    case CS_SCALE_OUT_ERR_CREDENTIALS: throw credentials_error(std::move(state));
    case CS_SCALE_OUT_ERR_UNSENT: throw unsent_error(std::move(state));
    case CS_SCALE_OUT_ERR_REFUSED: throw refused_error(std::move(state));
    case CS_SCALE_OUT_ERR_UNKNOWN: throw unknown_error(std::move(state));
    case CS_SCALE_OUT_ERR_INTERNAL: throw internal_error(std::move(state));
    case CS_SCALE_OUT_ERR_FAILED: throw failed_error(std::move(state));
    default: throw error(std::move(state));
    }
}

/* All memory is taken before the call: std::bad_alloc after it would hide that something was sent. */
template <class Call>
text or_throw(const Call &call)
{
    auto state = std::make_shared<error::state>();
    state->answer = call();
    if (!state->answer.ok()) {
        raise(std::move(state));
    }
    return std::move(state->answer.document);
}

} // namespace detail

/**
 * scale_out() for those who prefer exceptions.
 * @return The document of a success: `task_id`, `request_id`, `warnings`...
 * @throws cs_ack::error, by status one of its classes. After cs_ack::unknown_error never just call again.
 */
template <class Document>
text scale_out_or_throw(const Document &document)
{
    return detail::or_throw([&] { return scale_out(document); });
}

/** validate() for those who prefer exceptions; @throws cs_ack::invalid_error or cs_ack::argument_error. */
template <class Document>
text validate_or_throw(const Document &document)
{
    return detail::or_throw([&] { return validate(document); });
}

#endif

/** A string as JSON, quotes included. UTF-8 goes through as it is. */
[[nodiscard]] inline std::string json_quote(std::string_view value)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string json = "\"";
    for (char c : value) {
        auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            json += "\\u00";
            json += digits[byte >> 4];
            json += digits[byte & 15];
        } else {
            json += c;
        }
    }
    return json += '"';
}

using texts = std::vector<std::string>;

/**
 * The members of one JSON object, in the order of their first setting. Each function returns the object
 * itself, by its own type: `Self` is the class that has these as its base.
 */
template <class Self>
class members {
public:
    /** Sets a member to JSON that is written already; the escape hatch for what is newer than this. */
    Self &set_json(std::string_view name, std::string_view json)
    {
        member(name) = json;
        return static_cast<Self &>(*this);
    }
    Self &set(std::string_view name, std::string_view value) { return set_json(name, json_quote(value)); }
    Self &set(std::string_view name, const char *value) { return set(name, std::string_view(value)); }
    /** A boolean or any integer; a floating-point number is neither, and does not compile. */
    template <class Value, class = std::enable_if_t<std::is_integral_v<Value>>>
    Self &set(std::string_view name, Value value)
    {
        if constexpr (std::is_same_v<Value, bool>) {
            return set_json(name, value ? "true" : "false");
        } else {
            return set_json(name, std::to_string(value));
        }
    }
    template <class Other>
    Self &set(std::string_view name, const members<Other> &value)
    {
        return set_json(name, value.dump());
    }
    Self &set(std::string_view name, const texts &values)
    {
        set_json(name, "[]");
        for (const std::string &value : values) {
            append_json(name, json_quote(value));
        }
        return static_cast<Self &>(*this);
    }
    /** Adds an item to the list `name`. */
    template <class Other>
    Self &append(std::string_view name, const members<Other> &item)
    {
        return append_json(name, item.dump());
    }

    /** The object as one line of JSON. */
    [[nodiscard]] std::string dump() const
    {
        std::string json = "{";
        for (const auto &[name, value] : members_) {
            json += (json.size() > 1 ? "," : "") + json_quote(name) + ':' + value;
        }
        return json += '}';
    }

private:
    std::string &member(std::string_view name)
    {
        for (auto &[known, value] : members_) {
            if (known == name) {
                return value;
            }
        }
        return members_.emplace_back(std::string(name), std::string()).second;
    }
    Self &append_json(std::string_view name, const std::string &json)
    {
        std::string &list = member(name);
        bool is_first = list.size() <= 2;
        list = (is_first ? "[" : list.substr(0, list.size() - 1) + ',') + json + ']';
        return static_cast<Self &>(*this);
    }

    std::vector<std::pair<std::string, std::string>> members_;
};

/** A JSON object of any members, such as an item of a list. */
class object : public members<object> {};

/** How to send: the document's member `client`. What is not set has the library's default. */
class client : public members<client> {
public:
    /** The two of a key pair, which go together. */
    client &access_key(std::string_view id, std::string_view secret)
    {
        return access_key_id(id).access_key_secret(secret);
    }

    /* setters of client: made of the core's table by UPDATE=1 cargo test --test guards */
    /** Region, which the service's host is named after; else ALIBABA_CLOUD_REGION_ID. String, not empty. */
    client &region_id(std::string_view value) { return set("region_id", value); }
    /** host[:port] or a URL, whose scheme wins; else CS_SCALE_OUT_ENDPOINT. String, not empty. */
    client &endpoint(std::string_view value) { return set("endpoint", value); }
    /** Scheme, where the endpoint names none. String, "https" or "http", default "https". */
    client &scheme(std::string_view value) { return set("scheme", value); }
    /** Representation to ask for; any is understood. String, "json" or "xml", default "json". */
    client &format(std::string_view value) { return set("format", value); }
    /** How requests are signed. String, "HMAC-SHA1" or "ACS3-HMAC-SHA256", default "HMAC-SHA1". */
    client &signature_method(std::string_view value) { return set("signature_method", value); }
    /** Id of an explicit key pair; without a pair, the environment's. String, not empty. */
    client &access_key_id(std::string_view value) { return set("access_key_id", value); }
    /** Secret of an explicit key pair. String, not empty. */
    client &access_key_secret(std::string_view value) { return set("access_key_secret", value); }
    /** Token of an explicit key pair, if it is a temporary one. String, not empty. */
    client &security_token(std::string_view value) { return set("security_token", value); }
    /** Taken with a warning, for this version reads no credential files. String, not empty. */
    client &profile(std::string_view value) { return set("profile", value); }
    /** For name look-up, connect, tunnel and TLS together. Integer (ms), 1 to 86400000, 1000 to 86400000 advised, default 5000. */
    client &connect_timeout_ms(long long value) { return set("connect_timeout_ms", value); }
    /** For the whole call with its retries. Integer (ms), 1 to 86400000, 1000 to 86400000 advised, default 30000. */
    client &timeout_ms(long long value) { return set("timeout_ms", value); }
    /** How often a request that provably was not executed is tried. Integer, 1 to 100, default 3. */
    client &max_attempts(long long value) { return set("max_attempts", value); }
    /** Use and keep connections for purchases, too, for many calls in a row. Boolean, default false, since 0.2. */
    client &keep_alive(bool value) { return set("keep_alive", value); }
    /** Whether to look at the task list after an unknown end. Boolean, default true. */
    client &reconcile(bool value) { return set("reconcile", value); }
    /** For that look at most. Integer (ms), 1 to 86400000, default 10000. */
    client &reconcile_timeout_ms(long long value) { return set("reconcile_timeout_ms", value); }
    /** Whether a sole candidate is taken for this call's own task. Boolean, default false. */
    client &adopt_candidate(bool value) { return set("adopt_candidate", value); }
    /** URL of an http or https proxy; "" turns the environment's off. String. */
    client &proxy(std::string_view value) { return set("proxy", value); }
    /** PEM file of the roots to trust; else SSL_CERT_FILE, else the system's. String, not empty. */
    client &ca_file(std::string_view value) { return set("ca_file", value); }
    /** Sign, but send nothing: the answer shows the request, secrets masked. Boolean, default false. */
    client &dry_run(bool value) { return set("dry_run", value); }
    /** What the validator lets through as it is: new parameters, newer values. List of strings. */
    client &unchecked(const texts &value) { return set("unchecked", value); }
    /* end of the setters */
};

/**
 * A request, built member by member; dump() writes it as JSON. Setting a parameter twice replaces it;
 * data_disk(), tag() and taint() add. Nothing is checked here: that is what cs_ack::validate() and
 * cs_ack::scale_out() do.
 */
class request : public members<request> {
public:
    request() = default;
    explicit request(std::string_view id) { cluster_id(id); }

    /* setters of the request: made of the core's table by UPDATE=1 cargo test --test guards */
    /** Id of the cluster. String, required, 1 to 64 characters. */
    request &cluster_id(std::string_view value) { return set("ClusterId", value); }
    /** How many nodes to add. Integer, at least 1, 1 to 500 advised. */
    request &count(long long value) { return set("count", value); }
    /** How the nodes are paid for: ahead (PrePaid) or by use (PostPaid). String, "PrePaid" or "PostPaid", default "PostPaid". */
    request &worker_instance_charge_type(std::string_view value) { return set("worker_instance_charge_type", value); }
    /** How long PrePaid nodes are paid for; required with PrePaid. Integer (months), 1, 2, 3, 6 or 12. */
    request &worker_period(long long value) { return set("worker_period", value); }
    /** Unit of worker_period; required with PrePaid. String, "Month". */
    request &worker_period_unit(std::string_view value) { return set("worker_period_unit", value); }
    /** Whether PrePaid nodes renew themselves. Boolean. */
    request &worker_auto_renew(bool value) { return set("worker_auto_renew", value); }
    /** For how long PrePaid nodes renew themselves; required if they do. Integer (months), 1, 2, 3, 6 or 12. */
    request &worker_auto_renew_period(long long value) { return set("worker_auto_renew_period", value); }
    /** Type of the system disk. String, not empty. */
    request &worker_system_disk_category(std::string_view value) { return set("worker_system_disk_category", value); }
    /** Size of the system disk. Integer (GB), at least 1, 40 to 500 advised. */
    request &worker_system_disk_size(long long value) { return set("worker_system_disk_size", value); }
    /** Whether the nodes have data disks. Boolean. */
    request &worker_data_disk(bool value) { return set("worker_data_disk", value); }
    /** Name of the key pair to log in with, or login_password. String. */
    request &key_pair(std::string_view value) { return set("key_pair", value); }
    /** SSH password, or key_pair: three of upper case, lower case, digit, special. String, 8 to 30 characters. */
    request &login_password(std::string_view value) { return set("login_password", value); }
    /** Whether CloudMonitor is installed on the nodes. Boolean. */
    request &cloud_monitor_flags(bool value) { return set("cloud_monitor_flags", value); }
    /** CPU management policy, for clusters of 1.12.6 or later. String, "none" or "static", default "none". */
    request &cpu_policy(std::string_view value) { return set("cpu_policy", value); }
    /** Whether nodes that could not be added are kept. Boolean. */
    request &disable_rollback(bool value) { return set("disable_rollback", value); }
    /** Custom image of the nodes instead of the system's. String. */
    request &image_id(std::string_view value) { return set("image_id", value); }
    /** Base64 of what a node runs at its first boot; larger scripts belong into OSS. String. */
    request &user_data(std::string_view value) { return set("user_data", value); }
    /** VSwitches the nodes are put into. List of strings, at most 3 advised. */
    request &vswitch_ids(const texts &value) { return set("vswitch_ids", value); }
    /** Instance types of the nodes. List of strings. */
    request &worker_instance_types(const texts &value) { return set("worker_instance_types", value); }
    /** RDS instances whose white lists the nodes are added to. List of strings. */
    request &rds_instances(const texts &value) { return set("rds_instances", value); }
    /* end of the setters */

    /** Container runtime; two strings. */
    request &runtime(std::string_view name, std::string_view version)
    {
        return set("runtime", object().set("name", name).set("version", version));
    }
    /** Adds a data disk of `size` GB (40 to 32768 advised). What is not given is not sent. */
    request &data_disk(std::string_view category, long long size, std::optional<bool> encrypted = {},
                       std::string_view auto_snapshot_policy_id = {})
    {
        object disk;
        disk.set("category", category).set("size", size);
        if (encrypted) {
            disk.set("encrypted", *encrypted);
        }
        if (!auto_snapshot_policy_id.empty()) {
            disk.set("auto_snapshot_policy_id", auto_snapshot_policy_id);
        }
        return append("worker_data_disks", disk);
    }
    /** Adds a tag; two strings. */
    request &tag(std::string_view key, std::string_view value)
    {
        return append("tags", object().set("key", key).set("value", value));
    }
    /** Adds a taint; strings, `effect` one of "NoSchedule", "NoExecute", "PreferNoSchedule". */
    request &taint(std::string_view key, std::string_view value, std::string_view effect)
    {
        return append("taints", object().set("key", key).set("value", value).set("effect", effect));
    }
    /** How to send; never sent itself. */
    request &client(const cs_ack::client &how) { return set("client", how); }
};

} // namespace cs_ack

#endif

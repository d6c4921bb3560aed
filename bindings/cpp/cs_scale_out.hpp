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
 * Any thread may call any function, any number at once; an object belongs to one thread at a time,
 * as a std::string does. Nothing here keeps state, writes output or throws, but for two cases: the
 * functions that end in `_or_throw`, which do not exist under -fno-exceptions, and std::bad_alloc,
 * which comes before anything was sent, never after.
 */
#ifndef CS_SCALE_OUT_HPP
#define CS_SCALE_OUT_HPP

#include <cstddef>
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

/** A text of the library, released with cs_scale_out_free() when this ends. It moves and is not copied. */
class text {
public:
    text() noexcept = default;
    /** Takes over what a C function handed out; NULL is an empty text. */
    explicit text(char *owned) noexcept : data_(owned) {}

    /** NUL-terminated UTF-8, valid as long as this is; "" where there is none. */
    const char *c_str() const noexcept { return data_ ? data_.get() : ""; }
    std::string_view view() const noexcept { return c_str(); }
    operator std::string_view() const noexcept { return view(); }
    /** A copy that outlives this. */
    std::string str() const { return std::string(view()); }
    bool empty() const noexcept { return view().empty(); }

    friend bool operator==(const text &a, std::string_view b) noexcept { return a.view() == b; }
    friend bool operator!=(const text &a, std::string_view b) noexcept { return a.view() != b; }

private:
    struct release {
        void operator()(char *text) const noexcept { cs_scale_out_free(text); }
    };
    std::unique_ptr<char, release> data_;
};

/** The name of a status, such as "unknown"; "unrecognized" for a number that is none. */
inline std::string_view status_name(int status) noexcept
{
    return cs_scale_out_status_name(status);
}

/** The library's version, such as "0.2.0". */
inline std::string_view version() noexcept
{
    return cs_scale_out_version();
}

namespace detail {

/* The document a call ends with that cannot be made, owned like any other. */
inline text refusal(const char *document) noexcept
{
    char *copy = nullptr;
    cs_scale_out_json_get(document, "", &copy);
    return text(copy);
}

/* C would take the part before a NUL for the whole, and send that. */
inline bool has_nul(std::string_view value) noexcept
{
    return value.find('\0') != std::string_view::npos;
}

inline text nul_refused() noexcept
{
    return refusal(R"({"status":"argument","message":"the text holds a NUL byte","attempts":0})");
}

template <class Value, class = void>
struct dumps : std::false_type {};
template <class Value>
struct dumps<Value, std::void_t<decltype(std::string(std::declval<const Value &>().dump()))>>
    : std::true_type {};
/* A request, a nlohmann::json, or whatever else writes itself with dump(). */
template <class Value>
using if_dumps = std::enable_if_t<
    dumps<Value>::value && !std::is_convertible_v<const Value &, std::string_view>>;

} // namespace detail

/** How a call ended: a status and its document. `auto [status, document] = cs_ack::scale_out(...)`. */
struct answer {
    int status = CS_SCALE_OUT_ERR_INTERNAL; /**< CS_SCALE_OUT_OK or one of CS_SCALE_OUT_ERR_...: look at it first. */
    text document;                /**< JSON; empty only if memory ran out. */

    bool ok() const noexcept { return status == CS_SCALE_OUT_OK; }
    explicit operator bool() const noexcept { return ok(); }
    /** The status by name. */
    std::string_view name() const noexcept { return status_name(status); }
    /** The document's value at a JSON Pointer, as cs_ack::json_get() gives it. */
    std::optional<std::string> get(std::string_view pointer) const;
};

/**
 * One value of a document: a string without its quotes, anything else as JSON.
 * @param document JSON.
 * @param pointer  JSON Pointer (RFC 6901), such as "/task_id".
 * @return Nothing if there is no such value, or if `document` is not JSON.
 */
inline std::optional<std::string> json_get(std::string_view document, std::string_view pointer)
{
    if (detail::has_nul(document) || detail::has_nul(pointer)) {
        return std::nullopt;
    }
    char *value = nullptr;
    int status = cs_scale_out_json_get(std::string(document).c_str(), std::string(pointer).c_str(), &value);
    text owned(value);
    return status == CS_SCALE_OUT_OK && value ? std::optional<std::string>(owned.str()) : std::nullopt;
}

inline std::optional<std::string> answer::get(std::string_view pointer) const
{
    return json_get(document, pointer);
}

/**
 * A document with one value set, as cs_scale_out_json_set() does it; the new document, or what is wrong, is
 * the answer's.
 */
inline answer json_set(std::string_view document, std::string_view pointer, std::string_view value)
{
    if (detail::has_nul(document) || detail::has_nul(pointer) || detail::has_nul(value)) {
        return {CS_SCALE_OUT_ERR_ARGUMENT, detail::nul_refused()};
    }
    char *out = nullptr;
    int status = cs_scale_out_json_set(std::string(document).c_str(), std::string(pointer).c_str(),
                             std::string(value).c_str(), &out);
    return {status, text(out)};
}

/** Sends what a NUL-terminated text asks for. NULL is answered with CS_SCALE_OUT_ERR_ARGUMENT. */
inline answer scale_out(const char *document) noexcept
{
    char *out = nullptr;
    int status = cs_scale_out(document, &out);
    return {status, text(out)};
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
inline answer scale_out(std::string_view document)
{
    if (detail::has_nul(document)) {
        return {CS_SCALE_OUT_ERR_ARGUMENT, detail::nul_refused()};
    }
    return scale_out(std::string(document).c_str());
}

/** The same for a cs_ack::request, a nlohmann::json, or anything else that has dump(). */
template <class Document, class = detail::if_dumps<Document>>
answer scale_out(const Document &document)
{
    return scale_out(std::string_view(std::string(document.dump())));
}

/** The validator alone, over a NUL-terminated text. */
inline answer validate(const char *document) noexcept
{
    char *out = nullptr;
    int status = cs_scale_out_validate(document, &out);
    return {status, text(out)};
}

/** The validator of scale_out() and nothing else: no network, file or environment is touched. */
inline answer validate(std::string_view document)
{
    if (detail::has_nul(document)) {
        return {CS_SCALE_OUT_ERR_ARGUMENT, detail::nul_refused()};
    }
    return validate(std::string(document).c_str());
}

/** The same for a cs_ack::request, a nlohmann::json, or anything else that has dump(). */
template <class Document, class = detail::if_dumps<Document>>
answer validate(const Document &document)
{
    return validate(std::string_view(std::string(document.dump())));
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
    int status() const noexcept { return state_->answer.status; }
    /** The whole document: `code`, `hint`, `problems`, `candidates`... */
    std::string_view document() const noexcept { return state_->answer.document; }
    std::optional<std::string> get(std::string_view pointer) const
    {
        return state_->answer.get(pointer);
    }

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

namespace detail {

[[noreturn]] inline void raise(std::shared_ptr<error::state> state)
{
    char *message = nullptr;
    if (cs_scale_out_json_get(state->answer.document.c_str(), "/message", &message) == CS_SCALE_OUT_OK) {
        state->message = text(message);
    } else {
        cs_scale_out_free(message);
    }
    switch (state->answer.status) {
    case CS_SCALE_OUT_ERR_ARGUMENT: throw argument_error(std::move(state));
    case CS_SCALE_OUT_ERR_INVALID: throw invalid_error(std::move(state));
    case CS_SCALE_OUT_ERR_CREDENTIALS: throw credentials_error(std::move(state));
    case CS_SCALE_OUT_ERR_UNSENT: throw unsent_error(std::move(state));
    case CS_SCALE_OUT_ERR_REFUSED: throw refused_error(std::move(state));
    case CS_SCALE_OUT_ERR_UNKNOWN: throw unknown_error(std::move(state));
    case CS_SCALE_OUT_ERR_INTERNAL: throw internal_error(std::move(state));
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
inline std::string json_quote(std::string_view value)
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

/** The members of one JSON object, in the order of their first setting. */
class object {
public:
    /** Sets a member to JSON that is written already; the escape hatch for what is newer than this. */
    object &set_json(std::string_view name, std::string_view json)
    {
        member(name) = json;
        return *this;
    }
    object &set(std::string_view name, std::string_view value)
    {
        return set_json(name, json_quote(value));
    }
    object &set(std::string_view name, const char *value)
    {
        return set(name, std::string_view(value));
    }
    object &set(std::string_view name, bool value)
    {
        return set_json(name, value ? "true" : "false");
    }
    /** Any integer; a floating-point number is none, and does not compile. */
    template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer>>>
    object &set(std::string_view name, Integer value)
    {
        return set_json(name, std::to_string(value));
    }
    object &set(std::string_view name, const object &value) { return set_json(name, value.dump()); }
    object &set(std::string_view name, const std::vector<std::string> &values)
    {
        set_json(name, "[]");
        for (const std::string &value : values) {
            append_json(name, json_quote(value));
        }
        return *this;
    }
    /** Adds an item to the list `name`. */
    object &append(std::string_view name, const object &item)
    {
        return append_json(name, item.dump());
    }

    /** The object as one line of JSON. */
    std::string dump() const
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
    object &append_json(std::string_view name, const std::string &json)
    {
        std::string &list = member(name);
        bool is_first = list.size() <= 2;
        list = (is_first ? "[" : list.substr(0, list.size() - 1) + ',') + json + ']';
        return *this;
    }

    std::vector<std::pair<std::string, std::string>> members_;
};

/** How to send: the document's member `client`. What is not set has the library's default. */
class client {
public:
    using texts = std::vector<std::string>;
    client &region_id(std::string_view id) { return set("region_id", id); }
    /** `host[:port]` or a URL. */
    client &endpoint(std::string_view where) { return set("endpoint", where); }
    /** "https" or "http". */
    client &scheme(std::string_view scheme) { return set("scheme", scheme); }
    /** "json" or "xml": the representation to ask for. */
    client &format(std::string_view format) { return set("format", format); }
    /** "HMAC-SHA1" or "ACS3-HMAC-SHA256". */
    client &signature_method(std::string_view name) { return set("signature_method", name); }
    client &access_key(std::string_view id, std::string_view secret)
    {
        return set("access_key_id", id).set("access_key_secret", secret);
    }
    client &security_token(std::string_view token) { return set("security_token", token); }
    client &profile(std::string_view name) { return set("profile", name); }
    client &connect_timeout_ms(int milliseconds) { return set("connect_timeout_ms", milliseconds); }
    client &timeout_ms(int milliseconds) { return set("timeout_ms", milliseconds); }
    client &max_attempts(int attempts) { return set("max_attempts", attempts); }
    client &reconcile(bool wanted) { return set("reconcile", wanted); }
    client &reconcile_timeout_ms(int milliseconds)
    {
        return set("reconcile_timeout_ms", milliseconds);
    }
    client &adopt_candidate(bool wanted) { return set("adopt_candidate", wanted); }
    /** A URL; "" turns the environment's proxy off. */
    client &proxy(std::string_view url) { return set("proxy", url); }
    /** A PEM file with the roots to trust. */
    client &ca_file(std::string_view path) { return set("ca_file", path); }
    /** Sign, but send nothing. */
    client &dry_run(bool wanted) { return set("dry_run", wanted); }
    /** JSON Pointers of the parameters that the validator must let through. */
    client &unchecked(const texts &pointers) { return set("unchecked", pointers); }
    /** Any member, by name: a string, an integer, a boolean, an object or a list of strings. */
    template <class Value>
    client &set(std::string_view name, const Value &value)
    {
        members_.set(name, value);
        return *this;
    }
    std::string dump() const { return members_.dump(); }

private:
    object members_;
};

/**
 * A request, built member by member; dump() writes it as JSON. Each parameter of ScaleOutCluster
 * has a function of its name and type. Setting one twice replaces it; tag(), taint() and data_disk()
 * add. Nothing is checked here: that is what cs_ack::validate() and cs_ack::scale_out() do.
 */
class request {
public:
    using texts = std::vector<std::string>;
    request() = default;
    explicit request(std::string_view cluster_id) { set("ClusterId", cluster_id); }

    request &cluster_id(std::string_view id) { return set("ClusterId", id); }
    /** How many nodes to add. */
    request &count(long long nodes) { return set("count", nodes); }
    /** "PrePaid" or "PostPaid". */
    request &worker_instance_charge_type(std::string_view type)
    {
        return set("worker_instance_charge_type", type);
    }
    /** 1, 2, 3, 6 or 12, in worker_period_unit(). */
    request &worker_period(int period) { return set("worker_period", period); }
    /** "Month". */
    request &worker_period_unit(std::string_view unit) { return set("worker_period_unit", unit); }
    request &worker_auto_renew(bool renew) { return set("worker_auto_renew", renew); }
    /** 1, 2, 3, 6 or 12 months. */
    request &worker_auto_renew_period(int months)
    {
        return set("worker_auto_renew_period", months);
    }
    request &worker_system_disk_category(std::string_view category)
    {
        return set("worker_system_disk_category", category);
    }
    /** In GB. */
    request &worker_system_disk_size(int gb) { return set("worker_system_disk_size", gb); }
    request &worker_data_disk(bool has_data_disks)
    {
        return set("worker_data_disk", has_data_disks);
    }
    /** Adds a data disk of `size` GB. */
    request &data_disk(std::string_view category, long long size, bool encrypted = false,
                       std::string_view auto_snapshot_policy_id = {})
    {
        /* The service takes these two as strings. */
        object disk;
        disk.set("category", category).set("size", std::string_view(std::to_string(size)));
        disk.set("encrypted", encrypted ? "true" : "false");
        if (!auto_snapshot_policy_id.empty()) {
            disk.set("auto_snapshot_policy_id", auto_snapshot_policy_id);
        }
        return append("worker_data_disks", disk);
    }
    request &key_pair(std::string_view name) { return set("key_pair", name); }
    request &login_password(std::string_view password) { return set("login_password", password); }
    request &cloud_monitor_flags(bool wanted) { return set("cloud_monitor_flags", wanted); }
    /** "none" or "static". */
    request &cpu_policy(std::string_view policy) { return set("cpu_policy", policy); }
    request &disable_rollback(bool disabled) { return set("disable_rollback", disabled); }
    request &image_id(std::string_view id) { return set("image_id", id); }
    /** Base64. */
    request &user_data(std::string_view base64) { return set("user_data", base64); }
    request &runtime(std::string_view name, std::string_view version)
    {
        return set("runtime", object().set("name", name).set("version", version));
    }
    request &vswitch_ids(const texts &ids) { return set("vswitch_ids", ids); }
    request &worker_instance_types(const texts &types)
    {
        return set("worker_instance_types", types);
    }
    request &rds_instances(const texts &ids) { return set("rds_instances", ids); }
    request &tag(std::string_view key, std::string_view value)
    {
        return append("tags", object().set("key", key).set("value", value));
    }
    /** `effect`: "NoSchedule", "NoExecute" or "PreferNoSchedule". */
    request &taint(std::string_view key, std::string_view value, std::string_view effect)
    {
        return append("taints", object().set("key", key).set("value", value).set("effect", effect));
    }
    request &client(const cs_ack::client &how) { return set_json("client", how.dump()); }

    /** Any member, by name: a string, an integer, a boolean, an object or a list of strings. */
    template <class Value>
    request &set(std::string_view name, const Value &value)
    {
        members_.set(name, value);
        return *this;
    }
    /** Any member as JSON that is written already. */
    request &set_json(std::string_view name, std::string_view json)
    {
        members_.set_json(name, json);
        return *this;
    }
    /** Adds an item to a list of objects. */
    request &append(std::string_view name, const object &item)
    {
        members_.append(name, item);
        return *this;
    }
    std::string dump() const { return members_.dump(); }

private:
    object members_;
};

} // namespace cs_ack

#endif

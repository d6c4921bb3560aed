// What cs_scale_out.hpp promises, with and without exceptions.
//
//     test HTTP
//
// HTTP is a local-ack. A line for each check, and an exit code.
#include <cstdio>
#include <string>
#include <thread>
#include <typeinfo>
#include <vector>

#include "cs_scale_out.hpp"
#if __has_include(<nlohmann/json.hpp>) && defined(WITH_NLOHMANN)
#include <nlohmann/json.hpp>
#endif

// The header may be in several translation units; test_other.cpp is the second.
int other_unit(const std::string &endpoint);

static int failed;
static int checks;

static void check(bool good, const char *what)
{
    checks++;
    failed += !good;
    std::printf("%s - %s\n", good ? "ok" : "FAILED", what);
}

static cs_ack::client to(const std::string &endpoint)
{
    return cs_ack::client().endpoint(endpoint).access_key("testid", "testsecret").reconcile(false);
}

static cs_ack::request valid(const std::string &endpoint)
{
    return cs_ack::request("c1").count(1).key_pair("k").client(to(endpoint));
}

static void texts()
{
    cs_ack::text empty;
    check(empty.empty() && empty == "" && *empty.c_str() == '\0', "an empty text is \"\"");
    cs_ack::answer answer = cs_ack::validate("{\"ClusterId\": \"c1\"}");
    cs_ack::text moved = std::move(answer.document);
    check(moved.view().substr(0, 14) == "{\"status\":\"ok\"", "a text moves");
    check(answer.document.empty() && moved.str() == moved.view(), "and leaves nothing behind");
    check(cs_ack::status_name(CS_SCALE_OUT_ERR_UNKNOWN) == "unknown" && cs_ack::status_name(7) == "unrecognized",
          "statuses have names");
    check(cs_ack::version() == cs_scale_out_version(), "the version is the library's");
    check(cs_ack::json_get(cs_ack::schema(), "/properties/ClusterId/type") == "string", "the schema is, too");
    check(cs_ack::validate("{}").document.get("/status") == "invalid", "a value of a temporary");
    check(cs_ack::validate("{}").document.str().front() == '{', "a copy of a temporary");
    check(cs_ack::json_get(cs_ack::validate("{}").document, "/status") == "invalid"
              && cs_ack::validate(cs_ack::json_set("", "/ClusterId", "c1").document).ok(),
          "a temporary goes into a call");
    check(!cs_ack::text().get("/status") && !moved.get(std::string_view("/status\0x", 9)), "and nothing where there is none");
}

static void inputs()
{
    const char *none = nullptr;
    check(cs_ack::validate(none).status == CS_SCALE_OUT_ERR_ARGUMENT, "NULL is an argument error");
    std::string_view whole = "{\"ClusterId\": \"c1\"}, and more";
    check(cs_ack::validate(whole.substr(0, 19)).ok(), "a view without a NUL at its end");
    check(!cs_ack::validate(whole).ok(), "and the whole of it");
    std::string hidden = std::string("{\"ClusterId\": \"c1\"}") + '\0' + "x";
    for (const cs_ack::answer &answer : {cs_ack::validate(hidden), cs_ack::scale_out(hidden)}) {
        check(answer.status == CS_SCALE_OUT_ERR_ARGUMENT && answer.get("/status") == "argument",
              "a NUL byte inside is an argument error, with a document");
    }
    check(cs_ack::json_get("{\"a\": [1, \"x\"]}", "/a/1") == "x", "json_get gives strings bare");
    check(cs_ack::json_get("{\"a\": [1,\"x\"]}", "/a") == "[1,\"x\"]", "and the rest as JSON");
    check(!cs_ack::json_get("{}", "/a") && !cs_ack::json_get("{", "/a"), "and nothing else");
    cs_ack::answer set = cs_ack::json_set("", "/ClusterId", "a\"b");
    check(set.ok() && cs_ack::json_get(set.document, "/ClusterId") == "a\"b", "json_set escapes");
    check(cs_ack::json_set("{}", "/count", "x").status == CS_SCALE_OUT_ERR_INVALID, "json_set knows types");
    for (const std::string &broken : {hidden, std::string("\0", 1)}) {
        check(!cs_ack::json_get(broken, "")
                  && cs_ack::json_set("{}", "/image_id", broken).status == CS_SCALE_OUT_ERR_ARGUMENT,
              "and neither takes the part before a NUL");
    }
}

static void builder()
{
    cs_ack::request request("c\"1");
    request.count(3).count(4).tag("k", "v").tag("\\", "\n\x01\x7f").vswitch_ids({"a", "b"});
    request.runtime("docker", "19.03.5").taint("a", "b", "NoSchedule");
    check(request.dump()
              == "{\"ClusterId\":\"c\\\"1\",\"count\":4,\"tags\":[{\"key\":\"k\",\"value\":\"v\"},"
                 "{\"key\":\"\\\\\",\"value\":\"\\u000a\\u0001\\u007f\"}],\"vswitch_ids\":[\"a\",\"b\"],"
                 "\"runtime\":{\"name\":\"docker\",\"version\":\"19.03.5\"},"
                 "\"taints\":[{\"key\":\"a\",\"value\":\"b\",\"effect\":\"NoSchedule\"}]}",
          "strings are escaped, setting again replaces, lists grow");
    check(cs_ack::request().dump() == "{}" && cs_ack::request().vswitch_ids({}).dump() == "{\"vswitch_ids\":[]}",
          "nothing is nothing");
    std::string all;
    for (int c = 0; c < 256; c++) {
        all += static_cast<char>(c < 128 ? c : 'x');
    }
    cs_ack::request odd = cs_ack::request("c1").image_id(all.substr(1)).set("rds_instances", std::vector<std::string>{"r"});
    check(cs_ack::json_get(odd.dump(), "/image_id") == all.substr(1), "every character comes back");
    check(cs_ack::json_get(cs_ack::request("c1").image_id("\xe6\x89\xa9").dump(), "/image_id") == "\xe6\x89\xa9",
          "so does UTF-8");
    check(cs_ack::validate(cs_ack::request("c1").image_id("\xff")).status == CS_SCALE_OUT_ERR_ARGUMENT,
          "what is not UTF-8 is an argument error");
    check(cs_ack::request().set("x", true).set("y", "true").set("z", 1u).set_json("n", "1.50").dump()
              == "{\"x\":true,\"y\":\"true\",\"z\":1,\"n\":1.50}",
          "a literal is a string, not a boolean");
    check(cs_ack::request().data_disk("c", 40).data_disk("c", 41, false).data_disk("c", 42, true, "sp").dump()
              == "{\"worker_data_disks\":[{\"category\":\"c\",\"size\":40},"
                 "{\"category\":\"c\",\"size\":41,\"encrypted\":false},{\"category\":\"c\",\"size\":42,"
                 "\"encrypted\":true,\"auto_snapshot_policy_id\":\"sp\"}]}",
          "what is not given of a disk is not sent");
    cs_ack::object item = cs_ack::object().set("a", 1).set_json("b", "2").set("c", cs_ack::object().set("d", "e"));
    check(cs_ack::request().append("x", item).count(1).dump()
                  == "{\"x\":[{\"a\":1,\"b\":2,\"c\":{\"d\":\"e\"}}],\"count\":1}"
              && cs_ack::client().set("x", 1).reconcile(true).dump() == "{\"x\":1,\"reconcile\":true}",
          "what is common to objects returns each by its own type");
}

// Every parameter in one document that has no problem: the types are the validator's.
static void parameters()
{
    cs_ack::request request;
    request.cluster_id("c1").count(2).worker_instance_charge_type("PrePaid").worker_period(1);
    request.worker_period_unit("Month").worker_auto_renew(true).worker_auto_renew_period(1);
    request.worker_system_disk_category("cloud_efficiency").worker_system_disk_size(120);
    request.worker_data_disk(true).data_disk("cloud_ssd", 40).data_disk("cloud_ssd", 50, true, "sp-1");
    request.login_password("Hello1234").cloud_monitor_flags(true).cpu_policy("none");
    request.disable_rollback(true).image_id("m-1").user_data("IyEvYmluL3No");
    request.runtime("docker", "19.03.5").vswitch_ids({"vsw-1"}).worker_instance_types({"ecs.c6"});
    request.rds_instances({"rm-1"}).tag("k", "v").taint("k", "v", "NoExecute");
    request.client(cs_ack::client().region_id("cn-hangzhou").endpoint("127.0.0.1:1").scheme("https")
                       .format("xml").signature_method("ACS3-HMAC-SHA256").access_key("a", "b")
                       .security_token("t").profile("p").connect_timeout_ms(1).timeout_ms(2)
                       .max_attempts(1).keep_alive(true).reconcile(true).reconcile_timeout_ms(3)
                       .adopt_candidate(false).proxy("").ca_file("f").dry_run(true)
                       .unchecked({"/worker_period"}));
    cs_ack::answer answer = cs_ack::validate(request);
    check(answer.ok(), "every parameter has its type");
    answer = cs_ack::validate(cs_ack::request("c1").key_pair("k").login_password("Hello1234"));
    check(answer.get("/problems/0/code") == "conflict", "key_pair is a parameter, too");
}

static void calls(const std::string &endpoint)
{
    auto [status, document] = cs_ack::scale_out(valid(endpoint));
    check(status == CS_SCALE_OUT_OK && cs_ack::json_get(document, "/task_id").value_or("").substr(0, 2) == "T-",
          "a request is accepted, and its task has an id");
    check(cs_ack::scale_out(valid(endpoint).dump()).ok(), "as a string, too");
    cs_ack::answer refused = cs_ack::scale_out(valid(endpoint).client(to(endpoint).access_key("testid", "x")));
    check(refused.status == CS_SCALE_OUT_ERR_REFUSED && !refused && refused.name() == "refused"
              && refused.get("/code") == "SignatureDoesNotMatch",
          "a wrong key is refused");
    check(cs_ack::scale_out(valid(endpoint).count(0)).get("/problems/0/path") == "/count",
          "an invalid request says where");
    int good = 0;
    std::vector<std::thread> threads;
    std::vector<cs_ack::answer> answers(4);
    for (cs_ack::answer &answer : answers) {
        threads.emplace_back([&] { answer = cs_ack::scale_out(valid(endpoint)); });
    }
    for (std::size_t i = 0; i < answers.size(); i++) {
        threads[i].join();
        good += answers[i].ok();
    }
    check(good == 4, "four threads at once");
    check(other_unit(endpoint) == CS_SCALE_OUT_OK, "from a second translation unit");
}

#if defined(__cpp_exceptions)
template <class Error>
static bool throws(const cs_ack::request &request, int status)
{
    try {
        (void)cs_ack::scale_out_or_throw(request);
    } catch (const Error &e) {
        const cs_ack::error copy = e;
        const std::exception &base = copy;
        return e.status() == status && e.get("/message") == base.what() && *base.what() != '\0'
            && cs_ack::json_get(e.document(), "/status") == cs_ack::status_name(status);
    } catch (...) {
    }
    return false;
}

// Whether a status without a document, as where memory ran out, is thrown as an Error and nothing closer.
template <class Error>
static bool thrown_as(int status)
{
    try {
        (void)cs_ack::detail::or_throw([=] { return cs_ack::answer{status, cs_ack::text()}; });
    } catch (const cs_ack::error &e) {
        return typeid(e) == typeid(Error) && e.status() == status && e.what() == cs_ack::status_name(status);
    }
    return false;
}

static void statuses()
{
    check(thrown_as<cs_ack::argument_error>(CS_SCALE_OUT_ERR_ARGUMENT)
              && thrown_as<cs_ack::invalid_error>(CS_SCALE_OUT_ERR_INVALID)
              && thrown_as<cs_ack::credentials_error>(CS_SCALE_OUT_ERR_CREDENTIALS)
              && thrown_as<cs_ack::unsent_error>(CS_SCALE_OUT_ERR_UNSENT)
              && thrown_as<cs_ack::refused_error>(CS_SCALE_OUT_ERR_REFUSED)
              && thrown_as<cs_ack::unknown_error>(CS_SCALE_OUT_ERR_UNKNOWN)
              && thrown_as<cs_ack::internal_error>(CS_SCALE_OUT_ERR_INTERNAL)
              && thrown_as<cs_ack::failed_error>(CS_SCALE_OUT_ERR_FAILED),
          "every status has its class, and a name where there is no document");
    check(thrown_as<cs_ack::error>(-99) && !thrown_as<cs_ack::error>(CS_SCALE_OUT_OK),
          "a newer library's status is a cs_ack::error, and ok is none");
}

static void exceptions(const std::string &endpoint)
{
    statuses();
    check(cs_ack::json_get(cs_ack::scale_out_or_throw(valid(endpoint)), "/status") == "ok", "success returns");
    check(cs_ack::json_get(cs_ack::validate_or_throw("{\"ClusterId\":\"c1\"}"), "/status") == "ok",
          "a literal is taken as well");
    check(throws<cs_ack::invalid_error>(valid(endpoint).count(0), CS_SCALE_OUT_ERR_INVALID), "invalid_error");
    check(throws<cs_ack::argument_error>(cs_ack::request("\xff"), CS_SCALE_OUT_ERR_ARGUMENT), "argument_error");
    check(throws<cs_ack::credentials_error>(cs_ack::request("c1").client(cs_ack::client().endpoint(endpoint)),
                                        CS_SCALE_OUT_ERR_CREDENTIALS),
          "credentials_error");
    check(throws<cs_ack::unsent_error>(valid("http://127.0.0.1:1"), CS_SCALE_OUT_ERR_UNSENT), "unsent_error");
    check(throws<cs_ack::refused_error>(valid(endpoint).client(to(endpoint).access_key("x", "x")),
                                    CS_SCALE_OUT_ERR_REFUSED),
          "refused_error");
    check(throws<cs_ack::unknown_error>(valid(endpoint).cluster_id("lost"), CS_SCALE_OUT_ERR_UNKNOWN),
          "unknown_error");
    check(throws<cs_ack::error>(valid(endpoint).count(0), CS_SCALE_OUT_ERR_INVALID), "all are a cs_ack::error");
}
#endif

#ifdef NLOHMANN_JSON_VERSION_MAJOR
static void beside_nlohmann(const std::string &endpoint)
{
    nlohmann::json request = {{"ClusterId", "c1"}, {"count", 1}, {"key_pair", "k"}};
    request["client"] = nlohmann::json::parse(to(endpoint).dump());
    cs_ack::answer answer = cs_ack::scale_out(request);
    auto document = nlohmann::json::parse(answer.document.view());
    check(answer.ok() && document["task_id"].is_string(), "nlohmann::json goes in and comes out");
    request["count"] = 0;
    check(cs_ack::validate(request).status == CS_SCALE_OUT_ERR_INVALID, "nlohmann::json is validated");
    cs_ack::request built = cs_ack::request("c1").set_json("tags", nlohmann::json::array().dump());
    check(nlohmann::json::parse(built.dump())["tags"].empty(), "and goes into the builder");
#if defined(__cpp_exceptions)
    request["count"] = 1;
    check(cs_ack::json_get(cs_ack::scale_out_or_throw(request), "/status") == "ok", "and may throw");
#endif
}
#endif

int main(int argc, char **argv)
{
    if (argc != 2) {
        return 64;
    }
    texts();
    inputs();
    builder();
    parameters();
    calls(argv[1]);
#if defined(__cpp_exceptions)
    exceptions(argv[1]);
#endif
#ifdef NLOHMANN_JSON_VERSION_MAJOR
    beside_nlohmann(argv[1]);
#endif
    std::printf("%d checks, %d failed\n", checks, failed);
    return failed != 0 || checks == 0;
}

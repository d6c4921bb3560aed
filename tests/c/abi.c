/*
 * What the C ABI promises without a network: pointers, texts, statuses, limits.
 *
 *     abi VERSION
 */
#include <limits.h>

#include "check.h"

#define VALID "{\"ClusterId\":\"c1\",\"count\":1,\"key_pair\":\"k\"}"

/* The functions of one shape: a document in, a document out. */
static const struct {
    const char *name;
    int (*call)(const char *json_in, char **json_out);
} functions[] = {
    {"cs_scale_out", cs_scale_out},
    {"cs_scale_out_validate", cs_scale_out_validate},
    {"cs_scale_out_describe_task", cs_scale_out_describe_task},
    {"cs_scale_out_wait_task", cs_scale_out_wait_task},
    {"cs_scale_out_list_tasks", cs_scale_out_list_tasks},
    {"cs_scale_out_look", cs_scale_out_look},
};
enum { VALIDATE = 1, FUNCTIONS = sizeof functions / sizeof functions[0] };

/* What an output holds before the call: it must be overwritten, and must never be read. */
static char poison;

static void check_call(int function, const char *document, int wanted, const char *what)
{
    char *out = &poison;
    int status = functions[function].call(document, &out);

    if (CHECK(out != &poison, "%s: %s: the output is set", functions[function].name, what)) {
        CHECK(ended(status, wanted, out), "%s: %s: %s", functions[function].name, what,
              cs_scale_out_status_name(wanted));
        cs_scale_out_free(out);
    }
}

/* Every function of that shape, with a document that all of them turn down. */
static void check_calls(const char *document, int wanted, const char *what)
{
    for (int i = 0; i < FUNCTIONS; i++) {
        check_call(i, document, wanted, what);
    }
}

static void check_get(const char *json, const char *pointer, int wanted, const char *what)
{
    char *out = &poison;
    int status = cs_scale_out_json_get(json, pointer, &out);

    if (CHECK(out != &poison, "cs_scale_out_json_get: %s: the output is set", what)) {
        CHECK(ended(status, wanted, out), "cs_scale_out_json_get: %s: %s", what, cs_scale_out_status_name(wanted));
        cs_scale_out_free(out);
    }
}

static void null_pointers(void)
{
    for (int i = 0; i < FUNCTIONS; i++) {
        const char *name = functions[i].name;
        CHECK(functions[i].call(NULL, NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "%s: both NULL", name);
        CHECK(functions[i].call(VALID, NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "%s: no place for a result", name);
    }
    check_calls(NULL, CS_SCALE_OUT_ERR_ARGUMENT, "no document");

    CHECK(cs_scale_out_json_get(NULL, NULL, NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "cs_scale_out_json_get: all NULL");
    CHECK(cs_scale_out_json_get("{}", NULL, NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "cs_scale_out_json_get: json only");
    CHECK(cs_scale_out_json_get(NULL, "", NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "cs_scale_out_json_get: pointer only");
    CHECK(cs_scale_out_json_get("{}", "", NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "cs_scale_out_json_get: no place for a result");
    check_get(NULL, NULL, CS_SCALE_OUT_ERR_ARGUMENT, "neither json nor pointer");
    check_get(NULL, "", CS_SCALE_OUT_ERR_ARGUMENT, "no json");
    check_get("{}", NULL, CS_SCALE_OUT_ERR_ARGUMENT, "no pointer");

    cs_scale_out_free(NULL);
    CHECK(1, "cs_scale_out_free: NULL is ignored");
}

/* The header's number for a version, or -1 for a text that is none. */
static int number_of(const char *version)
{
    int major, minor, patch;

    if (sscanf(version, "%d.%d.%d", &major, &minor, &patch) != 3) {
        return -1;
    }
    return major * 10000 + minor * 100 + patch;
}

static void who_owns_what(const char *version)
{
    char *one;
    char *two;

    CHECK(cs_scale_out_validate(VALID, &one) == CS_SCALE_OUT_OK && one != NULL, "cs_scale_out_validate: a valid document");
    CHECK(cs_scale_out_validate(VALID, &two) == CS_SCALE_OUT_OK && two != NULL, "cs_scale_out_validate: the same again");
    CHECK(one != two && strcmp(one, two) == 0, "each call hands out a text of its own");
    memset(one, 'x', strlen(one));
    CHECK(holds(two, "/status", "ok"), "which is the caller's to write to");
    cs_scale_out_free(one);
    free(two);
    CHECK(1, "and free() releases it as well");

    CHECK(strcmp(cs_scale_out_version(), version) == 0, "cs_scale_out_version: %s", version);
    CHECK(strcmp(CS_SCALE_OUT_VERSION, version) == 0, "CS_SCALE_OUT_VERSION: %s", version);
    CHECK(CS_SCALE_OUT_VERSION_NUMBER == number_of(cs_scale_out_version()), "CS_SCALE_OUT_VERSION_NUMBER: %d",
          CS_SCALE_OUT_VERSION_NUMBER);
    CHECK(cs_scale_out_version() == cs_scale_out_version(), "cs_scale_out_version: a static text");
    CHECK(cs_scale_out_status_name(CS_SCALE_OUT_OK) == cs_scale_out_status_name(CS_SCALE_OUT_OK), "cs_scale_out_status_name: a static text");
}

static void status_names(void)
{
    static const char *const names[] = {"ok",     "argument", "invalid", "credentials",
                                        "unsent", "refused",  "unknown", "internal", "failed"};
    static const int strangers[] = {1, 7, -9, -100, INT_MAX, INT_MIN};

    for (int i = 0; i < 9; i++) {
        CHECK(strcmp(cs_scale_out_status_name(-i), names[i]) == 0, "cs_scale_out_status_name: %d is %s", -i, names[i]);
    }
    for (int i = 0; i < 6; i++) {
        CHECK(strcmp(cs_scale_out_status_name(strangers[i]), "unrecognized") == 0,
              "cs_scale_out_status_name: %d is unrecognized", strangers[i]);
    }
}

static void the_schema(void)
{
    const char *schema = cs_scale_out_schema();

    CHECK(holds(schema, "/properties/ClusterId/type", "string"), "cs_scale_out_schema: JSON, with ClusterId");
    CHECK(cs_scale_out_schema() == schema, "cs_scale_out_schema: the same text each time");
}

static void values_of_documents(void)
{
    static const char json[] = "{\"s\":\"a \\\"b\\\" \\u00fc\",\"n\": 1.50,\"i\":18446744073709551617,"
                               "\"t\":true,\"z\":null,\"o\":{\"x\":[ 1, {\"y\": \"z\"} ]},"
                               "\"a/b~c\":\"e\",\"nul\":\"\\u0000\",\"half\":\"\\ud800\",\"\":0}";
    static const char *const found[][2] = {
        {"/s", "a \"b\" \xc3\xbc"}, {"/n", "1.50"},          {"/i", "18446744073709551617"},
        {"/t", "true"},             {"/z", "null"},          {"/o", "{\"x\":[1,{\"y\":\"z\"}]}"},
        {"/o/x/1/y", "z"},          {"/a~1b~0c", "e"},       {"/", "0"},
    };
    static const char *const missing[] = {"/none", "/s/0", "/o/x/2", "/o/x/-", "/o/x/01", "s",
                                          "/nul",  "/half", "/o/x/99999999999999999999"};

    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        CHECK(holds(json, found[i][0], found[i][1]), "cs_scale_out_json_get: %s is %s", found[i][0],
              found[i][1]);
    }
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        check_get(json, missing[i], CS_SCALE_OUT_ERR_INVALID, missing[i]);
    }
    CHECK(holds("\"text\"", "", "text"), "cs_scale_out_json_get: the whole document");
    check_get("", "", CS_SCALE_OUT_ERR_ARGUMENT, "no text at all");
    check_get("{\"a\":1", "/a", CS_SCALE_OUT_ERR_ARGUMENT, "half a document");
    check_get("{\"a\":1} x", "/a", CS_SCALE_OUT_ERR_ARGUMENT, "something after the document");
}

static void texts_that_are_not_utf8(void)
{
    static const char *const broken[][2] = {
        {"a stray byte", "\xff"},
        {"an overlong slash", "\xc0\xaf"},
        {"half a surrogate pair", "\xed\xa0\x80"},
        {"beyond Unicode", "\xf4\x90\x80\x80"},
        {"cut in the middle", "\xe2\x82"},
    };

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char json[64];
        snprintf(json, sizeof json, "{\"ClusterId\":\"%s\"}", broken[i][1]);
        check_calls(json, CS_SCALE_OUT_ERR_ARGUMENT, broken[i][0]);
        check_get(json, "/ClusterId", CS_SCALE_OUT_ERR_ARGUMENT, broken[i][0]);
        snprintf(json, sizeof json, "/%s", broken[i][1]);
        check_get("{}", json, CS_SCALE_OUT_ERR_ARGUMENT, "a pointer that is not UTF-8");
    }
}

static void sizes(void)
{
    char *largest = repeated(VALID, " ", MEBIBYTE - strlen(VALID), "");
    char *larger = repeated(VALID, " ", MEBIBYTE - strlen(VALID) + 1, "");
    char *huge = repeated("{\"s\":\"", "x", 8 * MEBIBYTE, "\",\"n\":7}");

    check_call(VALIDATE, largest, CS_SCALE_OUT_OK, "1 MiB");
    check_calls(larger, CS_SCALE_OUT_ERR_ARGUMENT, "1 MiB and a byte");
    check_calls(huge, CS_SCALE_OUT_ERR_ARGUMENT, "8 MiB");
    CHECK(holds(huge, "/n", "7"), "cs_scale_out_json_get: 8 MiB");
    check_calls("", CS_SCALE_OUT_ERR_ARGUMENT, "no text at all");
    check_calls("{", CS_SCALE_OUT_ERR_ARGUMENT, "half a document");
    check_calls("[]", CS_SCALE_OUT_ERR_INVALID, "not an object");
    free(largest);
    free(larger);
    free(huge);
}

static void nesting(void)
{
    enum { DEPTH = 100000 };
    char *open = repeated("", "[", DEPTH, "");
    char *inside = repeated("[", "]", DEPTH, "");
    char *closed = repeated("", "[", DEPTH - 1, inside);
    char *in_client = repeated("{\"ClusterId\":\"c1\",\"client\":{\"unchecked\":", "[", DEPTH, "");
    char *in_tags = repeated("{\"ClusterId\":\"c1\",\"tags\":", "[", DEPTH - 1, inside);
    char *complete = repeated(in_tags, "}", 1, "");

    check_calls(open, CS_SCALE_OUT_ERR_ARGUMENT, "100,000 open brackets");
    check_calls(closed, CS_SCALE_OUT_ERR_INVALID, "100,000 nested arrays");
    check_calls(in_client, CS_SCALE_OUT_ERR_ARGUMENT, "100,000 open brackets in client");
    check_calls(complete, CS_SCALE_OUT_ERR_INVALID, "100,000 nested arrays in tags");
    check_get(open, "/0/0", CS_SCALE_OUT_ERR_ARGUMENT, "100,000 open brackets");
    CHECK(holds(complete, "/ClusterId", "c1"), "cs_scale_out_json_get: beside 100,000 nested arrays");
    CHECK(holds(closed, "", closed), "cs_scale_out_json_get: 100,000 nested arrays themselves");
    free(open);
    free(inside);
    free(closed);
    free(in_client);
    free(in_tags);
    free(complete);
}

static void numbers(void)
{
    static const struct {
        const char *member;
        int wanted;
    } cases[] = {
        {"\"count\":4294967297", CS_SCALE_OUT_OK}, /* with a warning; 1 in 32 bits */
        {"\"count\":18446744073709551617", CS_SCALE_OUT_ERR_INVALID}, /* 1 in 64 bits */
        {"\"count\":99999999999999999999999999", CS_SCALE_OUT_ERR_INVALID},
        {"\"count\":-99999999999999999999999999", CS_SCALE_OUT_ERR_INVALID},
        {"\"count\":1e400", CS_SCALE_OUT_ERR_INVALID},
        {"\"worker_period\":18446744073709551617", CS_SCALE_OUT_ERR_INVALID},
        {"\"worker_system_disk_size\":-18446744073709551496", CS_SCALE_OUT_ERR_INVALID},
        {"\"client\":{\"timeout_ms\":18446744073709551617}", CS_SCALE_OUT_ERR_INVALID},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"ClusterId\":\"c1\",\"key_pair\":\"k\",%s}", cases[i].member);
        check_call(VALIDATE, json, cases[i].wanted, cases[i].member);
    }
}

int main(int argc, char **argv)
{
    null_pointers();
    who_owns_what(argc > 1 ? argv[1] : "");
    status_names();
    the_schema();
    values_of_documents();
    texts_that_are_not_utf8();
    sizes();
    nesting();
    numbers();
    return checks_end();
}

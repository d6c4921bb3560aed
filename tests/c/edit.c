/*
 * A request built member by member, without a JSON library: cs_scale_out_json_set, and what it turns down.
 *
 *     edit
 */
#include "check.h"

/* What an output holds before the call: it must be overwritten, and must never be read. */
static char poison;

static void check_refused(const char *json, const char *pointer, const char *value, int wanted,
                          const char *what)
{
    char *out = &poison;
    int status = cs_scale_out_json_set(json, pointer, value, &out);

    if (CHECK(out != &poison, "%s: the output is set", what)) {
        CHECK(ended(status, wanted, out), "%s: %s", what, cs_scale_out_status_name(wanted));
        cs_scale_out_free(out);
    }
}

static void null_pointers(void)
{
    char *out = &poison;

    for (int given = 0; given < 7; given++) {
        const char *json = given & 1 ? "{}" : NULL;
        const char *pointer = given & 2 ? "/ClusterId" : NULL;
        const char *value = given & 4 ? "c1" : NULL;
        CHECK(cs_scale_out_json_set(json, pointer, value, NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "NULL but for %d", given);
        check_refused(json, pointer, value, CS_SCALE_OUT_ERR_ARGUMENT, "a NULL among the inputs");
    }
    CHECK(cs_scale_out_json_set("{}", "/ClusterId", "c1", NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "no place for a result");
    CHECK(cs_scale_out_json_set("{}", "/ClusterId", "c1", &out) == CS_SCALE_OUT_OK, "nothing is NULL");
    cs_scale_out_free(out);
}

static void member_by_member(void)
{
    static const char *const steps[][2] = {
        {"/ClusterId", "c1"},
        {"/count", "3"},
        {"/login_password", "a\"b\\cd\xc3\xbc" "1Z"},
        {"/tags/-/key", "tier"},
        {"/tags/0/value", "fr\nont"},
        {"/vswitch_ids/-", "vsw-1"},
        {"/vswitch_ids/-", "vsw-2"},
        {"/client/dry_run", "true"},
    };
    static const char wanted[] =
        "{\"ClusterId\":\"c1\",\"count\":3,\"login_password\":\"a\\\"b\\\\cd\xc3\xbc" "1Z\","
        "\"tags\":[{\"key\":\"tier\",\"value\":\"fr\\nont\"}],\"vswitch_ids\":[\"vsw-1\",\"vsw-2\"],"
        "\"client\":{\"dry_run\":true}}";
    char *document = NULL;
    char *answer;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char *next;
        int status = cs_scale_out_json_set(document != NULL ? document : "", steps[i][0], steps[i][1], &next);
        CHECK(status == CS_SCALE_OUT_OK && next != NULL, "%s", steps[i][0]);
        CHECK(holds(next, steps[i][0], NULL) == (strchr(steps[i][0], '-') != NULL),
              "%s: is there by its own pointer, unless that ends a list", steps[i][0]);
        cs_scale_out_free(document);
        document = next;
    }
    CHECK(document != NULL && strcmp(document, wanted) == 0, "%s", wanted);
    int status = cs_scale_out_validate(document, &answer);
    CHECK(ended(status, CS_SCALE_OUT_OK, answer), "the validator takes it");
    cs_scale_out_free(answer);
    cs_scale_out_free(document);
}

static void what_does_not_fit(void)
{
    char *deep = repeated("", "/a", 2000, "");

    check_refused("{}", "/count", "three", CS_SCALE_OUT_ERR_INVALID, "a count that is no number");
    check_refused("{}", "/count", "1,\"x\":2", CS_SCALE_OUT_ERR_INVALID, "a value that ends its member");
    check_refused("{}", "ClusterId", "c1", CS_SCALE_OUT_ERR_INVALID, "a pointer without its slash");
    check_refused("{}", "/tags/4000000000/key", "k", CS_SCALE_OUT_ERR_INVALID, "an index far away");
    check_refused("{}", "/tags/99999999999999999999/key", "k", CS_SCALE_OUT_ERR_INVALID, "one beyond 64 bits");
    check_refused("{}", deep, "x", CS_SCALE_OUT_ERR_INVALID, "a pointer of 2,000 levels");
    check_refused("{\"count\":1}", "/count/x", "1", CS_SCALE_OUT_ERR_INVALID, "a way through a number");
    check_refused("{", "/count", "1", CS_SCALE_OUT_ERR_ARGUMENT, "half a document");
    check_refused("{\"a\":\"\xff\"}", "/count", "1", CS_SCALE_OUT_ERR_ARGUMENT, "json that is not UTF-8");
    check_refused("{}", "/\xc0\xaf", "1", CS_SCALE_OUT_ERR_ARGUMENT, "a pointer that is not UTF-8");
    check_refused("{}", "/ClusterId", "\xe2\x82", CS_SCALE_OUT_ERR_ARGUMENT, "a value that is not UTF-8");
    free(deep);
}

static void sizes(void)
{
    char *largest = repeated("{}", " ", MEBIBYTE - 2, "");
    char *larger = repeated("{}", " ", MEBIBYTE - 1, "");
    char *out;

    int status = cs_scale_out_json_set(largest, "/count", "1", &out);
    CHECK(status == CS_SCALE_OUT_OK && out != NULL && strcmp(out, "{\"count\":1}") == 0, "1 MiB");
    cs_scale_out_free(out);
    check_refused(larger, "/count", "1", CS_SCALE_OUT_ERR_ARGUMENT, "1 MiB and a byte");
    free(largest);
    free(larger);
}

/* Beside the member that is set, and on the way to it. */
static void nesting(void)
{
    enum { DEPTH = 100000 };
    char *closed = repeated("", "]", DEPTH, "}");
    char *text = repeated("{\"tags\":", "[", DEPTH, closed);
    char *out;

    int status = cs_scale_out_json_set(text, "/count", "1", &out);
    CHECK(status == CS_SCALE_OUT_OK && holds(out, "/count", "1"), "beside 100,000 nested arrays");
    cs_scale_out_free(out);
    status = cs_scale_out_json_set(text, "/tags/0/0/0/0/-", "x", &out);
    CHECK(status == CS_SCALE_OUT_OK && holds(out, "/tags/0/0/0/0/1", "x"), "within 100,000 nested arrays");
    cs_scale_out_free(out);
    free(closed);
    free(text);
}

int main(void)
{
    null_pointers();
    member_by_member();
    what_does_not_fit();
    sizes();
    nesting();
    return checks_end();
}

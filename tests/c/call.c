/*
 * Real calls, one for each way they can end.
 *
 *     call HTTP HTTPS CA_FILE PROXY CLOSING [FAULTY STATUS]...
 *
 * The first ones are those of kinds.h. CLOSING is one that closes each connection at once, and each FAULTY
 * one at which a call ends with STATUS.
 */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>

#include "kinds.h"

/* What is no argument of every program. */
enum { CLOSING = ARGUMENTS, FAULTS, CLOSED, ENDPOINTS };

static char endpoints[ENDPOINTS][256];

/* What a request says besides: members after `count`, and members of `client` after `endpoint`. */
struct wishes {
    const char *cluster;
    int endpoint;
    const char *members;
    const char *client;
};

static char *request(const struct wishes *wishes)
{
    char *members = repeated("\"key_pair\":\"k\",", wishes->members, 1, "");
    char *text = request_to(endpoints[wishes->endpoint], wishes->cluster, members, wishes->client);

    free(members);
    return text;
}

/* Makes the call and checks its status; the document is the caller's. */
static char *call(const char *what, const struct wishes *wishes, int wanted)
{
    return check_answer(what, request(wishes), wanted);
}

static void accepted(void)
{
    static const struct {
        const char *what;
        struct wishes wishes;
    } cases[] = {
        {"ROA, JSON", {"c1", HTTP, "\"count\":1", KEYS}},
        {"ROA, XML", {"c2", HTTP, "\"count\":1", KEYS ",\"format\":\"xml\""}},
        {"ACS3, JSON",
         {"c3", HTTP, "\"count\":1", KEYS ",\"signature_method\":\"ACS3-HMAC-SHA256\""}},
        {"ACS3, XML",
         {"c4", HTTP, "\"count\":1",
          KEYS ",\"signature_method\":\"ACS3-HMAC-SHA256\",\"format\":\"xml\""}},
        {"https", {"c5", HTTPS, "\"count\":1", KEYS}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *what = cases[i].what;
        char *answer = call(what, &cases[i].wishes, CS_SCALE_OUT_OK);
        CHECK(holds(answer, "/cluster_id", cases[i].wishes.cluster), "%s: its cluster", what);
        CHECK(!holds(answer, "/task_id", NULL) && !holds(answer, "/task_id", ""),
              "%s: a task id", what);
        CHECK(!holds(answer, "/request_id", NULL), "%s: a request id", what);
        CHECK(holds(answer, "/attempts", "1"), "%s: one attempt", what);
        cs_scale_out_free(answer);
    }
}

/* Ends that are no success, and what their documents hold. */
static void turned_down(void)
{
    static const struct {
        const char *what;
        struct wishes wishes;
        int wanted;
        const char *pointer;
        const char *value;
    } cases[] = {
        {"a wrong secret",
         {"c6", HTTP, "\"count\":1", "\"access_key_id\":\"testid\",\"access_key_secret\":\"other\""},
         CS_SCALE_OUT_ERR_REFUSED, "/code", "SignatureDoesNotMatch"},
        {"count 0", {"c6", HTTP, "\"count\":0", KEYS}, CS_SCALE_OUT_ERR_INVALID, "/problems/0/path",
         "/count"},
        {"no key pair anywhere", {"c6", HTTP, "\"count\":1", "\"format\":\"json\""},
         CS_SCALE_OUT_ERR_CREDENTIALS, "/sources/0/source", "client"},
        {"a closed port", {"c6", CLOSED, "\"count\":1", KEYS ",\"max_attempts\":2"},
         CS_SCALE_OUT_ERR_UNSENT, "/attempts", "2"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *answer = call(cases[i].what, &cases[i].wishes, cases[i].wanted);
        CHECK(holds(answer, cases[i].pointer, cases[i].value), "%s: %s is %s", cases[i].what,
              cases[i].pointer, cases[i].value);
        CHECK(!holds(answer, "/message", NULL), "%s: a message", cases[i].what);
        CHECK(holds(answer, "/task_id", NULL), "%s: no task id", cases[i].what);
        cs_scale_out_free(answer);
    }
}

/* The answer is lost: the library must not say more than it knows, but tell what it saw. */
static void lost(void)
{
    static const struct wishes wishes = {"lost", HTTP, "\"count\":1", KEYS};
    char *answer = call("a lost answer", &wishes, CS_SCALE_OUT_ERR_UNKNOWN);

    CHECK(holds(answer, "/attempts", "1"), "a lost answer: one attempt");
    CHECK(!holds(answer, "/candidates/0/task_id", NULL), "a lost answer: its task is a candidate");
    CHECK(holds(answer, "/candidates/1", NULL), "a lost answer: and no other");
    cs_scale_out_free(answer);
}

/* A request that has no place for its result must not go out; the runner reads the ledger. */
static void nowhere(void)
{
    static const struct wishes wishes = {"nowhere", HTTP, "\"count\":1", KEYS};
    char *json_in = request(&wishes);

    CHECK(cs_scale_out(json_in, NULL) == CS_SCALE_OUT_ERR_ARGUMENT, "no place for a result: argument");
    free(json_in);
}

/* Writing to a closed connection raises SIGPIPE, unless the writer asks for an error instead. */
static void broken_pipe(void)
{
    char *members = repeated("\"count\":1,\"user_data\":\"", "A", 900 * 1024, "\"");
    struct wishes wishes = {"pipe", CLOSING, members, KEYS ",\"max_attempts\":1,\"reconcile\":false"};
    char *json_in = request(&wishes);
    char *answer;

    signal(SIGPIPE, SIG_DFL);
    for (int i = 0; i < 5; i++) {
        int status = cs_scale_out(json_in, &answer);
        /* Which of the two depends on how far it came before the connection was gone. */
        CHECK(ended(status, CS_SCALE_OUT_ERR_UNKNOWN, answer) || ended(status, CS_SCALE_OUT_ERR_UNSENT, answer),
              "a connection that closes while 900 KiB are written: no signal");
        cs_scale_out_free(answer);
    }
    free(json_in);
    free(members);
}

/* The faults of tests/common/faults.rs, each at an endpoint of its own. */
static void faults(char **pairs)
{
    static const char client[] = KEYS ",\"max_attempts\":1,\"reconcile\":false,\"timeout_ms\":1500";

    for (; pairs[0] != NULL && pairs[1] != NULL; pairs += 2) {
        char *json_in = request_to(pairs[0], "faulty", "\"key_pair\":\"k\"", client);
        cs_scale_out_free(check_answer(pairs[0], json_in, atoi(pairs[1])));
    }
}

int main(int argc, char **argv)
{
    if (argc < FAULTS) {
        give_up("call HTTP HTTPS CA_FILE PROXY CLOSING [FAULTY STATUS]...");
    }
    snprintf(endpoints[HTTP], sizeof endpoints[HTTP], "%s", argv[HTTP]);
    /* One member more: which authority to trust. */
    snprintf(endpoints[HTTPS], sizeof endpoints[HTTPS], "%s\",\"ca_file\":\"%s", argv[HTTPS], argv[CA_FILE]);
    snprintf(endpoints[CLOSING], sizeof endpoints[CLOSING], "%s", argv[CLOSING]);
    snprintf(endpoints[CLOSED], sizeof endpoints[CLOSED], "http://127.0.0.1:%d", closed_port());
    accepted();
    turned_down();
    lost();
    nowhere();
    broken_pipe();
    faults(argv + FAULTS);
    return checks_end();
}

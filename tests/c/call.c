/*
 * Real calls, one for each way they can end.
 *
 *     call HTTP HTTPS CA_FILE CLOSING
 *
 * HTTP and HTTPS are local-acks. The first loses its answer to the cluster "lost", after executing
 * the request. CLOSING is one that closes each connection at once.
 */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>

#include "check.h"
#include "closed_port.h"

#define KEYS "\"access_key_id\":\"testid\",\"access_key_secret\":\"testsecret\""

enum { HTTP, HTTPS, CLOSING, CLOSED, ENDPOINTS };

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
    static const char format[] = "{\"ClusterId\":\"%s\",\"key_pair\":\"k\",%s,"
                                 "\"client\":{\"endpoint\":\"%s\",%s}}";
    size_t size = sizeof format + strlen(wishes->cluster) + strlen(wishes->members)
                + strlen(endpoints[wishes->endpoint]) + strlen(wishes->client);
    char *text = malloc(size);

    if (text == NULL) {
        abort();
    }
    snprintf(text, size, format, wishes->cluster, wishes->members, endpoints[wishes->endpoint],
             wishes->client);
    return text;
}

/* Makes the call and checks its status; the document is the caller's. */
static char *call(const char *what, const struct wishes *wishes, int wanted)
{
    char *json_in = request(wishes);
    char *answer;
    int status = cs_scale_out(json_in, &answer);

    CHECK(ended(status, wanted, answer), "%s: %s", what, cs_scale_out_status_name(wanted));
    if (status != wanted) {
        printf("FAILED - %s\n", answer != NULL ? answer : "no document");
    }
    free(json_in);
    return answer;
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
    enum { LENGTH = 900 * 1024 };
    char *members = malloc(LENGTH + 64);
    struct wishes wishes = {"pipe", CLOSING, members, KEYS ",\"max_attempts\":1,\"reconcile\":false"};
    char *answer;

    if (members == NULL) {
        abort();
    }
    strcpy(members, "\"count\":1,\"user_data\":\"");
    size_t length = strlen(members);
    memset(members + length, 'A', LENGTH);
    strcpy(members + length + LENGTH, "\"");
    char *json_in = request(&wishes);
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

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("call HTTP HTTPS CA_FILE CLOSING\n", stderr);
        return 64;
    }
    snprintf(endpoints[HTTP], sizeof endpoints[HTTP], "%s", argv[1]);
    /* One member more: which authority to trust. */
    snprintf(endpoints[HTTPS], sizeof endpoints[HTTPS], "%s\",\"ca_file\":\"%s", argv[2], argv[3]);
    snprintf(endpoints[CLOSING], sizeof endpoints[CLOSING], "%s", argv[4]);
    snprintf(endpoints[CLOSED], sizeof endpoints[CLOSED], "http://127.0.0.1:%d", closed_port());
    accepted();
    turned_down();
    lost();
    nowhere();
    broken_pipe();
    return checks_end();
}

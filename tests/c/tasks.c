/*
 * A whole story: a purchase is waited for and half fails, one is lost and looked after, and a cluster's tasks
 * are listed.
 *
 *     tasks HTTP HTTPS CA_FILE PROXY
 *
 * At HTTP the tasks of the cluster "half" end with one failed node; the others are as in kinds.h.
 */
#include "check.h"

/* A document with one member more; `document` is freed, NULL is an empty one. */
static char *with(char *document, const char *pointer, const char *value)
{
    char *next = NULL;

    if (cs_scale_out_json_set(document != NULL ? document : "", pointer, value, &next) != CS_SCALE_OUT_OK) {
        give_up(next != NULL ? next : "no memory");
    }
    cs_scale_out_free(document);
    return next;
}

/* How to send, which all documents here have in common. */
static char *sent_to(const char *endpoint, char *document)
{
    document = with(document, "/client/endpoint", endpoint);
    document = with(document, "/client/proxy", "");
    document = with(document, "/client/access_key_id", "testid");
    return with(document, "/client/access_key_secret", "testsecret");
}

/* Calls and checks the status; the answer is the caller's. */
static char *asked(const char *what, int (*function)(const char *, char **), char *document, int wanted)
{
    char *answer;
    int status = function(document, &answer);

    if (!CHECK(ended(status, wanted, answer), "%s: %s", what, cs_scale_out_status_name(wanted))) {
        printf("%s\n%s\n", document, answer != NULL ? answer : "no document");
    }
    cs_scale_out_free(document);
    return answer;
}

/* A task id from an answer, for the next document. */
static char *task_of(const char *answer)
{
    char *task = NULL;
    char *document;

    cs_scale_out_json_get(answer, "/task_id", &task);
    document = with(NULL, "/task_id", task != NULL ? task : "none");
    cs_scale_out_free(task);
    return document;
}

static char *purchase(const char *endpoint, const char *cluster, int wanted)
{
    char *document = with(with(with(NULL, "/ClusterId", cluster), "/count", "3"), "/key_pair", "k");

    document = with(sent_to(endpoint, document), "/client/reconcile", "false");
    return asked("the purchase", cs_scale_out, document, wanted);
}

static void half_fails(const char *endpoint)
{
    char *bought = purchase(endpoint, "half", CS_SCALE_OUT_OK);
    char *document = with(with(task_of(bought), "/poll_interval_ms", "10"), "/wait_ms", "20000");
    char *waited = asked("the wait", cs_scale_out_wait_task, sent_to(endpoint, document), CS_SCALE_OUT_ERR_FAILED);
    char *described = asked("the look at the task", cs_scale_out_describe_task,
                            sent_to(endpoint, task_of(bought)), CS_SCALE_OUT_OK);
    char *listed = asked("the list", cs_scale_out_list_tasks,
                         sent_to(endpoint, with(NULL, "/ClusterId", "half")), CS_SCALE_OUT_OK);
    char *task;

    CHECK(!holds(waited, "/succeeded/1", NULL) && holds(waited, "/succeeded/2", NULL), "two nodes came up");
    CHECK(!holds(waited, "/failed/0", NULL) && holds(waited, "/failed/1", NULL), "one failed");
    CHECK(holds(waited, "/state", "success") && !holds(waited, "/message", NULL), "and it is told so");
    CHECK(holds(described, "/state", "success") && !holds(described, "/failed/0", NULL), "the look says the same");
    CHECK(cs_scale_out_json_get(bought, "/task_id", &task) == CS_SCALE_OUT_OK
              && holds(listed, "/tasks/0/task_id", task),
          "the list begins with it");
    cs_scale_out_free(task);
    cs_scale_out_free(bought);
    cs_scale_out_free(waited);
    cs_scale_out_free(described);
    cs_scale_out_free(listed);
}

/* The failure document is all that is kept. */
static void looked_after(const char *endpoint)
{
    char *lost = purchase(endpoint, "lost", CS_SCALE_OUT_ERR_UNKNOWN);
    char *document = sent_to(endpoint, with(NULL, "/unknown", lost));
    char *seen = asked("the second look", cs_scale_out_look, document, CS_SCALE_OUT_OK);

    CHECK(!holds(seen, "/candidates/0/succeeded/2", NULL), "its task and its nodes are found");
    CHECK(holds(seen, "/candidates/1", NULL) && holds(seen, "/complete", "true"), "and no other");
    cs_scale_out_free(lost);
    cs_scale_out_free(seen);
}

static void mistakes(const char *endpoint)
{
    char *invalid = asked("a wait for nothing", cs_scale_out_wait_task, sent_to(endpoint, NULL),
                          CS_SCALE_OUT_ERR_INVALID);
    char *refused = asked("a task that is none", cs_scale_out_describe_task,
                          sent_to(endpoint, with(NULL, "/task_id", "T-none")), CS_SCALE_OUT_ERR_REFUSED);

    CHECK(holds(invalid, "/problems/0/path", "/task_id"), "the id is missing");
    CHECK(holds(refused, "/http_status", "404"), "it is not found");
    cs_scale_out_free(invalid);
    cs_scale_out_free(refused);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        give_up("tasks HTTP HTTPS CA_FILE PROXY");
    }
    half_fails(argv[1]);
    looked_after(argv[1]);
    mistakes(argv[1]);
    return checks_end();
}

/*
 * A host that cancels a thread while that waits for an answer.
 *
 *     cancel HTTP HTTPS CA_FILE PROXY
 *
 * Both take a second for their answer to the clusters "slow-...".
 */
#define _GNU_SOURCE

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "check.h"

static char *request;
static char *answer;
static volatile int status;
static volatile int was_reached;
static volatile int is_over;

static void *calls(void *nothing)
{
    int before;

    (void)nothing;
    status = cs_scale_out(request, &answer);
    is_over = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
    was_reached = before == PTHREAD_CANCEL_ENABLE;
    sleep(600); /* a cancellation point */
    return NULL;
}

static void cancelled_during(const char *what, char *json_in, const char *cluster)
{
    struct timespec moment = {0, 300 * 1000 * 1000};
    pthread_t thread;
    void *end = NULL;

    request = json_in;
    answer = NULL;
    is_over = was_reached = 0;
    if (pthread_create(&thread, NULL, calls, NULL) != 0) {
        give_up("no thread");
    }
    nanosleep(&moment, NULL);
    CHECK(!is_over && pthread_cancel(thread) == 0, "%s: cancelled while it waits", what);
    CHECK(pthread_join(thread, &end) == 0 && end == PTHREAD_CANCELED, "%s: the thread ends so", what);
    CHECK(is_over && was_reached, "%s: after the call, at its next cancellation point", what);
    CHECK(ended(status, CS_SCALE_OUT_OK, answer) && holds(answer, "/cluster_id", cluster),
          "%s: its answer is there", what);
    cs_scale_out_free(answer);
    free(request);
}

/* Who has held cancellation off finds it so. */
static void states_are_as_before(void)
{
    static const int states[] = {PTHREAD_CANCEL_DISABLE, PTHREAD_CANCEL_ENABLE};

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        int now = -1;
        char *out;
        pthread_setcancelstate(states[i], NULL);
        errno = 4711;
        cs_scale_out_validate("{}", &out);
        int left = errno;
        cs_scale_out_free(out);
        pthread_setcancelstate(states[i], &now);
        CHECK(now == states[i] && left == 4711, "state %d and errno are as before", states[i]);
    }
}

int main(int argc, char **argv)
{
    char client[512];

    if (argc != 5) {
        give_up("cancel HTTP HTTPS CA_FILE PROXY");
    }
    cancelled_during("http", request_to(argv[1], "slow-1", "\"key_pair\":\"k\"", KEYS), "slow-1");
    snprintf(client, sizeof client, KEYS ",\"ca_file\":\"%s\"", argv[3]);
    cancelled_during("https", request_to(argv[2], "slow-2", "\"key_pair\":\"k\"", client), "slow-2");
    states_are_as_before();
    return checks_end();
}

/*
 * What a library from a tarball must do wherever it was loaded: answer, sign, send, and turn a panic
 * into a status, which takes an unwinder that works there.
 *
 * usage: portable VERSION. The environment names the service and holds the credentials.
 */
#include "broken_clock.h"

#include <stdlib.h>

#include "check.h"

#define REQUEST(client) "{\"ClusterId\": \"c1\", \"count\": 1, \"key_pair\": \"k\"" client "}"
#define DRY_RUN REQUEST(", \"client\": {\"dry_run\": true}")

static void check_without_network(const char *version)
{
    char *answer = NULL;
    int status;

    CHECK(strcmp(cs_scale_out_version(), version) == 0, "it is version %s (%s)", version, cs_scale_out_version());
    status = cs_scale_out_validate(REQUEST(""), &answer);
    CHECK(ended(status, CS_SCALE_OUT_OK, answer), "a good document is valid: %s", answer);
    cs_scale_out_free(answer);
    status = cs_scale_out_validate("{\"count\": 0}", &answer);
    CHECK(ended(status, CS_SCALE_OUT_ERR_INVALID, answer) && holds(answer, "/problems/1/code", "missing"),
          "every problem of a bad one is told: %s", answer);
    cs_scale_out_free(answer);
    status = cs_scale_out(DRY_RUN, &answer);
    CHECK(ended(status, CS_SCALE_OUT_OK, answer) && holds(answer, "/request/method", "POST"),
          "a dry run shows the request: %s", answer);
    cs_scale_out_free(answer);
}

static void check_panic(void)
{
    char *answer = NULL;
    int status;

    clock_is_broken = 1;
    status = cs_scale_out(DRY_RUN, &answer);
    clock_is_broken = 0;
    CHECK(ended(status, CS_SCALE_OUT_ERR_INTERNAL, answer) && strstr(answer, "a defect in this library") != NULL,
          "a panic ends in a status: %s", answer);
    cs_scale_out_free(answer);
    status = cs_scale_out(DRY_RUN, &answer);
    CHECK(ended(status, CS_SCALE_OUT_OK, answer), "and the next call works: %s", answer);
    cs_scale_out_free(answer);
}

static void check_call(void)
{
    char *answer = NULL, *task = NULL;
    int status = cs_scale_out(REQUEST(""), &answer);

    CHECK(ended(status, CS_SCALE_OUT_OK, answer) && cs_scale_out_json_get(answer, "/task_id", &task) == CS_SCALE_OUT_OK,
          "a call gives a task: %s", answer);
    cs_scale_out_free(task);
    cs_scale_out_free(answer);
}

int main(int count, char **arguments)
{
    /* Without, a call would go to the real service. */
    if (count != 2 || getenv("CS_SCALE_OUT_ENDPOINT") == NULL) {
        fputs("usage: CS_SCALE_OUT_ENDPOINT=... portable VERSION\n", stderr);
        return 2;
    }
    check_without_network(arguments[1]);
    check_panic();
    check_call();
    return checks_end();
}

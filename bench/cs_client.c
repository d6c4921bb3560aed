/* The library as a C caller uses it: a document built for each call, the task id taken out. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"
#include "cs_scale_out.h"

static void once(void *state)
{
    const struct options *options = state;
    char ca[4096] = "", document[8192], *answer, *task_id;
    if (options->ca != NULL) {
        snprintf(ca, sizeof ca, ",\"ca_file\":\"%s\"", options->ca);
    }
    snprintf(document, sizeof document,
             "{\"ClusterId\":\"" CLUSTER_ID "\"," BODY_MEMBERS ",\"client\":{"
             "\"access_key_id\":\"" KEY_ID "\",\"access_key_secret\":\"" KEY_SECRET "\","
             "\"endpoint\":\"%s\",\"keep_alive\":%s%s}}",
             options->url, options->own ? "false" : "true", ca);
    if (cs_scale_out(document, &answer) != CS_SCALE_OUT_OK) {
        die(answer != NULL ? answer : "cs_client: out of memory");
    }
    if (cs_scale_out_json_get(answer, "/task_id", &task_id) != CS_SCALE_OUT_OK || task_id[0] == '\0') {
        die("cs_client: no task id");
    }
    cs_scale_out_free(task_id);
    cs_scale_out_free(answer);
}

int main(int argc, char **argv)
{
    struct options options = options_of(argc, argv);
    measure(&options, once, &options);
    return 0;
}

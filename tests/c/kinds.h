/*
 * Calls of every kind, for hosts that are hard on libraries: over http and https, by names, through
 * a proxy, with each way to end.
 *
 *     PROGRAM HTTP HTTPS CA_FILE PROXY
 *
 * The first two are local-acks. Both lose their answer to the cluster "lost", after executing the
 * request, and never answer to the cluster "hang". PROXY opens tunnels.
 */
#ifndef KINDS_H
#define KINDS_H

#include "check.h"

/* The arguments. */
enum { HTTP = 1, HTTPS, CA_FILE, PROXY, ARGUMENTS };

static const struct kind {
    const char *name;
    int wanted;
    const char *cluster;
    /* Which arguments are the members `endpoint`, `ca_file` and `proxy`; 0 where there is none. */
    int endpoint;
    int ca_file;
    int proxy;
    /* Members of `client` besides. */
    const char *client;
} kinds[] = {
    {"http", CS_SCALE_OUT_OK, "c1", HTTP, 0, 0, KEYS},
    {"https", CS_SCALE_OUT_OK, "c2", HTTPS, CA_FILE, 0, KEYS},
    {"XML by ACS3 over https", CS_SCALE_OUT_OK, "c3", HTTPS, CA_FILE, 0,
     KEYS ",\"format\":\"xml\",\"signature_method\":\"ACS3-HMAC-SHA256\""},
    {"http through a proxy", CS_SCALE_OUT_OK, "c4", HTTP, 0, PROXY, KEYS},
    {"https through a proxy", CS_SCALE_OUT_OK, "c5", HTTPS, CA_FILE, PROXY, KEYS},
    /* The roots of the system are read for this one, and do not fit. */
    {"https by the system's roots", CS_SCALE_OUT_ERR_UNSENT, "c6", HTTPS, 0, 0, KEYS},
    {"a closed port, by name", CS_SCALE_OUT_ERR_UNSENT, "c6", 0, 0, 0, KEYS},
    {"a wrong secret", CS_SCALE_OUT_ERR_REFUSED, "c6", HTTP, 0, 0,
     "\"access_key_id\":\"testid\",\"access_key_secret\":\"other\""},
    {"a lost answer", CS_SCALE_OUT_ERR_UNKNOWN, "lost", HTTP, 0, 0, KEYS},
    {"a lost answer over https", CS_SCALE_OUT_ERR_UNKNOWN, "lost", HTTPS, CA_FILE, 0, KEYS},
    {"no answer in time", CS_SCALE_OUT_ERR_UNKNOWN, "hang", HTTP, 0, 0,
     KEYS ",\"timeout_ms\":500,\"reconcile\":false"},
    {"no answer in time over https", CS_SCALE_OUT_ERR_UNKNOWN, "hang", HTTPS, CA_FILE, 0,
     KEYS ",\"timeout_ms\":2000,\"reconcile\":false"},
    {"a dry run", CS_SCALE_OUT_OK, "c6", HTTPS, CA_FILE, 0, KEYS ",\"dry_run\":true"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };
/* Some of them. */
enum { BY_HTTP, BY_HTTPS, BY_SYSTEM_ROOTS = 5, BY_NAME, HANGS_BY_HTTPS = 11 };

static char requests[KINDS][2048];

static inline void kinds_begin(char **arguments)
{
    char closed[64];

    snprintf(closed, sizeof closed, "http://localhost:%d", closed_port());
    for (int i = 0; i < KINDS; i++) {
        const struct kind *kind = &kinds[i];
        char *text = requests[i];
        size_t size = sizeof requests[i];
        int at = snprintf(text, size,
                          "{\"ClusterId\":\"%s\",\"count\":1,\"key_pair\":\"k\","
                          "\"worker_system_disk_size\":120,\"client\":{\"max_attempts\":1,"
                          "\"endpoint\":\"%s\",",
                          kind->cluster, kind->endpoint ? arguments[kind->endpoint] : closed);
        if (kind->ca_file) {
            at += snprintf(text + at, size - (size_t)at, "\"ca_file\":\"%s\",",
                           arguments[kind->ca_file]);
        }
        snprintf(text + at, size - (size_t)at, "\"proxy\":\"%s\",%s}}",
                 kind->proxy ? arguments[kind->proxy] : "", kind->client);
    }
}

/* Makes one call. Any thread may; what went wrong is said on stdout. */
static inline int kind_ends_as_wanted(int kind)
{
    char *answer;
    int status = cs_scale_out(requests[kind], &answer);
    int good = ended(status, kinds[kind].wanted, answer);

    /* Nor is it the answer to somebody else's request. */
    good = good && (holds(answer, "/cluster_id", NULL)
                    || holds(answer, "/cluster_id", kinds[kind].cluster));
    if (!good) {
        printf("%s: %s\n", kinds[kind].name, answer != NULL ? answer : "no document");
        fflush(stdout);
    }
    cs_scale_out_free(answer);
    return good;
}

#endif

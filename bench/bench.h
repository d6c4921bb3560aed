/* What the clients share: arguments, clocks, the request's text, one JSON line of results. */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CLUSTER_ID "c82e6987e2961451182edacd74faf"
#define KEY_ID "testid"
#define KEY_SECRET "testsecret"

/* The reference's example, as it goes over the wire. */
#define BODY_MEMBERS                                                                              \
    "\"count\":1,\"key_pair\":\"common\",\"vswitch_ids\":[\"vsw-uf684tfrpwup8gcsw****\"],"        \
    "\"worker_instance_types\":[\"ecs.c5.xlarge\"],"                                              \
    "\"worker_system_disk_category\":\"cloud_efficiency\",\"worker_system_disk_size\":120,"       \
    "\"worker_data_disk\":false,"                                                                 \
    "\"worker_data_disks\":[{\"category\":\"cloud_ssd\",\"size\":\"500\"}],"                      \
    "\"tags\":[{\"key\":\"tier\",\"value\":\"frontend\"}]"

struct options {
    const char *url;
    const char *ca;      /* PEM file to trust; NULL over http */
    const char *request; /* file with the bytes to send; the floor's only */
    int own;             /* each call has a connection (and a libcurl handle) of its own */
    long calls;
    long warm_up;
};

static inline void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* URL N [--own] [--warm-up W] [--ca FILE] [--request FILE] */
static inline struct options options_of(int argc, char **argv)
{
    struct options options = {0};
    if (argc < 3) {
        die("usage: URL N [--own] [--warm-up W] [--ca FILE] [--request FILE]");
    }
    options.url = argv[1];
    options.calls = strtol(argv[2], NULL, 10);
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--own") == 0) {
            options.own = 1;
        } else if (strcmp(argv[i], "--ca") == 0 && i + 1 < argc) {
            options.ca = argv[++i];
        } else if (strcmp(argv[i], "--request") == 0 && i + 1 < argc) {
            options.request = argv[++i];
        } else if (strcmp(argv[i], "--warm-up") == 0 && i + 1 < argc) {
            options.warm_up = strtol(argv[++i], NULL, 10);
        } else {
            die("unknown option");
        }
    }
    return options;
}

static inline long long nanoseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline int compare(const void *a, const void *b)
{
    long long one = *(const long long *)a, other = *(const long long *)b;
    return (one > other) - (one < other);
}

/* One exchange; it ends the process if the reply holds no task id. */
typedef void exchange(void *state);

/* Warms up, then measures: each call's wall time, and the process's CPU time over all of them. */
static inline void measure(const struct options *options, exchange *once, void *state)
{
    for (long i = 0; i < options->warm_up; i++) {
        once(state);
    }
    long calls = options->calls;
    long long *walls = malloc((size_t)(calls > 0 ? calls : 1) * sizeof *walls);
    if (walls == NULL || calls < 1) {
        die("nothing to measure");
    }
    long long cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < calls; i++) {
        long long start = nanoseconds(CLOCK_MONOTONIC);
        once(state);
        walls[i] = nanoseconds(CLOCK_MONOTONIC) - start;
    }
    cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    qsort(walls, (size_t)calls, sizeof *walls, compare);
    printf("{\"wall_ns\":%lld,\"cpu_ns\":%lld}\n", walls[calls / 2], cpu / calls);
    free(walls);
}

#endif

/*
 * Many threads in the library at once, each answer the right one.
 *
 *     threads ENDPOINT THREADS CALLS
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

enum {
    MOST_THREADS = 64,
    MOST_CALLS = 1000,
    ID_SIZE = 64,
    /* A host may give its threads far less than the usual 8 MiB. */
    STACK = 512 * 1024
};

static const char *endpoint;
static int threads;
static int calls;
static pthread_barrier_t start;
static char ids[MOST_THREADS * MOST_CALLS][ID_SIZE];
static int wrong[MOST_THREADS];

/* One purchase for this thread's own cluster, and the id of its task. */
static int buy_task(const char *cluster, char id[ID_SIZE])
{
    char *answer = buy(endpoint, cluster, KEYS);
    char *task = NULL;
    int good = cs_scale_out_json_get(answer, "/task_id", &task) == CS_SCALE_OUT_OK && strlen(task) < ID_SIZE;

    if (good) {
        strcpy(id, task);
    }
    cs_scale_out_free(task);
    cs_scale_out_free(answer);
    return good;
}

/* A document whose one problem is this thread's and this call's own. */
static int turn_down(const char *cluster, int call)
{
    char member[64];
    char request[256];
    char path[80];
    char *answer;

    snprintf(member, sizeof member, "%s-%d", cluster, call);
    snprintf(path, sizeof path, "/%s", member);
    snprintf(request, sizeof request, "{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"%s\":1}", member);
    int status = cs_scale_out_validate(request, &answer);
    int good = ended(status, CS_SCALE_OUT_ERR_INVALID, answer);
    good = good && holds(answer, "/problems/0/path", path) && holds(answer, "/problems/1", NULL);
    cs_scale_out_free(answer);
    return good;
}

static void *work(void *argument)
{
    int thread = (int)((int *)argument - wrong);
    char cluster[32];

    snprintf(cluster, sizeof cluster, "thread-%d", thread);
    pthread_barrier_wait(&start);
    for (int call = 0; call < calls; call++) {
        wrong[thread] += !buy_task(cluster, ids[thread * calls + call]);
        wrong[thread] += !turn_down(cluster, call);
    }
    return NULL;
}

static int compare(const void *one, const void *other)
{
    return strcmp(one, other);
}

static void check_ids(void)
{
    int total = threads * calls;
    int twice = 0;

    qsort(ids, (size_t)total, sizeof ids[0], compare);
    for (int i = 1; i < total; i++) {
        twice += strcmp(ids[i - 1], ids[i]) == 0;
    }
    CHECK(ids[0][0] != '\0', "every call has a task id");
    CHECK(twice == 0, "%d task ids, %d of them not distinct", total, twice);
}

int main(int argc, char **argv)
{
    pthread_t handles[MOST_THREADS];
    pthread_attr_t attributes;

    endpoint = argc > 1 ? argv[1] : "";
    threads = argc > 2 ? atoi(argv[2]) : 0;
    calls = argc > 3 ? atoi(argv[3]) : 0;
    if (threads < 1 || threads > MOST_THREADS || calls < 1 || calls > MOST_CALLS) {
        give_up("threads ENDPOINT THREADS CALLS");
    }
    pthread_barrier_init(&start, NULL, (unsigned)threads);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&handles[i], &attributes, work, &wrong[i]) != 0) {
            give_up("no thread"); /* the others would wait at the barrier */
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        CHECK(wrong[i] == 0, "thread %d: %d calls of each kind, %d wrong", i, calls, wrong[i]);
    }
    pthread_attr_destroy(&attributes);
    pthread_barrier_destroy(&start);
    check_ids();
    return checks_end();
}

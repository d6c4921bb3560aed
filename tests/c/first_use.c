/*
 * A host that forks while its threads make the first calls of the process: whatever they set up at
 * that moment, the child's calls end.
 *
 *     first_use HTTP TIMES
 */
#define _GNU_SOURCE

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "check.h"

enum { THREADS = 4, SECONDS = 60 };

static const char *endpoint;
static pthread_barrier_t together;

static int calls_end_well(void)
{
    char *answer;
    int status = cs_scale_out_validate("{\"ClusterId\":\"c\",\"key_pair\":\"k\"}", &answer);
    int good = ended(status, CS_SCALE_OUT_OK, answer);

    cs_scale_out_free(answer);
    answer = buy(endpoint, "first", KEYS);
    good &= answer != NULL;
    cs_scale_out_free(answer);
    return good;
}

static void *first_call(void *nothing)
{
    (void)nothing;
    pthread_barrier_wait(&together);
    calls_end_well();
    return NULL;
}

/* A process that has never called; its threads begin, and it forks after a moment. */
static int one(int number)
{
    pthread_t threads[THREADS];
    int code = -1;

    pthread_barrier_init(&together, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, first_call, NULL) != 0) {
            return 0;
        }
    }
    pthread_barrier_wait(&together);
    for (volatile int i = 0; i < number % 40 * 500; i++) {
    }
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        _exit(!calls_end_well());
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return child > 0 && waitpid(child, &code, 0) == child && code == 0;
}

int main(int argc, char **argv)
{
    int good = 0;

    if (argc != 3) {
        give_up("first_use HTTP TIMES");
    }
    endpoint = argv[1];
    int times = atoi(argv[2]);
    for (int i = 0; i < times; i++) {
        int code = -1;
        pid_t fresh = fork();
        if (fresh == 0) {
            _exit(!one(i));
        }
        good += fresh > 0 && waitpid(fresh, &code, 0) == fresh && code == 0;
    }
    CHECK(good == times, "%d of %d children, forked during first calls, are well", good, times);
    return checks_end();
}

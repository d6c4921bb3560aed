/*
 * A host that forks: with connections that wait for their next use, and while its other threads are
 * in calls. Parent and children, on one connection, would read each other's replies.
 *
 *     forking HTTP HTTPS CA_FILE PROXY TIMES
 *
 * TIMES is how often it forks while other threads are in calls.
 */
#define _GNU_SOURCE

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kinds.h"

enum { THREADS = 4, SECONDS = 120 };

/* By their addresses: the GNU C library holds a lock while it looks a name up, which in a child, forked
 * at that moment, nobody gives back. The call is then "unsent", as when a name server is silent. */
static char endpoints[2][256];
static char client[512];

static int buy_both_ways(const char *who, int number)
{
    char cluster[64];
    int good = 1;

    snprintf(cluster, sizeof cluster, "%s-%d", who, number);
    for (int way = 0; way < 2 && good; way++) {
        char *answer = buy(endpoints[way], cluster, client);
        good = answer != NULL;
        cs_scale_out_free(answer);
    }
    return good;
}

/* Forks; the child does `work` and ends. One that hangs is ended by its alarm. */
static pid_t in_child(int (*work)(int number), int number)
{
    pid_t child = fork();

    if (child == 0) {
        alarm(SECONDS);
        exit(!work(number));
    }
    return child;
}

static int ended_well(pid_t child)
{
    int status;

    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
        && WEXITSTATUS(status) == 0;
}

static int calls_of_every_kind(void)
{
    int good = 1;

    for (int kind = 0; kind < KINDS; kind++) {
        good &= kind_ends_as_wanted(kind);
    }
    return good;
}

static int grandchild(int number)
{
    return buy_both_ways("grandchild", number);
}

/* A child has children of its own, and has used the library before. */
static int child(int number)
{
    int good = buy_both_ways("child", number) && calls_of_every_kind();

    return ended_well(in_child(grandchild, number)) && good
        && buy_both_ways("child", number);
}

static void connections_are_not_shared(void)
{
    CHECK(buy_both_ways("parent", 0), "before: one call each by http and https");
    pid_t forked = in_child(child, 0);
    int parent = 1;
    for (int i = 0; i < 5; i++) {
        parent &= buy_both_ways("parent", i);
    }
    CHECK(parent, "the parent's calls are its own, while the child makes some");
    CHECK(ended_well(forked), "the child's and the grandchild's are theirs");
    CHECK(buy_both_ways("parent", 9), "and the parent's again, when they are gone");
}

static volatile int stop;
static volatile int calls_made[THREADS];
static int wrong[THREADS];

/* Names looked up, connections made and given back, documents read: whatever holds a lock. */
static void *busy(void *argument)
{
    int thread = (int)((int *)argument - wrong);

    while (!stop && wrong[thread] == 0) {
        int good = thread % 2 ? buy_both_ways("thread", thread)
                              : kind_ends_as_wanted(BY_NAME) && kind_ends_as_wanted(KINDS - 1);
        wrong[thread] += !good;
        calls_made[thread]++;
    }
    return NULL;
}

static int child_of_many(int number)
{
    return buy_both_ways("fork", number) && kind_ends_as_wanted(BY_NAME)
        && kind_ends_as_wanted(KINDS - 1);
}

static void other_threads_are_in_calls(int times)
{
    pthread_t threads[THREADS];
    int good = 0;

    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, busy, &wrong[i]) != 0) {
            give_up("no thread");
        }
    }
    for (int i = 0; i < times; i++) {
        /* Each somewhere else in their calls. */
        usleep((useconds_t)(i * 137 % 5000));
        good += ended_well(in_child(child_of_many, i));
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(calls_made[i] > 0 && wrong[i] == 0, "thread %d: its calls are its own", i);
    }
    CHECK(good == times, "%d of %d children, forked meanwhile, are well", good, times);
}

int main(int argc, char **argv)
{
    if (argc != ARGUMENTS + 1) {
        give_up("forking HTTP HTTPS CA_FILE PROXY TIMES");
    }
    kinds_begin(argv);
    snprintf(client, sizeof client, "\"keep_alive\":true,\"ca_file\":\"%s\"," KEYS, argv[CA_FILE]);
    snprintf(endpoints[0], sizeof endpoints[0], "%s", argv[HTTP]);
    snprintf(endpoints[1], sizeof endpoints[1], "https://127.0.0.1%s", strrchr(argv[HTTPS], ':'));
    connections_are_not_shared();
    if (atoi(argv[ARGUMENTS]) > 0) {
        other_threads_are_in_calls(atoi(argv[ARGUMENTS]));
    }
    return checks_end();
}

/*
 * A host with all signals blocked.
 *
 *     blocked HTTP HTTPS CA_FILE PROXY
 *
 * HTTP resets its connection to the cluster "reset" while the request is written.
 */
#define _GNU_SOURCE

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "kinds.h"
#include "look_up.h"

enum { LAST = 64, QUEUED = 3 };

/* What this thread blocks and what waits for it, a digit for each signal. */
struct signals {
    char blocked[LAST + 1];
    char pending[LAST + 1];
};

static void describe(const sigset_t *set, char text[LAST + 1])
{
    for (int signal = 1; signal <= LAST; signal++) {
        text[signal - 1] = sigismember(set, signal) == 1 ? '1' : '0';
    }
    text[LAST] = '\0';
}

static struct signals signals_now(void)
{
    struct signals now;
    sigset_t set;

    pthread_sigmask(SIG_BLOCK, NULL, &set);
    describe(&set, now.blocked);
    sigpending(&set);
    describe(&set, now.pending);
    return now;
}

static struct signals of_look_up;
static volatile int look_ups;

static void note_signals(void)
{
    of_look_up = signals_now();
    look_ups++;
}

/* A handler of the host's must not run on a thread that the host does not know of. */
static void a_thread_of_the_library_takes_no_signal(const char *host)
{
    static const struct {
        int number;
        const char *name;
    } signals[] = {{SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGALRM, "SIGALRM"},
                   {SIGTERM, "SIGTERM"}, {SIGCHLD, "SIGCHLD"}, {SIGUSR1, "SIGUSR1"},
                   {SIGPROF, "SIGPROF"}, {SIGIO, "SIGIO"}};

    look_ups = 0;
    before_look_up = note_signals;
    CHECK(kind_ends_as_wanted(BY_NAME), "%s: %s", host, kinds[BY_NAME].name);
    before_look_up = NULL;
    CHECK(look_ups == 1, "%s: one name was looked up", host);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        CHECK(of_look_up.blocked[signals[i].number - 1] == '1',
              "%s: the thread that looks a name up blocks %s", host, signals[i].name);
    }
}

/* Writing to a connection that is gone raises SIGPIPE, unless the writer asks for an error. */
static int broken_pipe(const char *endpoint)
{
    char *members = repeated("\"key_pair\":\"k\",\"image_id\":\"", "x", 900 * 1024, "\"");
    char *json_in = request_to(endpoint, "reset", members, "\"reconcile\":false," KEYS);
    char *answer = answer_to(json_in, CS_SCALE_OUT_ERR_UNKNOWN);
    int good = answer != NULL;

    cs_scale_out_free(answer);
    free(members);
    return good;
}

static void check_signals(const char *what, const struct signals *before)
{
    struct signals now = signals_now();

    CHECK(strcmp(now.blocked, before->blocked) == 0, "%s: the mask is as before", what);
    CHECK(strcmp(now.pending, before->pending) == 0, "%s: what is pending stays so", what);
}

/* Signals for the process and for this thread, and several of one that queues. */
static void make_signals_pending(void)
{
    static const union sigval nothing;

    kill(getpid(), SIGTERM);
    kill(getpid(), SIGINT);
    kill(getpid(), SIGALRM);
    pthread_kill(pthread_self(), SIGUSR1);
    for (int i = 0; i < QUEUED; i++) {
        sigqueue(getpid(), SIGRTMIN + 1, nothing);
    }
}

static int take_queued(void)
{
    static const struct timespec at_once;
    sigset_t set;
    int taken = 0;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    while (sigtimedwait(&set, NULL, &at_once) == SIGRTMIN + 1) {
        taken++;
    }
    return taken;
}

int main(int argc, char **argv)
{
    sigset_t all;

    if (argc != ARGUMENTS) {
        give_up("blocked HTTP HTTPS CA_FILE PROXY");
    }
    kinds_begin(argv);
    a_thread_of_the_library_takes_no_signal("nothing blocked");
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    a_thread_of_the_library_takes_no_signal("all blocked");

    make_signals_pending();
    struct signals before = signals_now();
    CHECK(strchr(before.pending, '1') != NULL, "signals are pending");
    for (int kind = 0; kind < KINDS; kind++) {
        CHECK(kind_ends_as_wanted(kind), "%s", kinds[kind].name);
        check_signals(kinds[kind].name, &before);
    }
    CHECK(broken_pipe(argv[HTTP]), "a connection that is reset: unknown");
    check_signals("a connection that is reset", &before);
    CHECK(take_queued() == QUEUED, "%d that were queued are all there", QUEUED);
    return checks_end();
}

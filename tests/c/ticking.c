/*
 * A host with alarm ticking: each step of a call is interrupted, and nothing is resumed by itself.
 *
 *     ticking HTTP HTTPS CA_FILE PROXY EVERY_US
 */
#define _GNU_SOURCE

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "kinds.h"

static volatile sig_atomic_t ticks;

static void on_alarm(int signal)
{
    (void)signal;
    ticks++;
}

static void tick(suseconds_t microseconds)
{
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};

    setitimer(ITIMER_REAL, &timer, NULL);
}

int main(int argc, char **argv)
{
    struct sigaction action;
    int all = 0;

    if (argc != ARGUMENTS + 1) {
        give_up("ticking HTTP HTTPS CA_FILE PROXY EVERY_US");
    }
    kinds_begin(argv);
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_alarm; /* and no SA_RESTART */
    sigaction(SIGALRM, &action, NULL);
    tick(atoi(argv[ARGUMENTS]));
    for (int kind = 0; kind < KINDS; kind++) {
        ticks = 0;
        CHECK(kind_ends_as_wanted(kind), "%s", kinds[kind].name);
        all += ticks;
    }
    CHECK(all > 0, "the host's handler was called meanwhile");
    tick(0);

    /* The plain alarm(): once, while an answer is waited for. */
    ticks = 0;
    alarm(1);
    CHECK(kind_ends_as_wanted(HANGS_BY_HTTPS), "alarm(1): %s", kinds[HANGS_BY_HTTPS].name);
    CHECK(ticks == 1, "alarm(1): the host's handler was called, once");
    return checks_end();
}

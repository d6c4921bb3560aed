/*
 * What belongs to the program that calls the library: errno, signals, memory.
 *
 *     host HTTP HTTPS CA_FILE PROXY
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>

#include "kinds.h"

#define REQUEST "{\"ClusterId\":\"c1\",\"count\":1,\"key_pair\":\"k\",\"worker_system_disk_size\":120,"
#define VALID REQUEST "\"client\":{" KEYS "}}"
#define PLAN REQUEST "\"client\":{\"dry_run\":true," KEYS "}}"

/* While this is above zero, it counts down with each malloc(); the one that reaches zero fails. */
static volatile long mallocs_left;

#ifdef __GLIBC__
extern void *__libc_malloc(size_t size);

/* In place of the C library's, for this program and every library in it. */
void *malloc(size_t size)
{
    if (mallocs_left > 0 && --mallocs_left == 0) {
        return NULL;
    }
    return __libc_malloc(size);
}
#endif

/* Whatever errno holds before a call, the answer is the same. */
static void errno_is_not_relied_on(void)
{
    static const int values[] = {0, EINTR, EAGAIN, ENOMEM, 4711};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char *out;
        errno = values[i];
        int status = cs_scale_out(PLAN, &out);
        CHECK(ended(status, CS_SCALE_OUT_OK, out), "errno was %d: ok", values[i]);
        cs_scale_out_free(out);
        errno = values[i];
        status = cs_scale_out_json_get("{}", "/x", &out);
        CHECK(ended(status, CS_SCALE_OUT_ERR_INVALID, out), "errno was %d: invalid", values[i]);
        cs_scale_out_free(out);
    }
}

static void own_handler(int signal)
{
    (void)signal;
}

enum { SIGNALS = 64 };

/* The dispositions of all signals as one text: handlers, flags, masks, and the thread's mask. */
static void describe_signals(char text[SIGNALS + 1][128])
{
    sigset_t mask;

    memset(text, 0, (SIGNALS + 1) * sizeof text[0]);
    for (int signal = 0; signal <= SIGNALS; signal++) {
        struct sigaction action;
        int at = 0;
        if (signal == 0) {
            sigprocmask(SIG_BLOCK, NULL, &mask);
        } else if (sigaction(signal, NULL, &action) == 0) {
            mask = action.sa_mask;
            at = snprintf(text[signal], 40, "%d %d %#x ", action.sa_handler == SIG_DFL,
                          action.sa_handler == SIG_IGN, (unsigned)action.sa_flags);
            at += action.sa_handler == own_handler;
        } else {
            continue; /* the C library keeps a few for itself */
        }
        for (int other = 1; other <= SIGNALS; other++) {
            text[signal][at + other] = sigismember(&mask, other) == 1 ? '1' : '0';
        }
    }
}

static void call_everything(void)
{
    static const int some[] = {BY_HTTP, BY_HTTPS, BY_NAME, BY_SYSTEM_ROOTS};
    char *out;

    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        CHECK(kind_ends_as_wanted(some[i]), "%s", kinds[some[i]].name);
    }
    cs_scale_out_validate(VALID, &out);
    cs_scale_out_free(out);
    cs_scale_out_json_get(VALID, "/count", &out);
    cs_scale_out_free(out);
}

static void signals_stay_as_they_are(const char *what)
{
    static char before[SIGNALS + 1][128];
    static char after[SIGNALS + 1][128];
    int changed = 0;

    describe_signals(before);
    call_everything();
    describe_signals(after);
    for (int signal = 0; signal <= SIGNALS; signal++) {
        if (memcmp(before[signal], after[signal], sizeof before[signal]) != 0) {
            CHECK(0, "%s: signal %d: \"%s\" became \"%s\"", what, signal, before[signal],
                  after[signal]);
            changed = 1;
        }
    }
    CHECK(!changed, "%s: dispositions and mask are as before", what);
}

static void signals(void)
{
    static const int own[] = {SIGPIPE, SIGALRM, SIGCHLD, SIGUSR1, SIGSEGV, SIGBUS};
    struct sigaction action;

    /* A caller may have been started with SIGPIPE ignored; most were not. */
    signal(SIGPIPE, SIG_DFL);
    signals_stay_as_they_are("SIGPIPE at its default");
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGTERM);
    action.sa_handler = own_handler;
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        sigaction(own[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &action.sa_mask, NULL);
    signals_stay_as_they_are("handlers of the program's own");
}

static int plan(char **out)
{
    return cs_scale_out(PLAN, out);
}

static int validate(char **out)
{
    return cs_scale_out_validate(VALID, out);
}

static int json_get(char **out)
{
    return cs_scale_out_json_get(VALID, "/count", out);
}

/* The copy handed out is each call's last malloc(). Where it fails, there is memory kept by for it. */
static void no_memory_for_the_document(void)
{
    static int (*const calls[])(char **) = {plan, validate, json_get};

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        const long plenty = 1000000;
        char *out;
        calls[i](&out); /* what a first call sets up is not counted */
        cs_scale_out_free(out);
        mallocs_left = plenty;
        calls[i](&out);
        long taken = plenty - mallocs_left;
        mallocs_left = 0;
        cs_scale_out_free(out);
        if (taken == 0) {
            CHECK(1, "skipped: malloc() cannot be replaced here");
            continue;
        }
        out = NULL;
        mallocs_left = taken;
        int status = calls[i](&out);
        CHECK(mallocs_left == 0, "call %d: its malloc() number %ld fails", (int)i, taken);
        mallocs_left = 0;
        CHECK(out != NULL && status == CS_SCALE_OUT_OK, "call %d: its document is there", (int)i);
        cs_scale_out_free(out);
    }
}

int main(int argc, char **argv)
{
    if (argc != ARGUMENTS) {
        give_up("host HTTP HTTPS CA_FILE PROXY");
    }
    kinds_begin(argv);
    no_memory_for_the_document();
    errno_is_not_relied_on();
    signals();
    return checks_end();
}

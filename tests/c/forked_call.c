/*
 * A host whose signal handler forks while a call runs, by the C library's fork or by a raw clone, and
 * whose child comes back into the call.
 *
 *     forked_call HTTP PROXY REFUSES REFUSES
 *
 * HTTP takes 300 ms for its answer to the clusters "reply-…" and answers the others at once. PROXY takes
 * 300 ms to open a tunnel. The last two refuse their first request, and ask for a pause of 600 ms.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "check.h"

enum { BY_FORK, BY_CLONE, WAYS, SECONDS = 30 };

static const char *const way_names[WAYS] = {"fork", "clone"};
static volatile int way;
static volatile int armed;
static volatile pid_t child = -1;

static void fork_once(int number)
{
    (void)number;
    if (armed) {
        armed = 0;
        child = way == BY_FORK ? fork() : (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (child == 0) {
            alarm(SECONDS); /* one that hangs fails */
        }
    }
}

/* Whether the signal comes just as something is written. */
static volatile int at_send;

ssize_t send(int descriptor, const void *bytes, size_t length, int flags)
{
    ssize_t (*own)(int, const void *, size_t, int);

    *(void **)&own = dlsym(RTLD_NEXT, "send");
    if (at_send) {
        kill(getpid(), SIGUSR1);
    }
    return own(descriptor, bytes, length, flags);
}

/* One call, during which this process forks; the child says by its exit code how it fared. */
static void forks_during(const char *moment, const char *endpoint, const char *proxy, int after_ms)
{
    char request[1024];
    char cluster[64];
    char *answer;
    int code = -1;
    struct itimerval timer = {{0, 0}, {0, after_ms * 1000}};

    snprintf(cluster, sizeof cluster, "%s-%s", moment, way_names[way]);
    snprintf(request, sizeof request,
             "{\"ClusterId\":\"%s\",\"count\":1,\"key_pair\":\"k\",\"client\":{\"endpoint\":\"%s\","
             "\"proxy\":\"%s\",\"keep_alive\":true," KEYS "}}",
             cluster, endpoint, proxy);
    child = -1;
    armed = 1;
    at_send = after_ms == 0;
    setitimer(ITIMER_REAL, &timer, NULL);
    int status = cs_scale_out(request, &answer);
    at_send = 0;
    if (child == 0) {
        int good = ended(status, CS_SCALE_OUT_ERR_UNKNOWN, answer)
                && strstr(answer, "forked") != NULL;
        if (!good) {
            fprintf(stderr, "child, %s: %s\n", cluster, answer != NULL ? answer : "no document");
        }
        _exit(!good);
    }
    CHECK(ended(status, CS_SCALE_OUT_OK, answer) && holds(answer, "/cluster_id", cluster),
          "%s: the parent's call goes on (%.200s)", cluster, status == 0 ? "" : answer);
    cs_scale_out_free(answer);
    CHECK(child > 0, "%s: it was forked", cluster);
    CHECK(child > 0 && waitpid(child, &code, 0) == child && code == 0,
          "%s: the child's call ends as unknown", cluster);
}

/* A child that was cloned past the C library makes calls of its own, and its parent, too. */
static void connections_are_not_shared(const char *endpoint)
{
    int code = -1;
    int good = 1;

    for (int round = 0; round < 2; round++) {
        child = round == 1 ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : -1;
        for (int i = 0; i < 20; i++) {
            const char *cluster = child == 0 ? "own-child" : "own-parent";
            char *answer = buy(endpoint, cluster, "\"keep_alive\":true," KEYS);
            good &= answer != NULL;
            cs_scale_out_free(answer);
        }
    }
    if (child == 0) {
        _exit(!good);
    }
    CHECK(good, "after a raw clone: the parent's answers are its own");
    CHECK(waitpid(child, &code, 0) == child && code == 0, "after a raw clone: the child's, too");
}

int main(int argc, char **argv)
{
    struct sigaction action;

    if (argc != 5) {
        give_up("forked_call HTTP PROXY REFUSES REFUSES");
    }
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = fork_once;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    for (way = BY_FORK; way < WAYS; way++) {
        forks_during("send", argv[1], "", 0);
        forks_during("reply", argv[1], "", 100);
        forks_during("pause", argv[3 + way], "", 300);
        forks_during("tunnel", argv[1], argv[2], 100);
    }
    connections_are_not_shared(argv[1]);
    return checks_end();
}

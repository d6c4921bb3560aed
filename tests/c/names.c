/*
 * A host whose resolver hangs, or lies.
 *
 *     names HTTP
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>

#include "check.h"

enum { CALLERS = 30, EACH = 4, THREADS_AT_MOST = 64, ALONE = 3 };

static volatile int hangs;
static volatile int looked_up;
static volatile int connected_elsewhere;
/* What "localhost" leads to beside 127.0.0.1, and in its place. */
static int lies;

static struct addrinfo *entry(const char *ip, struct addrinfo *next)
{
    struct addrinfo *made = calloc(1, sizeof *made);
    struct sockaddr_in *address = calloc(1, sizeof *address);

    if (made == NULL || address == NULL) {
        abort();
    }
    address->sin_family = AF_INET;
    inet_pton(AF_INET, ip, &address->sin_addr);
    made->ai_family = AF_INET;
    made->ai_addr = (struct sockaddr *)address;
    made->ai_addrlen = sizeof *address;
    made->ai_next = next;
    return made;
}

/* In place of the C library's, for this program and every library in it. */
int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    (void)name;
    (void)service;
    (void)hints;
    __sync_fetch_and_add(&looked_up, 1);
    while (hangs) {
        usleep(20000);
    }
    *found = lies ? entry("192.0.2.1", NULL) : NULL;
    *found = lies == 2 ? *found : entry("127.0.0.1", *found);
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    while (list != NULL) {
        struct addrinfo *next = list->ai_next;
        free(list->ai_addr);
        free(list);
        list = next;
    }
}

/* By another name here: the GNU C library declares it with an extension of its own. */
int connect_here(int descriptor, const struct sockaddr *address, socklen_t length) __asm__("connect");

/* Nothing leaves this machine. */
int connect_here(int descriptor, const struct sockaddr *address, socklen_t length)
{
    int (*own)(int, const struct sockaddr *, socklen_t);
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;

    if (ntohl(in->sin_addr.s_addr) >> 24 != 127) {
        connected_elsewhere++;
        errno = ENETUNREACH;
        return -1;
    }
    *(void **)&own = dlsym(RTLD_NEXT, "connect");
    return own(descriptor, address, length);
}

static int threads(void)
{
    DIR *open = opendir("/proc/self/task");
    int count = -ALONE;

    while (open != NULL && readdir(open) != NULL) {
        count++;
    }
    closedir(open);
    return count;
}

/* Whether a call to `host` ends as wanted. */
static int call(const char *host, int port, const char *member, const char *client, int wanted)
{
    char endpoint[128];

    snprintf(endpoint, sizeof endpoint, "http://%s:%d", host, port);
    char *answer = answer_to(request_to(endpoint, "c", member, client), wanted);
    int good = answer != NULL;
    cs_scale_out_free(answer);
    return good;
}

#define KEY_PAIR "\"key_pair\":\"k\""
#define SHORT "\"timeout_ms\":300,\"connect_timeout_ms\":60," KEYS

static int calls_good[CALLERS];

static void *caller(void *argument)
{
    int number = (int)((int *)argument - calls_good);
    char host[64];

    for (int i = 0; i < EACH; i++) {
        snprintf(host, sizeof host, "host-%d-%d.example", number, i);
        calls_good[number] += call(host, 1, KEY_PAIR, SHORT, CS_SCALE_OUT_ERR_UNSENT);
    }
    return NULL;
}

static void names_hang(void)
{
    pthread_t callers[CALLERS];
    int good = 0;

    hangs = 1;
    /* Three attempts: 60 ms each, and pauses in between. */
    int before = threads();
    CHECK(call("one.example", 1, KEY_PAIR, "\"timeout_ms\":3000,\"connect_timeout_ms\":60," KEYS,
               CS_SCALE_OUT_ERR_UNSENT),
          "a name that hangs: unsent");
    CHECK(looked_up == 1 && threads() - before == 1, "one thread for one call of three attempts");
    for (int i = 0; i < CALLERS; i++) {
        if (pthread_create(&callers[i], NULL, caller, &calls_good[i]) != 0) {
            give_up("no thread");
        }
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i], NULL);
        good += calls_good[i];
    }
    CHECK(good == CALLERS * EACH, "%d of %d calls end as unsent in their time", good, CALLERS * EACH);
    int left = threads() - before;
    CHECK(left == THREADS_AT_MOST, "%d threads wait for names", left);
    hangs = 0;
    for (int i = 0; i < 500 && threads() > before; i++) {
        usleep(10000);
    }
    CHECK(threads() == before, "and are gone when names are there");
}

static void names_lead_elsewhere(int port)
{
#define PASSWORD "\"login_password\":\"Hello@1234\""
#define ONCE "\"max_attempts\":1," KEYS
    for (lies = 1; lies <= 2; lies++) {
        const char *what = lies == 1 ? "also" : "only";
        CHECK(call("localhost", port, PASSWORD, ONCE, CS_SCALE_OUT_ERR_UNSENT),
              "a password, and localhost is %s elsewhere: unsent", what);
        CHECK(connected_elsewhere == 0, "no connection was tried there");
    }
    lies = 2;
    CHECK(call("localhost", port, KEY_PAIR, ONCE, CS_SCALE_OUT_ERR_UNSENT) && connected_elsewhere == 1,
          "without a secret it is tried");
    lies = 0;
    CHECK(call("localhost", port, PASSWORD, ONCE, CS_SCALE_OUT_OK), "localhost as it should be: ok");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        give_up("names HTTP");
    }
    names_hang();
    names_lead_elsewhere(atoi(strrchr(argv[1], ':') + 1));
    return checks_end();
}

/*
 * A host whose memory runs out during calls: the C library refuses one allocation and each one after it,
 * or that one alone, from the call's beginning on or from the moment on at which its request leaves.
 *
 *     no_memory HTTP HTTPS CA_FILE LOST PAGES HUGE RESULTS
 *
 * LOST executes each purchase and does not answer; PAGES answers each with a page, HUGE with a document of
 * more than 1 MiB. Each call is a process's
 * first one, for a cluster of its own; RESULTS gets a line for each: cluster, status, task id or "-".
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "check.h"

enum { FROM_THEN_ON, THIS_ONE, AFTER_THE_FIRST_BYTE, WAYS, REFUSED = 255 };

static const char *const way_names[WAYS] = {"from then on", "this one", "after the first byte"};

/* Allocations that are granted before the first one is refused; below zero, it has been. */
static volatile long granted;
static volatile int counts;
static volatile int counts_after_send;
static volatile int only_one;
/* Above zero: so many are granted before each one that is refused. */
static volatile long again;

static int refuses(void)
{
    if (!counts) {
        return 0;
    }
    granted--;
    if (again > 0 && granted < 0) {
        granted = again;
        errno = ENOMEM;
        return 1;
    }
    int refused = only_one ? granted == -1 : granted < 0;
    if (refused) {
        errno = ENOMEM;
    }
    return refused;
}

#ifdef __GLIBC__
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/* In place of the C library's, for this program and every library in it. */
void *malloc(size_t size)
{
    return refuses() ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    return refuses() ? NULL : __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size)
{
    return refuses() ? NULL : __libc_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    *memory = refuses() ? NULL : __libc_memalign(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}
#endif

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset)
{
    static void *(*own)(void *, size_t, int, int, int, off_t);

    if (own == NULL) {
        *(void **)&own = dlsym(RTLD_NEXT, "mmap");
    }
    return refuses() ? MAP_FAILED : own(address, length, protection, flags, descriptor, offset);
}

ssize_t send(int descriptor, const void *bytes, size_t length, int flags)
{
    static ssize_t (*own)(int, const void *, size_t, int);

    if (own == NULL) {
        *(void **)&own = dlsym(RTLD_NEXT, "send");
    }
    ssize_t sent = own(descriptor, bytes, length, flags);
    /* In a handshake nothing is so long. */
    if (counts_after_send && (length > 600 || memcmp(bytes, "POST", 4) == 0)) {
        counts = 1;
    }
    return sent;
}

/* The C library's resolver ends the process by itself where it is refused memory. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    static int (*own)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    int before = counts;

    if (own == NULL) {
        *(void **)&own = dlsym(RTLD_NEXT, "getaddrinfo");
    }
    counts = 0;
    int failed = own(name, service, hints, found);
    counts = before;
    return failed;
}

static struct rlimit unlimited;
static const char *const *servers;
static int results;

static const struct call {
    const char *name;
    int server;
    const char *members;
    const char *client;
} calls[] = {
    {"plain", 1, "\"count\":1,\"key_pair\":\"k\"", KEYS},
    {"warned", 1, "\"count\":501,\"login_password\":\"Pass-word-1\"",
     KEYS ",\"format\":\"xml\",\"signature_method\":\"ACS3-HMAC-SHA256\",\"keep_alive\":true"},
    {"secure", 2, "\"count\":1,\"key_pair\":\"k\"", KEYS},
    {"wrong", 1, "\"count\":1,\"key_pair\":\"k\"",
     "\"access_key_id\":\"testid\",\"access_key_secret\":\"another-one\""},
    {"lost", 4, "\"count\":1,\"key_pair\":\"k\"", KEYS ",\"reconcile_timeout_ms\":300"},
    {"page", 5, "\"count\":1,\"key_pair\":\"k\"", KEYS ",\"reconcile\":false"},
    {"huge", 6, "\"count\":1,\"key_pair\":\"k\"", KEYS ",\"reconcile\":false"},
};

enum { CALLS = sizeof calls / sizeof calls[0], PLAIN = 0, SECURE = 2, HUGE_ONE = 6, STEPS = 64, PLENTY = 1000000 };

/* A process's first call, in a child. Its status, and whether anything was refused. */
static int one_call(const struct call *call, const char *cluster, int way, long number)
{
    char client[1024];
    char line[256];
    char *answer = NULL;
    char *task = NULL;

    snprintf(client, sizeof client, "%s%s%s%s,\"max_attempts\":2", call->client,
             call == &calls[SECURE] ? ",\"ca_file\":\"" : "", call == &calls[SECURE] ? servers[3] : "",
             call == &calls[SECURE] ? "\"" : "");
    char *request = request_to(servers[call->server], cluster, call->members, client);
    granted = number;
    only_one = way == THIS_ONE;
    counts_after_send = way == AFTER_THE_FIRST_BYTE;
    counts = !counts_after_send;
    int status = cs_scale_out(request, &answer);
    counts = counts_after_send = 0;
    setrlimit(RLIMIT_AS, &unlimited);
    int was_refused = granted < 0;
    if (answer != NULL) {
        if (!holds(answer, "/status", cs_scale_out_status_name(status))) {
            status = 1;
        }
        cs_scale_out_json_get(answer, "/task_id", &task);
    }
    int size = snprintf(line, sizeof line, "%s %d %s\n", cluster, status,
                        status == CS_SCALE_OUT_OK && task != NULL ? task : "-");
    int good = write(results, line, (size_t)size) == size;
    /* What the library keeps by for it is enough for these. */
    if (answer == NULL && way == AFTER_THE_FIRST_BYTE) {
        good = 0;
    }
    return !good ? 1 : was_refused ? REFUSED : 0;
}

static void each_allocation_fails(const struct call *call, int way)
{
    char cluster[64];
    long number = 0;
    int good = 1;
    int code = REFUSED << 8;

    while (good && code == REFUSED << 8) {
        snprintf(cluster, sizeof cluster, "%s-%d-%ld", call->name, way, number);
        pid_t child = fork();
        if (child == 0) {
            alarm(60);
            _exit(one_call(call, cluster, way, number));
        }
        good = waitpid(child, &code, 0) == child && (code == 0 || code == REFUSED << 8);
        number++;
    }
    CHECK(good && number > 3, "%s, %s: %ld allocations (the last ended with %#x)", call->name,
          way_names[way], number, (unsigned)code);
}

static char *of_size(const char *head, const char *middle, const char *tail, size_t size)
{
    return repeated(head, middle, (size - strlen(head) - strlen(tail)) / strlen(middle), tail);
}

/* Documents of 64 KiB with as many mistakes as fit, and some that are well. */
static void documents(void)
{
    static const char *const texts[][3] = {
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"image_id\":\"", "x", "\"}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"vswitch_ids\":[\"\"", ",1", "]}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"vswitch_ids\":[\"a\"", ",\"\"", "]}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"tags\":[{}", ",{}", "]}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"tags\":[1", ",1", "]}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"taints\":[{}", ",{\"a\":1,\"b\":2}", "]}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"worker_data_disks\":[{}", ",{\"size\":0}", "]}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\"", ",\"\":1", "}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\"", ",\"num_of_nodes\":1", "}"},
        {"{\"ClusterId\":\"c\",\"client\":{\"x\":0", ",\"\\u0000\":0", "}}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"client\":{\"unchecked\":[\"\"", ",\"\"", "]}}"},
        {"{\"ClusterId\":\"c\",\"key_pair\":\"k\",\"login_password\":\"", "\\u00e9", "\"}"},
        {"{\"a\":", "[", "0"},
        {"", "x", ""},
    };
    enum { TEXTS = sizeof texts / sizeof texts[0], SIZE = 64 * 1024 };

    for (size_t i = 0; i < TEXTS; i++) {
        char *text = of_size(texts[i][0], texts[i][1], texts[i][2], SIZE);
        int code = -1;
        pid_t child = fork();
        if (child == 0) {
            for (long number = 0; number < 100000; number = number * 40 + 1) {
                char *out;
                for (int kind = 0; kind < 3; kind++) {
                    granted = number;
                    counts = 1;
                    if (kind == 0) {
                        cs_scale_out_validate(text, &out);
                    } else if (kind == 1) {
                        cs_scale_out_json_get(text, "/vswitch_ids/7", &out);
                    } else {
                        cs_scale_out_json_set(text, "/tags/-/key", "a \"key\"", &out);
                    }
                    counts = 0;
                    cs_scale_out_free(out);
                }
            }
            _exit(0);
        }
        int good = waitpid(child, &code, 0) == child && code == 0;
        CHECK(good, "a document of 64 KiB, %.30s..%s..: no allocation ends the process (%#x)",
              texts[i][0], texts[i][1], (unsigned)code);
        free(text);
    }
}

/* One of 1 MiB: the first two allocations are what it has in reserve. */
static void a_large_document(void)
{
    char *text = of_size("{\"ClusterId\":\"c\",\"vswitch_ids\":[\"\"", ",1", "]}", MEBIBYTE);
    int code = -1;
    pid_t child = fork();

    if (child == 0) {
        char *out;
        granted = 2;
        counts = 1;
        int status = cs_scale_out_validate(text, &out);
        counts = 0;
        _exit(status != CS_SCALE_OUT_ERR_INVALID || granted >= 0);
    }
    int good = waitpid(child, &code, 0) == child && code == 0;
    CHECK(good, "a document of 1 MiB is judged (%#x)", (unsigned)code);
    free(text);
}

enum { THREADS = 8, ROUNDS = 40 };

static pthread_barrier_t together;

/* What came of it goes to RESULTS. */
static void *many_calls(void *number)
{
    char cluster[64];
    char line[256];

    pthread_barrier_wait(&together);
    for (int round = 0; round < ROUNDS; round++) {
        char request[512];
        char *answer = NULL;
        snprintf(cluster, sizeof cluster, "thread-%d-%d", *(int *)number, round);
        snprintf(request, sizeof request,
                 "{\"ClusterId\":\"%s\",\"key_pair\":\"k\",\"client\":{\"endpoint\":\"%s\","
                 "\"proxy\":\"\"," KEYS ",\"keep_alive\":%s}}",
                 cluster, servers[1], round % 2 == 0 ? "true" : "false");
        int status = cs_scale_out(request, &answer);
        int size = snprintf(line, sizeof line, "%s %d -\n", cluster, status);
        if (write(results, line, (size_t)size) != size) {
            abort();
        }
        cs_scale_out_free(answer);
    }
    return NULL;
}

/* Every so many allocations one is refused, to whichever of many threads. */
static void many_threads(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];
    int code = -1;
    pid_t child = fork();

    if (child == 0) {
        pthread_barrier_init(&together, NULL, THREADS + 1);
        for (int i = 0; i < THREADS; i++) {
            numbers[i] = i;
            if (pthread_create(&threads[i], NULL, many_calls, &numbers[i]) != 0) {
                _exit(1);
            }
        }
        granted = again = 211;
        counts = 1;
        pthread_barrier_wait(&together);
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
        }
        counts = 0;
        _exit(0);
    }
    int good = waitpid(child, &code, 0) == child && code == 0;
    CHECK(good, "%d threads at once live (%#x)", THREADS, (unsigned)code);
}

/* Allows this process a little more address space than it has. */
static void limit_to(long kib)
{
    struct rlimit limit = unlimited;
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL || fscanf(file, "%ld", &pages) != 1) {
        give_up("no statm");
    }
    fclose(file);
    limit.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)kib * 1024;
    setrlimit(RLIMIT_AS, &limit);
}

/* More and more of it, until there is enough. */
static void little_address_space(void)
{
    char *text = of_size("{\"ClusterId\":\"c\",\"vswitch_ids\":[\"\"", ",1", "]}", 64 * 1024);
    int good = 0;

    for (int step = 0; step < STEPS; step++) {
        char cluster[64];
        char *out;
        int code = -1;
        snprintf(cluster, sizeof cluster, "room-%d", step);
        pid_t child = fork();
        if (child == 0) {
            limit_to(step < STEPS / 2 ? step * 64 : step * 512);
            cs_scale_out_validate(text, &out);
            cs_scale_out_free(out);
            cs_scale_out_json_get(text, "/vswitch_ids/7", &out);
            cs_scale_out_free(out);
            _exit(one_call(&calls[PLAIN], cluster, FROM_THEN_ON, PLENTY));
        }
        good += waitpid(child, &code, 0) == child && code == 0;
    }
    CHECK(good == STEPS, "little address space: %d of %d processes live", good, STEPS);
    free(text);
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        give_up("no_memory HTTP HTTPS CA_FILE LOST PAGES HUGE RESULTS");
    }
    getrlimit(RLIMIT_AS, &unlimited);
    servers = (const char *const *)argv;
    results = open(argv[7], O_WRONLY | O_APPEND | O_CREAT, 0600);
    for (int way = 0; way < WAYS; way++) {
        for (int i = 0; i < CALLS; i++) {
            /* It takes its time, and is like the others before. */
            if (i != HUGE_ONE || way == AFTER_THE_FIRST_BYTE) {
                each_allocation_fails(&calls[i], way);
            }
        }
    }
    many_threads();
    documents();
    a_large_document();
    little_address_space();
    return checks_end();
}

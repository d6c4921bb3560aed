/*
 * A host that loads the library by dlopen() and unloads it, again and again, and while it is in use.
 *
 *     unload HTTP HTTPS CA_FILE PROXY LIBRARY LOOPS WHO
 *
 * WHO makes the calls: "main", or "others". As long as a thread lives that made some, the C library
 * may keep the library by itself; when those that did are gone, it does not.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loaded.h"
#include "look_up.h"

/* Growth is judged from here on; fewer loops tell of the allocator's warming up. */
enum { FEWEST_TO_JUDGE = 100, BOUND_KIB = 512, THREADS = 4 };

/* The entries of /proc/self/task with one thread: its own, "." and "..". */
enum { ALONE = 3 };

/* How many entries a folder has, such as one for each descriptor of this process. */
static int entries(const char *folder)
{
    DIR *open = opendir(folder);
    int count = 0;

    while (open != NULL && readdir(open) != NULL) {
        count++;
    }
    closedir(open);
    return count;
}

/* Threads that nobody joins are gone a moment after their work. */
static int threads_left(int wanted)
{
    int left = entries("/proc/self/task");

    for (int i = 0; i < 1000 && left != wanted; i++) {
        usleep(10000);
        left = entries("/proc/self/task");
    }
    return left;
}

static void run(pthread_t *thread, void *(*work)(void *), void *argument)
{
    if (pthread_create(thread, NULL, work, argument) != 0) {
        give_up("no thread");
    }
}

static void *call(void *argument)
{
    *(int *)argument = kind_ends_as_wanted(BY_HTTP) && kind_ends_as_wanted(BY_HTTPS)
                    && kind_ends_as_wanted(BY_NAME);
    return NULL;
}

static int load_call_unload(int in_thread)
{
    void *handle = load();
    pthread_t thread;
    int good;

    if (in_thread) {
        run(&thread, call, &good);
        pthread_join(thread, NULL);
    } else {
        call(&good);
    }
    return dlclose(handle) == 0 && good;
}

static void in_loops(int loops, int in_thread)
{
    int wrong = 0;

    for (int i = 0; i < loops / 10 + 2; i++) {
        wrong += !load_call_unload(in_thread);
    }
    CHECK(wrong == 0, "load, call, unload: the first");
    int descriptors = entries("/proc/self/fd");
    int threads = threads_left(ALONE);
    long before = resident_kib();
    for (int i = 0; i < loops; i++) {
        wrong += !load_call_unload(in_thread);
    }
    CHECK(wrong == 0, "load, call, unload: %d times", loops);
    CHECK(entries("/proc/self/fd") == descriptors, "no descriptor is left");
    CHECK(threads == ALONE && threads_left(ALONE) == ALONE, "no thread is left");
    long grown = resident_kib() - before;
    CHECK(before > 0 && (loops < FEWEST_TO_JUDGE || grown < BOUND_KIB), "%ld KiB more", grown);
}

static int loops_of_threads;

static void *loop(void *argument)
{
    int wrong = 0;

    for (int i = 0; i < loops_of_threads; i++) {
        wrong += !load_call_unload(i % 2);
    }
    *(int *)argument = wrong;
    return NULL;
}

static void from_several_threads(int loops)
{
    pthread_t threads[THREADS];
    int wrong[THREADS];

    loops_of_threads = loops;
    for (int i = 0; i < THREADS; i++) {
        run(&threads[i], loop, &wrong[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(wrong[i] == 0, "thread %d loads, calls and unloads: %d times", i, loops);
    }
    CHECK(threads_left(ALONE) == ALONE, "no other thread is left");
}

/* Where two threads meet. */
static pthread_barrier_t called, unloaded, begun;

static void *call_and_stay(void *argument)
{
    call(argument);
    pthread_barrier_wait(&called);
    pthread_barrier_wait(&unloaded);
    return NULL;
}

/* What the thread keeps for the library is released when it ends: by code of the library. */
static void a_thread_outlives_it(void)
{
    void *handle = load();
    pthread_t thread;
    int good = 0;

    pthread_barrier_init(&called, NULL, 2);
    pthread_barrier_init(&unloaded, NULL, 2);
    run(&thread, call_and_stay, &good);
    pthread_barrier_wait(&called);
    CHECK(dlclose(handle) == 0, "unloaded while a thread lives that made calls");
    pthread_barrier_wait(&unloaded);
    pthread_join(thread, NULL);
    CHECK(good, "and it ends as others do");
}

static void *call_once(void *argument)
{
    pthread_barrier_wait(&begun);
    /* One of the slow ones. */
    *(int *)argument = kind_ends_as_wanted(HANGS_BY_HTTPS);
    return NULL;
}

/* A call that is not over for two seconds, and has got somewhere. */
static void begin_call(pthread_t *thread, int *good)
{
    pthread_barrier_init(&begun, NULL, 2);
    run(thread, call_once, good);
    pthread_barrier_wait(&begun);
    usleep(500000);
}

static void a_call_is_under_way(void)
{
    void *handle = load();
    pthread_t thread;
    int good = 0;

    begin_call(&thread, &good);
    CHECK(dlclose(handle) == 0, "unloaded while another thread is in a call");
    pthread_join(thread, NULL);
    CHECK(good, "which ends as it should");
}

static pthread_mutex_t resolver = PTHREAD_MUTEX_INITIALIZER;

static void wait_for_resolver(void)
{
    pthread_mutex_lock(&resolver);
    pthread_mutex_unlock(&resolver);
}

static char by_name[64];

/* A call that gives up on a name; the thread that looks it up stays behind. */
static void *leave_a_look_up(void *argument)
{
    char *json_in = request_to(by_name, "c1", "\"key_pair\":\"k\"",
                               "\"max_attempts\":1,\"connect_timeout_ms\":50," KEYS);
    char *answer = answer_to(json_in, CS_SCALE_OUT_ERR_UNSENT);

    *(int *)argument = answer != NULL;
    cs_scale_out_free(answer);
    return NULL;
}

static void leave_a_look_up_begin(const char *https)
{
    snprintf(by_name, sizeof by_name, "http://localhost%s", strrchr(https, ':'));
    before_look_up = wait_for_resolver;
}

static void a_name_is_being_looked_up(void)
{
    void *handle = load();
    pthread_t thread;
    int good = 0;

    pthread_mutex_lock(&resolver);
    run(&thread, leave_a_look_up, &good);
    pthread_join(thread, NULL);
    CHECK(good, "a name that is not found in time: unsent");
    CHECK(threads_left(ALONE + 1) == ALONE + 1, "its look-up goes on");
    CHECK(dlclose(handle) == 0, "unloaded meanwhile");
    pthread_mutex_unlock(&resolver);
    CHECK(threads_left(ALONE) == ALONE, "the look-up ends, and its thread");
}

static void exit_at_once(void)
{
    void *handle = load();
    int good;

    call(&good);
    exit(dlclose(handle) != 0 || !good);
}

static void exit_during_a_look_up(void)
{
    void *handle = load();
    int good;

    pthread_mutex_lock(&resolver);
    leave_a_look_up(&good);
    good = dlclose(handle) == 0 && good;
    pthread_mutex_unlock(&resolver);
    exit(!good);
}

static void exit_during_a_call(void)
{
    void *handle = load();
    pthread_t thread;
    int good;

    begin_call(&thread, &good);
    exit(dlclose(handle) != 0);
}

/* After a fork, too, what the library registered for it must not be called when it is gone. */
static void in_a_child(const char *what, void (*work)(void))
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        work();
    }
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: status %d", what, status);
}

int main(int argc, char **argv)
{
    if (argc != ARGUMENTS + 3) {
        give_up("unload HTTP HTTPS CA_FILE PROXY LIBRARY LOOPS WHO");
    }
    int loops = atoi(argv[ARGUMENTS + 1]);
    library = argv[ARGUMENTS];
    kinds_begin(argv);
    CHECK(dlopen(library, RTLD_NOW | RTLD_NOLOAD) == NULL, "it is not loaded yet");
    if (strcmp(argv[ARGUMENTS + 2], "main") == 0) {
        in_loops(loops, 0);
        return checks_end();
    }
    in_a_child("exit() straight after dlclose()", exit_at_once);
    in_loops(loops, 1);
    from_several_threads(loops / 4 + 1);
    a_thread_outlives_it();
    a_call_is_under_way();
    leave_a_look_up_begin(argv[HTTPS]);
    a_name_is_being_looked_up();
    in_a_child("exit() during a look-up", exit_during_a_look_up);
    before_look_up = NULL;
    in_a_child("exit() during a call", exit_during_a_call);
    in_a_child("exit() straight after dlclose(), again", exit_at_once);
    return checks_end();
}

/*
 * A host whose threads have small stacks: each kind of call on a thread of its own.
 *
 *     small_stack HTTP HTTPS CA_FILE PROXY NESTING KIB RESERVE
 *
 * NESTING answers everything with deeply nested JSON. KIB is the size of the stack, RESERVE how many
 * of these must stay untouched.
 */
#define _GNU_SOURCE

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kinds.h"

enum { PAINT = 0xa5 };

/* What a thread is to do, and whether it went well. */
struct work {
    int (*run)(const void *argument);
    const void *argument;
    int good;
};

static void *work(void *argument)
{
    struct work *work = argument;

    work->good = work->run(work->argument);
    return NULL;
}

/* Memory for a stack, painted, above a page that nobody may touch. */
static unsigned char *new_stack(size_t size, size_t page)
{
    unsigned char *memory = mmap(NULL, page + size, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
        give_up("no memory for a stack");
    }
    memset(memory + page, PAINT, size);
    return memory + page;
}

static size_t untouched(const unsigned char *stack, size_t size)
{
    size_t amount = 0;

    while (amount < size && stack[amount] == PAINT) {
        amount++;
    }
    return amount;
}

static void on_a_small_stack(const char *what, int (*run)(const void *), const void *argument,
                             size_t size, size_t reserve)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *stack = new_stack(size, page);
    struct work mine = {run, argument, 0};
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    if (pthread_attr_setstack(&attributes, stack, size) != 0
        || pthread_create(&thread, &attributes, work, &mine) != 0) {
        give_up("no thread with so small a stack");
    }
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    size_t left = untouched(stack, size);
    CHECK(mine.good && left >= reserve, "%s: %zu bytes of %zu used", what, size - left, size);
    munmap(stack - page, page + size);
}

static int scale_out(const void *argument)
{
    return kind_ends_as_wanted((int)((const struct kind *)argument - kinds));
}

/* The service, or whoever sits in its place, answers a purchase and a task list with nesting. */
static int nested_replies(const void *argument)
{
    char *json_in = request_to(argument, "c1", "\"key_pair\":\"k\"", "\"reconcile_timeout_ms\":200," KEYS);
    char *answer = answer_to(json_in, CS_SCALE_OUT_ERR_UNKNOWN);
    int good = answer != NULL && !holds(answer, "/hint", NULL);

    cs_scale_out_free(answer);
    return good;
}

/* The functions that read, over https: a wait for what is none, a list, and a second look. */
static int reads(const void *argument)
{
    char *const *arguments = argument;
    static const struct {
        const char *members;
        int (*function)(const char *, char **);
        int wanted;
    } cases[] = {
        {"\"task_id\":\"T-none\",\"wait_ms\":0", cs_scale_out_wait_task, CS_SCALE_OUT_ERR_REFUSED},
        {"\"ClusterId\":\"c2\"", cs_scale_out_list_tasks, CS_SCALE_OUT_OK},
        {"\"unknown\":{\"status\":\"unknown\",\"cluster_id\":\"c2\",\"purchase_id\":\"f1\","
         "\"clock_offset\":0,\"sent_at\":\"2026-01-02T03:04:05Z\"}", cs_scale_out_look, CS_SCALE_OUT_OK},
    };
    int good = 1;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[1024];
        char *answer;
        snprintf(json, sizeof json,
                 "{%s,\"client\":{\"endpoint\":\"%s\",\"ca_file\":\"%s\",\"proxy\":\"\"," KEYS "}}",
                 cases[i].members, arguments[HTTPS], arguments[CA_FILE]);
        int status = cases[i].function(json, &answer);
        good &= ended(status, cases[i].wanted, answer);
        cs_scale_out_free(answer);
    }
    return good;
}

/* A document in, and what is to come of it. */
struct text {
    const char *name;
    char *json;
    int wanted;
};

static int validate(const void *argument)
{
    const struct text *text = argument;
    char *answer;
    int status = cs_scale_out_validate(text->json, &answer);
    int good = status == text->wanted && answer != NULL;

    cs_scale_out_free(answer);
    return good;
}

/* Pointers of as many parts as are allowed: through arrays, and through objects that are made. */
static char *deepest[2];

static void choose_pointers(void)
{
    deepest[0] = repeated("/tags", "/0", 127, "");
    deepest[1] = repeated("/m", "/m", 127, "");
}

/* Whatever comes of it, it comes back. */
static int get_and_set(const void *argument)
{
    const char *const pointers[] = {"", "/tags", "/client/unchecked/5", deepest[0], deepest[1]};
    const struct text *text = argument;
    int good = 1;

    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        char *out;
        cs_scale_out_json_get(text->json, pointers[i], &out);
        good &= out != NULL;
        cs_scale_out_free(out);
        cs_scale_out_json_set(text->json, pointers[i], "x", &out);
        good &= out != NULL;
        cs_scale_out_free(out);
        cs_scale_out_json_set("", pointers[i], text->json, &out);
        good &= out != NULL;
        cs_scale_out_free(out);
    }
    return good;
}

/* A document of at most `size` bytes: `head`, `unit` as often as it fits, `tail`. */
static char *filled(const char *head, const char *unit, const char *tail, size_t size)
{
    return repeated(head, unit, (size - strlen(head) - strlen(tail)) / strlen(unit), tail);
}

/* `depth` arrays, or objects, in each other, as the value of `tags`. */
static char *nested(const char *open, const char *close, size_t depth)
{
    char *closed = repeated("0", close, depth, "}");
    char *text = repeated("{\"ClusterId\":\"c1\",\"tags\":", open, depth, closed);

    free(closed);
    return text;
}

static void documents(size_t size, size_t reserve)
{
    const struct text texts[] = {
        {"a plain document", filled("{\"ClusterId\":\"c1\",\"key_pair\":\"k\"}", " ", "", 64), CS_SCALE_OUT_OK},
        {"500,000 nested arrays", nested("[", "]", 500000), CS_SCALE_OUT_ERR_INVALID},
        {"170,000 nested objects", nested("{\"\":", "}", 170000), CS_SCALE_OUT_ERR_INVALID},
        {"a million open brackets", filled("{\"tags\":", "[", "", MEBIBYTE), CS_SCALE_OUT_ERR_ARGUMENT},
        {"1 MiB of strangers", filled("{\"a\":1", ",\"a\\u0301b\":[]", "}", MEBIBYTE),
         CS_SCALE_OUT_ERR_INVALID},
        {"1 MiB of tags", filled("{\"tags\":[0", ",{\"key\":\"\"}", "]}", MEBIBYTE), CS_SCALE_OUT_ERR_INVALID},
        {"1 MiB of unchecked", filled("{\"client\":{\"unchecked\":[0", ",\"/a/b\"", "]}}", MEBIBYTE),
         CS_SCALE_OUT_ERR_INVALID},
        {"1 MiB of escapes", filled("{\"ClusterId\":\"", "\\ud800\\\"", "\"}", MEBIBYTE),
         CS_SCALE_OUT_ERR_INVALID},
    };
    char what[128];

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(what, sizeof what, "cs_scale_out_validate: %s", texts[i].name);
        on_a_small_stack(what, validate, &texts[i], size, reserve);
        snprintf(what, sizeof what, "cs_scale_out_json_get, cs_scale_out_json_set: %s", texts[i].name);
        on_a_small_stack(what, get_and_set, &texts[i], size, reserve);
        free(texts[i].json);
    }
}

int main(int argc, char **argv)
{
    size_t size = argc == ARGUMENTS + 3 ? (size_t)atoi(argv[ARGUMENTS + 1]) * 1024 : 0;
    size_t reserve = size > 0 ? (size_t)atoi(argv[ARGUMENTS + 2]) * 1024 : 0;

    if (size == 0) {
        give_up("small_stack HTTP HTTPS CA_FILE PROXY NESTING KIB RESERVE");
    }
    kinds_begin(argv);
    for (int i = 0; i < KINDS; i++) {
        on_a_small_stack(kinds[i].name, scale_out, &kinds[i], size, reserve);
    }
    on_a_small_stack("nested replies", nested_replies, argv[ARGUMENTS], size, reserve);
    on_a_small_stack("reads", reads, argv, size, reserve);
    choose_pointers();
    documents(size, reserve);
    return checks_end();
}

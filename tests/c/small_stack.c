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

#define MEBIBYTE ((size_t)1024 * 1024)

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
        fputs("no memory for a stack\n", stderr);
        exit(64);
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
        fprintf(stderr, "no thread with a stack of %zu bytes\n", size);
        exit(64);
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
    char request[512];
    char *answer;

    snprintf(request, sizeof request,
             "{\"ClusterId\":\"c1\",\"key_pair\":\"k\",\"client\":{\"endpoint\":\"%s\",\"proxy\":\"\","
             "\"reconcile_timeout_ms\":200," KEYS "}}",
             (const char *)argument);
    int status = cs_scale_out(request, &answer);
    int good = ended(status, CS_SCALE_OUT_ERR_UNKNOWN, answer) && !holds(answer, "/hint", NULL);
    cs_scale_out_free(answer);
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
static char deepest[2][512];

static void choose_pointers(void)
{
    strcpy(deepest[0], "/tags");
    strcpy(deepest[1], "/m");
    for (int i = 1; i < 128; i++) {
        strcat(deepest[0], "/0");
        strcat(deepest[1], "/m");
    }
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

/* A document of `size` bytes: `head`, `unit` as often as it fits, `tail`. */
static char *filled(const char *head, const char *unit, const char *tail, size_t size)
{
    char *text = malloc(size + 1);
    size_t at = strlen(head);
    size_t length = strlen(unit);
    size_t end = strlen(tail);

    if (text == NULL) {
        abort();
    }
    memcpy(text, head, at);
    for (; at + length + end <= size; at += length) {
        memcpy(text + at, unit, length);
    }
    memcpy(text + at, tail, end + 1);
    return text;
}

/* `depth` arrays, or objects, in each other, as the value of `tags`. */
static char *nested(const char *open, const char *close, size_t depth)
{
    static const char head[] = "{\"ClusterId\":\"c1\",\"tags\":";
    size_t size = sizeof head + depth * (strlen(open) + strlen(close)) + 8;
    char *text = malloc(size);
    char *at = text;

    if (text == NULL) {
        abort();
    }
    at += sprintf(at, "%s", head);
    for (size_t i = 0; i < depth; i++) {
        at += sprintf(at, "%s", open);
    }
    at += sprintf(at, "0");
    for (size_t i = 0; i < depth; i++) {
        at += sprintf(at, "%s", close);
    }
    sprintf(at, "}");
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
        fputs("small_stack HTTP HTTPS CA_FILE PROXY NESTING KIB RESERVE\n", stderr);
        return 64;
    }
    kinds_begin(argv);
    for (int i = 0; i < KINDS; i++) {
        on_a_small_stack(kinds[i].name, scale_out, &kinds[i], size, reserve);
    }
    on_a_small_stack("nested replies", nested_replies, argv[ARGUMENTS], size, reserve);
    choose_pointers();
    documents(size, reserve);
    return checks_end();
}

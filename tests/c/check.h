/*
 * What the C tests share: checks, texts, requests, and two looks at the machine.
 *
 * A check is one line on stdout, "ok - ..." or "FAILED - ...", and the exit code tells of all. Whatever
 * else appears on stdout or stderr came from the library, and fails the test. Only the main thread checks.
 */
#ifndef CHECK_H
#define CHECK_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cs_scale_out.h"

#define MEBIBYTE ((size_t)1024 * 1024)
#define KEYS "\"access_key_id\":\"testid\",\"access_key_secret\":\"testsecret\""

static int checks;
static int checks_failed;

/* CHECK(condition, "what is expected", ...) with a printf format. */
#define CHECK(condition, ...) check((condition) != 0, __FILE__, __LINE__, __VA_ARGS__)

static inline int check(int good, const char *file, int line, const char *format, ...)
{
    va_list arguments;

    checks++;
    checks_failed += !good;
    fputs(good ? "ok - " : "FAILED - ", stdout);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    if (!good) {
        printf(" (%s:%d)", file, line);
    }
    putchar('\n');
    /* A crash later must not take the line with it. */
    fflush(stdout);
    return good;
}

/* The exit code. A program that checked nothing has failed. */
static inline int checks_end(void)
{
    printf("%d checks, %d failed\n", checks, checks_failed);
    return checks == 0 || checks_failed != 0;
}

/* Ends a program that cannot run. */
static inline void give_up(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(64);
}

/* Whether the value at `pointer` is the text `wanted`; NULL: whether there is no such value. */
static inline int holds(const char *document, const char *pointer, const char *wanted)
{
    char *value;
    int found = cs_scale_out_json_get(document, pointer, &value) == CS_SCALE_OUT_OK;
    int same = wanted == NULL ? !found : found && value != NULL && strcmp(value, wanted) == 0;

    cs_scale_out_free(value);
    return same;
}

/* Whether a call ended as wanted, with a document that says the same. */
static inline int ended(int status, int wanted, const char *document)
{
    return status == wanted && document != NULL
        && holds(document, "/status", cs_scale_out_status_name(status));
}

/* `head`, then `times` times `middle`, then `tail`; the caller frees it, like all texts made here. */
static inline char *repeated(const char *head, const char *middle, size_t times, const char *tail)
{
    size_t before = strlen(head);
    size_t length = strlen(middle);
    size_t after = strlen(tail);
    char *text = malloc(before + times * length + after + 1);

    if (text == NULL) {
        give_up("no memory for a text");
    }
    memcpy(text, head, before);
    for (size_t i = 0; i < times; i++) {
        memcpy(text + before + i * length, middle, length);
    }
    memcpy(text + before + times * length, tail, after + 1);
    return text;
}

/* A request to `endpoint`; `members` are further ones of its own, `client` those of its `client`. */
static inline char *request_to(const char *endpoint, const char *cluster, const char *members,
                               const char *client)
{
    static const char format[] = "{\"ClusterId\":\"%s\",%s,\"client\":{\"endpoint\":\"%s\","
                                 "\"proxy\":\"\",%s}}";
    size_t size = sizeof format + strlen(cluster) + strlen(members) + strlen(endpoint) + strlen(client);
    char *text = malloc(size);

    if (text == NULL) {
        give_up("no memory for a request");
    }
    snprintf(text, size, format, cluster, members, endpoint, client);
    return text;
}

/* Makes the call and frees `json_in`. The answer, or NULL where it ended otherwise than `wanted`: then
 * stdout has it. Any thread may. */
static inline char *answer_to(char *json_in, int wanted)
{
    char *answer;
    int status = cs_scale_out(json_in, &answer);

    if (!ended(status, wanted, answer)) {
        printf("%s\n%s\n", json_in, answer != NULL ? answer : "no document");
        fflush(stdout);
        cs_scale_out_free(answer);
        answer = NULL;
    }
    free(json_in);
    return answer;
}

/* The same, checked; the answer is the caller's. */
static inline char *check_answer(const char *what, char *json_in, int wanted)
{
    char *answer = answer_to(json_in, wanted);

    CHECK(answer != NULL, "%s: %s", what, cs_scale_out_status_name(wanted));
    return answer;
}

/* One purchase for this caller's own cluster: the answer, which is about it, or NULL. */
static inline char *buy(const char *endpoint, const char *cluster, const char *client)
{
    char *json_in = request_to(endpoint, cluster, "\"count\":1,\"key_pair\":\"k\"", client);
    char *answer = answer_to(json_in, CS_SCALE_OUT_OK);

    if (answer != NULL && !holds(answer, "/cluster_id", cluster)) {
        printf("%s: another call's answer: %s\n", cluster, answer);
        fflush(stdout);
        cs_scale_out_free(answer);
        answer = NULL;
    }
    return answer;
}

/* A port of this machine where nobody listens, and nobody can begin to: it is bound, but does not
 * listen, until the process ends. */
static inline int closed_port(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, size) != 0
        || getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) {
        give_up("no port");
    }
    return ntohs(address.sin_port);
}

/* How much memory this process has, in KiB; -1 if the system does not tell. */
static inline long resident_kib(void)
{
    long size;
    long pages = -1;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file != NULL) {
        if (fscanf(file, "%ld %ld", &size, &pages) != 2) {
            pages = -1;
        }
        fclose(file);
    }
    return pages < 0 ? -1 : pages * (sysconf(_SC_PAGESIZE) / 1024);
}

#endif

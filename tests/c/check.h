/*
 * What the C tests share: one line on stdout for each check, "ok - ..." or "FAILED - ...", and an
 * exit code. Whatever else appears on stdout or stderr came from the library, and fails the test.
 * Only the main thread checks.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cs_scale_out.h"

static int checks;
static int checks_failed;

/* CHECK(condition, "what is expected", ...) with a printf format. */
#define CHECK(condition, ...) check((condition) != 0, __FILE__, __LINE__, __VA_ARGS__)

static int check(int good, const char *file, int line, const char *format, ...)
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
static int checks_end(void)
{
    printf("%d checks, %d failed\n", checks, checks_failed);
    return checks == 0 || checks_failed != 0;
}

/* Whether the value at `pointer` is the text `wanted`; NULL: whether there is no such value. */
static int holds(const char *document, const char *pointer, const char *wanted)
{
    char *value;
    int found = cs_scale_out_json_get(document, pointer, &value) == CS_SCALE_OUT_OK;
    int same = wanted == NULL ? !found : found && value != NULL && strcmp(value, wanted) == 0;

    cs_scale_out_free(value);
    return same;
}

/* Whether a call ended as wanted, with a document that says the same. */
static int ended(int status, int wanted, const char *document)
{
    return status == wanted && document != NULL
        && holds(document, "/status", cs_scale_out_status_name(status));
}

#endif

/*
 * Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
 *
 *     scale_out request.json
 *     scale_out - < request.json
 *     scale_out --json request.json    (prints the whole answer document)
 *
 * The exit code is the status without its sign (0 for CS_SCALE_OUT_OK), or 64 for a document it cannot read.
 * Credentials come from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID, ..._SECRET) or the document.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cs_scale_out.h"

enum {
    /* One byte over the library's limit of 1 MiB: enough for it to see that a document is longer. */
    MOST_READ = 1024 * 1024 + 1,
    EXIT_UNREADABLE = 64
};

/* The whole input as a string to free(), or NULL with the reason on stderr. */
static char *read_document(FILE *file, const char *name)
{
    char *text = malloc(MOST_READ + 1);
    if (text == NULL) {
        fputs("out of memory\n", stderr);
        return NULL;
    }
    size_t length = fread(text, 1, MOST_READ, file);
    if (ferror(file)) {
        perror(name);
    } else if (memchr(text, '\0', length) != NULL) {
        /* C would take the part before it for the whole, and send that. */
        fprintf(stderr, "%s: holds a NUL byte, so it is not JSON\n", name);
    } else {
        text[length] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

/* One value of the document, to be released with cs_scale_out_free(); NULL where there is none. */
static char *get(const char *document, const char *pointer)
{
    char *value;
    if (cs_scale_out_json_get(document, pointer, &value) == CS_SCALE_OUT_OK) {
        return value;
    }
    cs_scale_out_free(value); /* a failure hands out a document, too */
    return NULL;
}

/* Prints "label: value" if the document has such a value. */
static void print_value(const char *document, const char *pointer, const char *label)
{
    char *value = get(document, pointer);
    if (value != NULL) {
        fprintf(stderr, "%s: %s\n", label, value);
    }
    cs_scale_out_free(value);
}

/* Prints a line for each item of a list: two of its members. */
static void print_list(const char *document, const char *list, const char *first, const char *second)
{
    char pointer[64];
    for (int item = 0;; item++) {
        snprintf(pointer, sizeof pointer, "/%s/%d/%s", list, item, first);
        char *one = get(document, pointer);
        if (one == NULL) {
            return;
        }
        snprintf(pointer, sizeof pointer, "/%s/%d/%s", list, item, second);
        char *two = get(document, pointer);
        fprintf(stderr, "  %s: %s\n", one, two != NULL ? two : "");
        cs_scale_out_free(one);
        cs_scale_out_free(two);
    }
}

static void print_answer(int status, const char *answer)
{
    if (status == CS_SCALE_OUT_OK) {
        char *task = get(answer, "/task_id");
        printf("%s%s\n", task != NULL ? "task " : "", task != NULL ? task : answer); /* a dry run has none */
        cs_scale_out_free(task);
    } else {
        fprintf(stderr, "status: %s\n", cs_scale_out_status_name(status));
        print_value(answer, "/message", "message");
        print_value(answer, "/hint", "hint");
        print_list(answer, "problems", "path", "message");
        print_list(answer, "candidates", "task_id", "state");
    }
    print_list(answer, "warnings", "path", "message");
}

int main(int argc, char **argv)
{
    int whole = argc > 1 && strcmp(argv[1], "--json") == 0;
    const char *name = argc > 1 + whole ? argv[1 + whole] : "-";
    int from_stdin = strcmp(name, "-") == 0;
    FILE *file = from_stdin ? stdin : fopen(name, "rb");
    if (file == NULL) {
        perror(name);
        return EXIT_UNREADABLE;
    }
    char *request = read_document(file, from_stdin ? "standard input" : name);
    if (!from_stdin) {
        fclose(file);
    }
    if (request == NULL) {
        return EXIT_UNREADABLE;
    }

    char *answer;
    int status = cs_scale_out(request, &answer);
    free(request);
    if (answer == NULL) {
        /* The status stands even so; after CS_SCALE_OUT_OK or CS_SCALE_OUT_ERR_UNKNOWN nodes may be on their way. */
        fprintf(stderr, "status: %s, but no memory for its document\n", cs_scale_out_status_name(status));
        return abs(status);
    }
    if (whole) {
        printf("%s\n", answer);
    } else {
        print_answer(status, answer);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        /* The task id is worth servers: where stdout is lost, it goes to stderr. */
        perror("standard output");
        fprintf(stderr, "%s\n", answer);
    }
    cs_scale_out_free(answer);
    return abs(status);
}

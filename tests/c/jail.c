/*
 * A host in a chroot without certificates, resolv.conf, hosts, /dev and /proc.
 *
 *     jail HTTP HTTPS FOLDER CA_FILE [OUTSIDE]
 *
 * HTTPS is given by its address, since names cannot be looked up inside. FOLDER is the new root, and
 * CA_FILE the name of a file in it. OUTSIDE is the same one's name before: with it, the library was
 * used before.
 */
#define _GNU_SOURCE

#include <sched.h>
#include <unistd.h>

#include "check.h"

enum { HTTP = 1, HTTPS, FOLDER, CA_FILE, OUTSIDE };

/* A call to `endpoint` with further members of `client`; the document is the caller's. */
static char *call(const char *what, const char *endpoint, const char *client, int wanted)
{
    static const char members[] = "\"count\":1,\"key_pair\":\"k\"";

    return check_answer(what, request_to(endpoint, "c1", members, client), wanted);
}

/* Whether the text at `pointer` has `part` in it. */
static int says(const char *answer, const char *pointer, const char *part)
{
    char *text;
    int found = cs_scale_out_json_get(answer, pointer, &text) == CS_SCALE_OUT_OK && strstr(text, part) != NULL;

    if (!found) {
        printf("%s: %s\n", pointer, text != NULL ? text : "nothing");
    }
    cs_scale_out_free(text);
    return found;
}

static void check_advice(const char *what, char *answer, const char *message)
{
    CHECK(says(answer, "/message", message), "%s: the message says: %s", what, message);
    CHECK(says(answer, "/hint", "client.ca_file") && says(answer, "/hint", "SSL_CERT_FILE"),
          "%s: and the hint what to do", what);
    CHECK(holds(answer, "/attempts", "1"), "%s: it is not tried again", what);
    cs_scale_out_free(answer);
}

/* As root, or with what a user may do in a namespace of one's own. */
static int enter(const char *folder)
{
    if (chroot(folder) != 0 && (unshare(CLONE_NEWUSER) != 0 || chroot(folder) != 0)) {
        return 0;
    }
    return chdir("/") == 0;
}

static void nothing_is_there(void)
{
    static const char *const missing[] = {"/etc", "/proc", "/dev/urandom", "/usr", "/lib"};

    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        CHECK(access(missing[i], F_OK) != 0, "%s is not there", missing[i]);
    }
}

static void roots_are_missing(const char *https, const char *outside)
{
    if (outside == NULL) {
        char *answer = call("https without roots", https, KEYS, CS_SCALE_OUT_ERR_UNSENT);
        check_advice("https without roots", answer, "no root certificates were found");
        answer = call("the same again", https, KEYS, CS_SCALE_OUT_ERR_UNSENT);
        check_advice("the same again", answer, "neither /etc/ssl/certs nor");
    } else {
        /* What was read outside is kept. It does not fit. */
        cs_scale_out_free(call("https by the roots from outside", https, KEYS, CS_SCALE_OUT_ERR_UNSENT));
    }
    char *answer = call("a file from outside", https, "\"ca_file\":\"/usr/a.pem\"," KEYS, CS_SCALE_OUT_ERR_UNSENT);
    check_advice("a file from outside", answer, "\"/usr/a.pem\" cannot be read");
    setenv("SSL_CERT_FILE", "/usr/b.pem", 1);
    answer = call("SSL_CERT_FILE from outside", https, KEYS, CS_SCALE_OUT_ERR_UNSENT);
    check_advice("SSL_CERT_FILE from outside", answer, "\"/usr/b.pem\" cannot be read");
    unsetenv("SSL_CERT_FILE");
}

static void roots_are_given(const char *https, const char *ca_file)
{
    char client[256];

    snprintf(client, sizeof client, "\"ca_file\":\"%s\"," KEYS, ca_file);
    cs_scale_out_free(call("https with a file inside", https, client, CS_SCALE_OUT_OK));
    setenv("SSL_CERT_FILE", ca_file, 1);
    cs_scale_out_free(call("https with SSL_CERT_FILE inside", https, KEYS, CS_SCALE_OUT_OK));
    unsetenv("SSL_CERT_FILE");
}

/* A C library may know this name by itself; others must say that they could not look it up. */
static void localhost_by_name(const char *http)
{
    char endpoint[64];
    char *answer;

    snprintf(endpoint, sizeof endpoint, "http://localhost%s", strrchr(http, ':'));
    char *json_in = request_to(endpoint, "c1", "\"key_pair\":\"k\"", "\"max_attempts\":1," KEYS);
    int status = cs_scale_out(json_in, &answer);
    CHECK(ended(status, CS_SCALE_OUT_OK, answer)
              || (ended(status, CS_SCALE_OUT_ERR_UNSENT, answer)
                  && says(answer, "/hint", "that this machine can resolve names")),
          "localhost: it is found, or the hint says that names cannot be resolved");
    free(json_in);
    cs_scale_out_free(answer);
}

int main(int argc, char **argv)
{
    if (argc != OUTSIDE && argc != OUTSIDE + 1) {
        give_up("jail HTTP HTTPS FOLDER CA_FILE [OUTSIDE]");
    }
    if (argv[OUTSIDE] != NULL) {
        cs_scale_out_free(call("outside: http", argv[HTTP], KEYS, CS_SCALE_OUT_OK));
        cs_scale_out_free(call("outside: https by the system's roots", argv[HTTPS], KEYS, CS_SCALE_OUT_ERR_UNSENT));
        roots_are_given(argv[HTTPS], argv[OUTSIDE]);
    }
    if (!enter(argv[FOLDER])) {
        CHECK(1, "skipped: chroot: this user may not, not even in a namespace of its own");
        return checks_end();
    }
    nothing_is_there();
    roots_are_missing(argv[HTTPS], argv[OUTSIDE]);
    roots_are_given(argv[HTTPS], argv[CA_FILE]);
    cs_scale_out_free(call("http", argv[HTTP], KEYS, CS_SCALE_OUT_OK));
    cs_scale_out_free(call("a dry run", argv[HTTPS], "\"dry_run\":true," KEYS, CS_SCALE_OUT_OK));
    localhost_by_name(argv[HTTP]);
    return checks_end();
}

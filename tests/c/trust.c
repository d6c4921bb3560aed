/*
 * A host that changes its folder, its environment and the folder of roots between calls.
 *
 *     trust HTTPS GOOD BAD FOLDER
 *
 * GOOD and BAD are files of roots; the first one vouches for HTTPS. FOLDER is empty.
 */
#define _GNU_SOURCE

#include <sys/stat.h>

#include "check.h"

static const char *endpoint;

/* Whether a purchase ends as wanted, over a connection that is kept if it may be. */
static int call(const char *ca_file, int wanted)
{
    char *client = repeated("\"keep_alive\":true,\"max_attempts\":1,", ca_file, 1, KEYS);
    char *answer = answer_to(request_to(endpoint, "c", "\"key_pair\":\"k\"", client), wanted);
    int good = answer != NULL;

    free(client);
    cs_scale_out_free(answer);
    return good;
}

static void go(const char *folder)
{
    if (chdir(folder) != 0) {
        give_up(folder);
    }
}

static void link_to(const char *file, const char *name)
{
    unlink(name);
    if (symlink(file, name) != 0) {
        give_up(name);
    }
}

int main(int argc, char **argv)
{
    char path[1024];

    if (argc != 5) {
        give_up("trust HTTPS GOOD BAD FOLDER");
    }
    endpoint = argv[1];
    go(argv[4]);
    mkdir("good", 0700);
    mkdir("bad", 0700);
    link_to(argv[2], "good/roots.pem");
    link_to(argv[3], "bad/roots.pem");

#define RELATIVE "\"ca_file\":\"roots.pem\","
    go("good");
    CHECK(call(RELATIVE, CS_SCALE_OUT_OK) && call(RELATIVE, CS_SCALE_OUT_OK), "a relative file: ok");
    go("../bad");
    CHECK(call(RELATIVE, CS_SCALE_OUT_ERR_UNSENT), "after chdir it is another one: unsent");
    go("../good");
    CHECK(call(RELATIVE, CS_SCALE_OUT_OK), "back again: ok");

    snprintf(path, sizeof path, "%s/good", argv[4]);
    setenv("SSL_CERT_DIR", path, 1);
    CHECK(call("", CS_SCALE_OUT_OK) && call("", CS_SCALE_OUT_OK), "a folder: ok");
    link_to(argv[3], "roots.pem");
    CHECK(call("", CS_SCALE_OUT_ERR_UNSENT), "the root was taken out of it: unsent");
    link_to(argv[2], "roots.pem");
    CHECK(call("", CS_SCALE_OUT_OK), "and put back: ok");
    snprintf(path, sizeof path, "%s/bad", argv[4]);
    setenv("SSL_CERT_DIR", path, 1);
    CHECK(call("", CS_SCALE_OUT_ERR_UNSENT), "the environment names another folder: unsent");
    snprintf(path, sizeof path, "%s/bad:%s/good", argv[4], argv[4]);
    setenv("SSL_CERT_DIR", path, 1);
    CHECK(call("", CS_SCALE_OUT_OK), "and both: ok");
    return checks_end();
}

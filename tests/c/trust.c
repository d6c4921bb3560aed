/*
 * A host that changes its folder, its environment and the folder of roots between calls.
 *
 *     trust HTTPS GOOD BAD FOLDER
 *
 * GOOD and BAD are files of roots; the first one vouches for HTTPS. FOLDER is empty.
 */
#define _GNU_SOURCE

#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static const char *endpoint;

static int call(const char *ca_file, int wanted)
{
    char request[1024];
    char *answer;

    snprintf(request, sizeof request,
             "{\"ClusterId\":\"c\",\"count\":1,\"key_pair\":\"k\",\"client\":{\"endpoint\":\"%s\",%s"
             "\"proxy\":\"\",\"max_attempts\":1,\"access_key_id\":\"testid\","
             "\"access_key_secret\":\"testsecret\"}}",
             endpoint, ca_file);
    int status = cs_scale_out(request, &answer);
    int good = ended(status, wanted, answer);
    if (!good) {
        printf("%s\n", answer != NULL ? answer : "no document");
        fflush(stdout);
    }
    cs_scale_out_free(answer);
    return good;
}

static void go(const char *folder)
{
    if (chdir(folder) != 0) {
        perror(folder);
        exit(64);
    }
}

static void link_to(const char *file, const char *name)
{
    unlink(name);
    if (symlink(file, name) != 0) {
        perror(name);
        exit(64);
    }
}

int main(int argc, char **argv)
{
    char path[1024];

    if (argc != 5) {
        fputs("trust HTTPS GOOD BAD FOLDER\n", stderr);
        return 64;
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

/*
 * A host that closes descriptors: the standard streams, and whatever it does not know.
 *
 *     descriptors HTTP HTTPS CA_FILE
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>

#include "check.h"

enum { OWN_OUTPUT = 200, MOST = 100 };

static int lowest_sent_to = OWN_OUTPUT;
static char client[512];

/* One purchase, over a connection that is kept. */
static int bought(const char *endpoint)
{
    char *answer = buy(endpoint, "kept", client);
    int good = answer != NULL;

    cs_scale_out_free(answer);
    return good;
}

/* In place of the C library's, for this program and every library in it. */
ssize_t send(int descriptor, const void *bytes, size_t length, int flags)
{
    ssize_t (*own)(int, const void *, size_t, int);

    if (descriptor < lowest_sent_to) {
        lowest_sent_to = descriptor;
    }
    *(void **)&own = dlsym(RTLD_NEXT, "send");
    return own(descriptor, bytes, length, flags);
}

/* What a daemon does, which has nobody to talk to. Its own log stands at a high number. */
static void without_standard_streams(char **endpoints)
{
    int good = 1;

    fflush(stdout);
    dup2(STDOUT_FILENO, OWN_OUTPUT);
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        close(descriptor);
    }
    for (int i = 0; i < 2; i++) {
        good &= bought(endpoints[0]) && bought(endpoints[1]);
    }
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        good &= fcntl(descriptor, F_GETFD) == -1;
        open("/dev/null", O_RDWR);
    }
    dup2(OWN_OUTPUT, STDOUT_FILENO);
    close(OWN_OUTPUT);
    CHECK(good, "calls without standard streams leave their numbers alone");
    CHECK(lowest_sent_to > 2, "nothing is sent over a standard stream");
}

/* Its next files get the numbers of the connections that wait in the library. */
static void closes_what_it_does_not_know(const char *endpoint)
{
    int pairs[MOST][2];
    int open_pairs = 0;
    char byte;
    int untouched = 1;

    CHECK(bought(endpoint), "%s: a call before", endpoint);
    for (int descriptor = 3; descriptor < MOST; descriptor++) {
        close(descriptor);
    }
    while (open_pairs < 20 && socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[open_pairs]) == 0) {
        open_pairs++;
    }
    for (int i = 0; i < 3; i++) {
        CHECK(bought(endpoint), "%s: a call after", endpoint);
    }
    for (int i = 0; i < open_pairs; i++) {
        for (int end = 0; end < 2; end++) {
            /* Neither closed by the library, nor written to. */
            untouched &= recv(pairs[i][end], &byte, 1, MSG_DONTWAIT) == -1
                      && fcntl(pairs[i][end], F_GETFD) != -1;
        }
    }
    CHECK(untouched, "%s: the host's own sockets are untouched", endpoint);
    for (int i = 0; i < open_pairs; i++) {
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        give_up("descriptors HTTP HTTPS CA_FILE");
    }
    snprintf(client, sizeof client, "\"keep_alive\":true,\"ca_file\":\"%s\"," KEYS, argv[3]);
    alarm(60); /* one that waits for what never comes fails */
    without_standard_streams(argv + 1);
    closes_what_it_does_not_know(argv[1]);
    closes_what_it_does_not_know(argv[2]);
    return checks_end();
}

/*
 * One process with all that could clash: the static library, another Rust library, OpenSSL and zlib, all
 * linked statically and all used. The https server that the library calls is OpenSSL's.
 *
 *     host SERVER.PEM
 *
 * SERVER.PEM holds a certificate for 127.0.0.1, and its key.
 */
#include "../broken_clock.h"

#include <zlib.h>

#include "check.h"
#include "server.h"

int neighbour_work(void);

static char request[2048];

static void make_request(int port, const char *ca_file)
{
    snprintf(request, sizeof request,
             "{\"ClusterId\":\"c1\",\"count\":1,\"key_pair\":\"k\",\"client\":{\"reconcile\":false,"
             "\"endpoint\":\"https://127.0.0.1:%d\",\"ca_file\":\"%s\",\"proxy\":\"\","
             "\"access_key_id\":\"id\",\"access_key_secret\":\"secret\"}}", port, ca_file);
}

static int call_is(int wanted)
{
    char *document;
    int status = cs_scale_out(request, &document);
    int good = ended(status, wanted, document);

    if (!good) {
        printf("FAILED - %s\n", document != NULL ? document : "no document");
    }
    cs_scale_out_free(document);
    return good;
}

static int zlib_works(void)
{
    static const char text[] = "again and again and again and again and again";
    unsigned char packed[256], unpacked[sizeof text];
    uLongf packed_length = sizeof packed, length = sizeof unpacked;

    return compress(packed, &packed_length, (const Bytef *)text, sizeof text) == Z_OK
        && packed_length < sizeof text
        && uncompress(unpacked, &length, packed, packed_length) == Z_OK
        && length == sizeof text && memcmp(unpacked, text, length) == 0;
}

/* NULL if all of them worked. */
static void *everything(void *unused)
{
    static char failed;

    (void)unused;
    return call_is(CS_SCALE_OUT_OK) && neighbour_work() == 0 && zlib_works() ? NULL : &failed;
}

static void on_threads(void)
{
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        void *failed;

        if (pthread_create(&thread, NULL, everything, NULL) != 0) {
            abort();
        }
        pthread_join(thread, &failed);
        CHECK(failed == NULL, "all of them, on a thread that ends");
    }
}

int main(int argc, char **argv)
{
    struct server server;

    if (argc != 2) {
        return 64;
    }
    server_start(&server, argv[1]);
    make_request(server.port, argv[1]);
    CHECK(neighbour_work() == 0, "the other Rust library");
    CHECK(call_is(CS_SCALE_OUT_OK), "a call to a server by OpenSSL");
    CHECK(zlib_works(), "zlib");

    clock_is_broken = 1;
    CHECK(call_is(CS_SCALE_OUT_ERR_INTERNAL), "a panic is caught, and becomes a status");
    clock_is_broken = 0;
    CHECK(call_is(CS_SCALE_OUT_OK), "the next call is as good as any");
    CHECK(neighbour_work() == 0, "and so is the other library");

    on_threads();
    server_stop(&server);
    return checks_end();
}

/*
 * The floor: the same bytes over a blocking socket and nothing else. The request is read from a
 * file, ready signed; only as much of the reply is understood as is needed to find its end.
 * Built plain and with WITH_TLS, since a process that loads OpenSSL starts more slowly; and both ways
 * with WITH_SIGNING, which adds what no correct client can leave out: the signature (sign.h), one look
 * at the kept connection, a receive time-out.
 */
#define _GNU_SOURCE
#ifdef WITH_SIGNING
#include "sign.h" /* before anything else of OpenSSL's, since it asks for an older face of it */
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/ssl.h>
#endif

#include "bench.h"

struct link {
    const struct options *options;
    int socket;
#ifdef WITH_TLS
    SSL_CTX *context;
    SSL *tls;
#endif
#ifdef WITH_SIGNING
    struct signer signer;
#endif
    char request[16384];
    size_t length;
};

static ssize_t receive(struct link *link, char *into, size_t room)
{
#ifdef WITH_TLS
    return SSL_read(link->tls, into, (int)room);
#else
    return read(link->socket, into, room);
#endif
}

static void transmit(struct link *link)
{
#ifdef WITH_TLS
    ssize_t sent = SSL_write(link->tls, link->request, (int)link->length);
#else
    ssize_t sent = write(link->socket, link->request, link->length);
#endif
    if (sent != (ssize_t)link->length) {
        die("floor: not sent");
    }
}

static void dial(struct link *link)
{
    char host[64];
    int port, on = 1;
    if (sscanf(link->options->url, "%*[a-z]://%63[^:]:%d", host, &port) != 2) {
        die("floor: the URL must be scheme://a.b.c.d:port");
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    link->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(link->socket, (struct sockaddr *)&address, sizeof address) != 0) {
        die("floor: no connection");
    }
    setsockopt(link->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef WITH_SIGNING
    struct timeval limit = {.tv_sec = 30};
    setsockopt(link->socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
#endif
#ifdef WITH_TLS
    link->tls = SSL_new(link->context);
    SSL_set_fd(link->tls, link->socket);
    if (SSL_connect(link->tls) != 1) {
        die("floor: no TLS");
    }
#endif
}

static void hang_up(struct link *link)
{
#ifdef WITH_TLS
    SSL_free(link->tls);
#endif
    close(link->socket);
}

#ifdef WITH_SIGNING
/* The kept connection must not have ended; over TLS, tickets may wait there to be read. */
static void look(struct link *link)
{
    char byte;
    ssize_t there = recv(link->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
#ifdef WITH_TLS
    int is_sound = there == 1 || (there < 0 && errno == EAGAIN);
#else
    int is_sound = there < 0 && errno == EAGAIN;
#endif
    if (!is_sound) {
        die("floor: the connection is not fit for a request");
    }
}
#endif

#ifdef WITH_TLS
static SSL_CTX *context_of(const struct options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (options->ca == NULL || SSL_CTX_load_verify_locations(context, options->ca, NULL) != 1) {
        die("floor: no usable --ca");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return context;
}
#endif

static void once(void *state)
{
    struct link *link = state;
    char reply[16384];
    size_t have = 0, wanted = 0;
    if (link->options->own) {
        dial(link);
    }
#ifdef WITH_SIGNING
    look(link);
    sign(&link->signer);
#endif
    transmit(link);
    while (wanted == 0 || have < wanted) {
        ssize_t got = receive(link, reply + have, sizeof reply - 1 - have);
        if (got <= 0) {
            die("floor: no reply");
        }
        have += (size_t)got;
        reply[have] = '\0';
        const char *end = strstr(reply, "\r\n\r\n");
        const char *length = strstr(reply, "Content-Length: ");
        if (end != NULL && length != NULL) {
            wanted = (size_t)(end + 4 - reply) + strtoul(length + 16, NULL, 10);
        }
    }
    if (strstr(reply, "\"task_id\"") == NULL) {
        die("floor: the reply holds no task id");
    }
    if (link->options->own) {
        hang_up(link);
    }
}

int main(int argc, char **argv)
{
    struct options options = options_of(argc, argv);
    static struct link link;
    FILE *file = fopen(options.request != NULL ? options.request : "", "rb");
    if (file == NULL) {
        die("floor: no --request");
    }
    link.length = fread(link.request, 1, sizeof link.request - 1, file);
    fclose(file);
    link.options = &options;
#ifdef WITH_SIGNING
    link.signer = signer_of(link.request);
#endif
#ifdef WITH_TLS
    link.context = context_of(&options);
#endif
    if (!options.own) {
        dial(&link);
    }
    measure(&options, once, &link);
    return 0;
}

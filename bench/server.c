/*
 * The server where nginx is not installed: blocking, a thread a connection, one answer to
 * everything, with a new number for its $request_id. It prints the port it listens on. Built plain, and with WITH_TLS: server CERT KEY.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/ssl.h>
static SSL_CTX *context;
#endif

/* The answer up to the request's id, and behind it. */
static const char *answer, *answer_end;
static int answer_length;

struct peer {
    int socket;
#ifdef WITH_TLS
    SSL *tls;
#endif
};

static ssize_t receive(struct peer *peer, char *into, size_t room)
{
#ifdef WITH_TLS
    return SSL_read(peer->tls, into, (int)room);
#else
    return read(peer->socket, into, room);
#endif
}

static ssize_t transmit(struct peer *peer, const char *text, size_t length)
{
#ifdef WITH_TLS
    return SSL_write(peer->tls, text, (int)length);
#else
    return write(peer->socket, text, length);
#endif
}

/* Whether a whole request came: its head, and as much body as the head says. */
static int read_request(struct peer *peer)
{
    char text[16384];
    size_t have = 0, wanted = 0;
    while (wanted == 0 || have < wanted) {
        ssize_t got = receive(peer, text + have, sizeof text - 1 - have);
        if (got <= 0) {
            return 0;
        }
        have += (size_t)got;
        text[have] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        if (wanted == 0 && end != NULL) {
            const char *length = strcasestr(text, "\r\ncontent-length:");
            wanted = (size_t)(end + 4 - text) + (length ? strtoul(length + 17, NULL, 10) : 0);
        }
    }
    return 1;
}

static void *serve(void *argument)
{
    struct peer peer = {.socket = (int)(intptr_t)argument};
    int on = 1;
    setsockopt(peer.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef WITH_TLS
    peer.tls = SSL_new(context);
    SSL_set_fd(peer.tls, peer.socket);
    if (SSL_accept(peer.tls) == 1)
#endif
    while (read_request(&peer)) {
        static atomic_ullong requests;
        char reply[1024], date[64];
        time_t now = time(NULL);
        struct tm utc;
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
        int length = snprintf(reply, sizeof reply,
                              "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: %s\r\n"
                              "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                              "Connection: keep-alive\r\n\r\n%.*s%032llx%s",
                              date, (size_t)answer_length + 32 + strlen(answer_end),
                              answer_length, answer, atomic_fetch_add(&requests, 1), answer_end);
        if (transmit(&peer, reply, (size_t)length) != length) {
            break;
        }
    }
#ifdef WITH_TLS
    SSL_free(peer.tls);
#endif
    close(peer.socket);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it never outlives the runner */
    signal(SIGPIPE, SIG_IGN);
    answer = argc < 2 ? "" : argv[1];
    answer_end = strstr(answer, "$request_id");
    if (answer_end == NULL || bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, 128) != 0) {
        fputs("usage: server ANSWER [CERT KEY]\n", stderr);
        return 1;
    }
    answer_length = (int)(answer_end - answer);
    answer_end += strlen("$request_id");
#ifdef WITH_TLS
    context = SSL_CTX_new(TLS_server_method());
    if (argc != 4 || SSL_CTX_use_certificate_chain_file(context, argv[2]) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM) != 1) {
        fputs("server: no usable CERT and KEY\n", stderr);
        return 1;
    }
#endif
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        pthread_t thread;
        if (connection >= 0 &&
            pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection) == 0) {
            pthread_detach(thread);
        }
    }
}

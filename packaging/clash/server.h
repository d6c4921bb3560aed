/*
 * An https server by OpenSSL, on a thread of this process, that accepts every request.
 * A connection serves one request.
 */
#ifndef SERVER_H
#define SERVER_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

struct server {
    int listener;
    int port;
    SSL_CTX *context;
    pthread_t thread;
};

/* Whether the text is a whole request: a head, and a body as long as the head says. */
static int is_whole(const char *text)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strcasestr(text, "\r\ncontent-length:");

    if (end == NULL) {
        return 0;
    }
    return length == NULL || length > end || strlen(end + 4) >= strtoul(length + 17, NULL, 10);
}

static void answer(SSL *connection)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 15\r\n\r\n"
                                "{\"task_id\":\"T\"}";
    char text[8192] = "";
    size_t length = 0;

    while (!is_whole(text)) {
        int got = SSL_read(connection, text + length, (int)(sizeof text - 1 - length));
        if (got <= 0) {
            return;
        }
        length += (size_t)got;
        text[length] = '\0';
    }
    SSL_write(connection, reply, sizeof reply - 1);
    SSL_shutdown(connection);
}

static void *serve(void *argument)
{
    struct server *server = argument;
    int socket;

    while ((socket = accept(server->listener, NULL, NULL)) >= 0) {
        SSL *connection = SSL_new(server->context);
        SSL_set_fd(connection, socket);
        if (SSL_accept(connection) == 1) {
            answer(connection);
        }
        SSL_free(connection);
        close(socket);
    }
    return NULL;
}

/* Starts it with the certificate and key of a PEM file, on a port that the system picks. */
static void server_start(struct server *server, const char *pem)
{
    struct sockaddr_in place = {.sin_family = AF_INET};
    socklen_t size = sizeof place;

    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->context = SSL_CTX_new(TLS_server_method());
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (SSL_CTX_use_certificate_file(server->context, pem, SSL_FILETYPE_PEM) != 1
        || SSL_CTX_use_PrivateKey_file(server->context, pem, SSL_FILETYPE_PEM) != 1
        || bind(server->listener, (struct sockaddr *)&place, size) != 0
        || listen(server->listener, 8) != 0
        || getsockname(server->listener, (struct sockaddr *)&place, &size) != 0
        || pthread_create(&server->thread, NULL, serve, server) != 0) {
        fprintf(stderr, "the server does not start with %s\n", pem);
        exit(1);
    }
    server->port = ntohs(place.sin_port);
}

static void server_stop(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    SSL_CTX_free(server->context);
}

#endif

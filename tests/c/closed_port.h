/*
 * A port of this machine where nobody listens, and nobody can begin to: it is bound, but does not
 * listen, until the process ends. 0 if there is none.
 */
#ifndef CLOSED_PORT_H
#define CLOSED_PORT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static int closed_port(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, size) != 0
        || getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) {
        return 0;
    }
    return ntohs(address.sin_port);
}

#endif

"""The server that all clients talk to, its certificate, and the request as the library sends it."""

import os
import re
import socket
import subprocess
import threading
import time

from programs import ENVIRONMENT, Failed, run

# The reference's own answer, about the cluster that is asked for; the server sets in a new id for each
# request, since a client may know its answers by that.
ANSWER = ('{"cluster_id": "c82e6987e2961451182edacd74faf", '
          '"task_id": "T-5a54309c80282e39ea00002f", '
          '"request_id": "$request_id"}')

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 256; }}
http {{
    access_log off;
    default_type application/json;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{http};
        {https}
        # The request's body is read and thrown away, and the connection stays.
        location / {{ return 200 '{answer}'; }}
    }}
}}
"""
# Named, since the default of older versions leaves 1.3 out.
NGINX_TLS = """listen 127.0.0.1:{port} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {folder}/leaf.pem;
        ssl_certificate_key {folder}/leaf.key;"""

LEAF = "subjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"


def certificate(folder):
    """A root (ca.pem) and a leaf for 127.0.0.1, both EC P-256."""
    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    at = lambda name: os.path.join(folder, name)
    with open(at("leaf.ext"), "w", encoding="utf-8") as file:
        file.write(LEAF)
    run(["openssl", "req", "-x509", *ec, "-subj", "/CN=bench root", "-days", "2",
         "-keyout", at("ca.key"), "-out", at("ca.pem")])
    run(["openssl", "req", *ec, "-subj", "/CN=127.0.0.1", "-keyout", at("leaf.key"), "-out", at("leaf.csr")])
    run(["openssl", "x509", "-req", "-in", at("leaf.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"),
         "-set_serial", "2", "-days", "2", "-extfile", at("leaf.ext"), "-out", at("leaf.pem")])
    return at("ca.pem")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """What answers. `urls` maps http and, where there is TLS, https to a URL."""

    def __init__(self, name, children, urls):
        self.name, self.children, self.urls = name, children, urls

    def stop(self):
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(10)


def nginx(program, folder, secure):
    # A port that was free a moment ago may be taken; then other ones are tried.
    for _ in range(5):
        ports = {"http": free_port(), **({"https": free_port()} if secure else {})}
        tls = NGINX_TLS.format(port=ports["https"], folder=folder) if secure else ""
        path = os.path.join(folder, "nginx.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(NGINX.format(folder=folder, http=ports["http"], https=tls, answer=ANSWER))
        errors = os.path.join(folder, "nginx.log")
        with open(errors, "w", encoding="utf-8") as log:
            child = subprocess.Popen([program, "-p", folder, "-c", path], env=ENVIRONMENT,
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if all(answers(port, child) for port in ports.values()):
            version = subprocess.run([program, "-v"], check=False, text=True, stderr=subprocess.PIPE)
            name = version.stderr.strip().split(": ")[-1]
            return Server(name, [child], {s: f"{s}://127.0.0.1:{p}" for s, p in ports.items()})
        child.terminate()
        child.wait(10)
    with open(errors, encoding="utf-8") as log:
        raise Failed("nginx does not start\n" + log.read())


def answers(port, child):
    for _ in range(200):
        if child.poll() is not None:
            return False
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def own(programs, folder, secure):
    """The server in server.c: a process for http and one for https."""
    commands = {"http": [programs["server"], ANSWER]}
    if secure and programs["server, TLS"]:
        pair = [os.path.join(folder, name) for name in ("leaf.pem", "leaf.key")]
        commands["https"] = [programs["server, TLS"], ANSWER, *pair]
    server = Server("bench/server.c", [], {})
    for scheme, command in commands.items():
        child = subprocess.Popen(command, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE)
        server.children.append(child)
        port = child.stdout.readline().strip()
        if not port:
            server.stop()
            raise Failed("bench/server.c does not start")
        server.urls[scheme] = f"{scheme}://127.0.0.1:{port}"
    return server


def capture(client, path):
    """Writes to `path` the request exactly as `client` sends it, for the floor to repeat."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        taken = []
        thread = threading.Thread(target=lambda: taken.append(take_one(listener)))
        thread.start()
        try:
            run([client, "http://127.0.0.1:%d" % listener.getsockname()[1], "1"])
        finally:
            thread.join()
    with open(path, "wb") as file:
        file.write(taken[0])


def take_one(listener):
    connection, _ = listener.accept()
    with connection:
        data, whole = b"", 1
        while len(data) < whole:
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
            head, found, _ = data.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            whole = len(head) + 4 + int(length[1]) if found and length else len(data) + 1
        reply = f"HTTP/1.1 200 OK\r\nContent-Length: {len(ANSWER)}\r\n\r\n{ANSWER}"
        connection.sendall(reply.encode())
        return data

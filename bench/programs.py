"""The C programs: what can be built here is built, what cannot is named."""

import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]
# A proxy or a root store of the machine's owner would change what is measured.
FOREIGN = ("ALIBABA_CLOUD_", "CS_SCALE_OUT_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.upper().startswith(FOREIGN)}


class Failed(Exception):
    """Something that should have run did not."""


def run(command, timeout=600, **more):
    """Runs to the end; what it printed, or Failed with what it complained of."""
    try:
        done = subprocess.run(
            command, check=False, env=ENVIRONMENT, timeout=timeout, text=True,
            capture_output=True, stdin=subprocess.DEVNULL, **more)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise Failed(f"{command[0]}: exit {done.returncode}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def linked(tree, release):
    """What links a program with the shared library of a checkout."""
    return ["-I" + os.path.join(tree, "include"), "-L" + release, "-lcs_scale_out", "-Wl,-rpath," + release]


class Programs:
    """Builds into <target>/bench and remembers what was skipped."""

    def __init__(self):
        self.cc = os.environ.get("CC", "cc")
        self.skipped = []
        self.release = ""
        self.folder = ""

    def skip(self, what):
        if what not in self.skipped:
            self.skipped.append(what)

    def has_header(self, name):
        test = subprocess.run([self.cc, "-E", "-"], check=False, input=f"#include <{name}>\n", text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return test.returncode == 0

    def build(self):
        """Name to path; a program that cannot be built here is None."""
        # Asked of cargo rather than guessed: a configuration file may move it, too.
        target = run(["cargo", "metadata", "--format-version=1", "--no-deps"], cwd=ROOT)
        target = json.loads(target)["target_directory"]
        self.release = os.path.join(target, "release")
        self.folder = os.path.join(target, "bench")
        os.makedirs(self.folder, exist_ok=True)
        run(["scripts/remap-paths", "cargo", "build", "--release", "--quiet"], 1800, cwd=ROOT)

        library = linked(ROOT, self.release)
        tls = ["-DWITH_TLS", "-lssl", "-lcrypto"]
        signing = ["-DWITH_SIGNING", "-lcrypto"]
        openssl = self.has_header("openssl/ssl.h")
        curl = self.has_header("curl/curl.h")
        if not openssl:
            self.skip("OpenSSL headers are not installed")
        if not curl:
            self.skip("libcurl headers are not installed")
        return {
            "spawn": self.compile("spawn", "spawn.c"),
            "server": self.compile("server", "server.c", "-pthread"),
            "server, TLS": openssl and self.compile("server-tls", "server.c", "-pthread", *tls),
            "raw": self.compile("floor", "floor.c"),
            "raw, TLS": openssl and self.compile("floor-tls", "floor.c", *tls),
            "raw+sign": openssl and self.compile("floor-sign", "floor.c", *signing),
            "raw+sign, TLS": openssl and self.compile("floor-sign-tls", "floor.c", *signing, *tls),
            "libcurl": openssl and curl and self.compile(
                "curl_client", "curl_client.c", "-lcurl", "-lcrypto"),
            "cs": self.compile("cs_client", "cs_client.c", *library),
            "validate": self.compile("validate", "validate.c", *library),
        }

    def build_before(self, tree):
        """The client of another version, from its own checkout: names of the C API change."""
        run(["cargo", "build", "--release", "--quiet", "--target-dir", os.path.join(tree, "target")], 1800, cwd=tree)
        library = linked(tree, os.path.join(tree, "target", "release"))
        return self.compile("cs_client-before", os.path.join(tree, "bench", "cs_client.c"), *library)

    def stripped_size(self):
        """Of the shared library, in bytes; None without strip."""
        if not self.tool("strip"):
            return None
        path = os.path.join(self.folder, "stripped.so")
        run(["strip", "-o", path, os.path.join(self.release, "libcs_scale_out.so")])
        return os.path.getsize(path)

    def compile(self, name, source, *options):
        path = os.path.join(self.folder, name)
        run([self.cc, *FLAGS, "-o", path, os.path.join(HERE, source), *options])
        return path

    def tool(self, name):
        """Whether a program is installed; if not, it is noted as skipped."""
        return shutil.which(name) or self.skip(f"{name} is not installed")

#!/usr/bin/env python3
"""What the package costs: its import, and its call beside the same call from C.

    cargo build --release -p cs-scale-out -p local-ack
    python bench.py TARGET_DIR        # where libcs_scale_out.so and local-ack lie, such as target/release

Run it with an interpreter that has the package installed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS, CALLS, STARTS = 9, 2000, 15
HERE = Path(__file__).resolve().parent

C_CALLER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "cs_scale_out.h"
static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
int main(int argc, char **argv) {
    int calls = atoi(argv[2]);
    double *took = malloc(sizeof *took * (size_t)calls);
    for (int i = -100; i < calls; i++) {
        struct timespec begin, end;
        char *out;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        if (cs_scale_out(argv[1], &out) != CS_SCALE_OUT_OK) { fputs(out, stderr); return argc; }
        cs_scale_out_free(out);
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (i >= 0)
            took[i] = (end.tv_sec - begin.tv_sec) * 1e6 + (end.tv_nsec - begin.tv_nsec) / 1e3;
    }
    qsort(took, (size_t)calls, sizeof *took, ascending);
    printf("%f\n", took[calls / 2]);
}
"""

PYTHON_CALLER = """
import json, sys, time
from cs_scale_out import scale_out
request, calls, took = json.loads(sys.argv[1]), int(sys.argv[2]), []
cluster_id = request.pop("ClusterId")
for i in range(-100, calls):
    begin = time.perf_counter()
    scale_out(cluster_id, **request)
    took.append(time.perf_counter() - begin)
print(sorted(took[100:])[calls // 2] * 1e6)
"""

REPORT = "\nprint(next(l for l in open('/proc/self/status') if l.startswith('VmRSS')).split()[1])"


def measured(command: list[str]) -> float:
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def importing() -> None:
    """Whole processes, empty and importing by turns, so that noise meets both."""
    took: dict[str, list[float]] = {"pass": [], "import cs_scale_out": []}
    for _ in range(STARTS):
        for code, times in took.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append((time.perf_counter() - begin) * 1e3)
    empty, full = (min(times) for times in took.values())
    memory = [measured([sys.executable, "-c", code + REPORT]) / 1024 for code in took]
    print(f"import: {full - empty:.1f} ms, {memory[1] - memory[0]:.1f} MB more than an empty interpreter")


def calling(target: Path) -> None:
    """Rounds of both callers, one server for all; the ratio is the median of the rounds' own."""
    server = subprocess.Popen([target / "local-ack"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = json.loads(server.stdout.readline())["url"]
    keys = {"access_key_id": "testid", "access_key_secret": "testsecret"}
    request = json.dumps(
        {"ClusterId": "c1", "count": 1, "key_pair": "common", "client": {"endpoint": url, **keys}}
    )
    with tempfile.TemporaryDirectory() as folder:
        caller = os.path.join(folder, "caller")
        options = ["-O2", "-x", "c", "-", "-o", caller, f"-I{HERE.parents[1] / 'include'}"]
        options += [f"-L{target}", "-lcs_scale_out", f"-Wl,-rpath,{target}"]
        subprocess.run(["cc", *options], input=C_CALLER, text=True, check=True)
        rounds = []
        for _ in range(ROUNDS):
            c = measured([caller, request, str(CALLS)])
            python = measured([sys.executable, "-c", PYTHON_CALLER, request, str(CALLS)])
            rounds.append((python / c, python, c))
    server.kill()
    ratio, python, c = (statistics.median(column) for column in zip(*rounds))
    print(f"warm call: {python:.1f} us from Python, {c:.1f} us from C, ratio {ratio:.2f}")


if __name__ == "__main__":
    importing()
    if len(sys.argv) > 1:
        calling(Path(sys.argv[1]).resolve())

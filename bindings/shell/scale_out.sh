#!/bin/sh
# Adds worker nodes to an ACK cluster: sends a request document, prints what came of it.
#
#     scale_out.sh request.json
#     scale_out.sh < request.json
#
# The work is done by the C program examples/scale_out.c, here called scale_out and found on PATH: the task is on
# its stdout, what went wrong and the warnings are on its stderr, and its exit code is the status without its sign.
set -u

task=$(scale_out "$@")
status=$?
[ "$status" -ne 0 ] || printf '%s\n' "$task"
exit "$status"

#!/bin/sh
# Adds worker nodes to an ACK cluster: sends a request document, prints what came of it.
#
#     scale_out.sh request.json
#     scale_out.sh < request.json
#
# The work is done by the C program examples/scale_out.c, here called scale_out and found on PATH. It says what
# went wrong on stderr, and exits with the status.
set -u

answer=$(scale_out "$@")
status=$?

# What to do next is in the status alone.
case $status in
0)
    # "task_id: T-…"; a dry run prints its request instead.
    case $answer in
    "task_id: "*) echo "task ${answer#task_id: }" ;;
    *) printf '%s\n' "$answer" ;;
    esac
    ;;
2) echo "mend the document" >&2 ;;
3) echo "check the credentials" >&2 ;;
4) echo "nothing was sent: try again when you like" >&2 ;;
5) echo "nothing was started: read the message" >&2 ;;
6) echo "nodes may be on their way: look at the cluster; sending this again may buy them twice" >&2 ;;
64 | 1) echo "the document cannot be used" >&2 ;;
*) echo "scale_out ended with $status" >&2 ;;
esac
exit "$status"

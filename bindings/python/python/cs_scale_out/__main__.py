"""`python -m cs_scale_out`: one request from a file or stdin, its document to stdout."""

from __future__ import annotations

import sys

from . import _native
from ._errors import ArgumentError, NotSent
from ._interrupt import despite_signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import Call

USAGE = """\
usage: python -m cs_scale_out [--validate | --dry-run] [REQUEST.json | -]

Sends the request in REQUEST.json (or stdin) and prints the library's document.
Each request that succeeds buys servers.

  --validate  only check the request
  --dry-run   show what would be sent
  --version   print the version
  --help      print this

exit: 0 ok, 1 argument, 2 invalid, 3 credentials, 4 unsent, 5 refused, 6 unknown, 7 internal
"""
_FLAGS = ("--validate", "--dry-run")


class _Usage(Exception):
    """Wrong arguments, or a file that cannot be read."""


def main(arguments: list[str]) -> int:
    """Runs the command; the exit code is the status's absolute value."""
    if "--help" in arguments or "-h" in arguments:
        return _print(USAGE, 0)
    if "--version" in arguments:
        return _print(f"cs-scale-out {_native.__version__}\n", 0)
    try:
        mode, path = _read_arguments(arguments)
        request = _read(path)
    except _Usage as problem:
        print(f"cs_scale_out: {problem}", file=sys.stderr)
        return -ArgumentError.status
    call: Call | None = None
    try:
        if mode is not None:
            checked = _native.validate(request)
            if mode == "--validate" or checked.status != 0:
                return _tell(checked.document, checked.status)
            request = _as_dry_run(request)
        call = _native.Call(request)
        answer = call.wait()
    except KeyboardInterrupt:
        if call is None:
            unsent = NotSent.status
            return _tell(_native.failure(unsent, "interrupted: nothing was sent"), unsent)
        answer = despite_signals(call.given_up)
    return _tell(answer.document, answer.status)


def _read_arguments(arguments: list[str]) -> tuple[str | None, str]:
    flags = [a for a in arguments if a.startswith("-") and a != "-"]
    paths = [a for a in arguments if a not in flags]
    for flag in flags:
        if flag not in _FLAGS:
            raise _Usage(f"there is no option {flag}; see --help")
    if len(flags) > 1 or len(paths) > 1:
        raise _Usage("one option and one file at most; see --help")
    return flags[0] if flags else None, paths[0] if paths else "-"


def _read(path: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:
            return file.read()
    except (OSError, AttributeError) as error:  # there may be no stdin at all
        raise _Usage(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _as_dry_run(request: bytes) -> bytes:
    import json  # reads every number and name as it is

    document = json.loads(request)
    document["client"] = {**(document.get("client") or {}), "dry_run": True}
    return json.dumps(document).encode()


def _tell(document: str, status: int) -> int:
    return _print(document + "\n", -status)


def _print(text: str, code: int) -> int:
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except (OSError, AttributeError) as error:
        # What was bought must be told somewhere.
        why = getattr(error, "strerror", None) or error
        print(f"cs_scale_out: stdout: {why}: {text.strip()}", file=sys.stderr)
        _forget_stdout()
    return code


def _forget_stdout() -> None:
    """Keeps the interpreter from writing to it once more at its end."""
    import os

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

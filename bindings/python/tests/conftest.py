"""Tests hear nothing from the machine's own environment."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import pytest

# Whoever is started in the background of a script ignores Ctrl-C, and so do the programs it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(("ALIBABA", "CS_SCALE_OUT", "HTTP_PROXY", "HTTPS_PROXY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    # Credentials are asked of nobody on a network.
    monkeypatch.setenv("CS_SCALE_OUT_METADATA_ENDPOINT", "http://127.0.0.1:1")


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]

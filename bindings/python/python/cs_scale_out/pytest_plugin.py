"""The fixture `local_ack`, which pytest finds by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .testing import LocalAck


@pytest.fixture
def local_ack() -> Iterator[LocalAck]:
    """A `cs_scale_out.testing.LocalAck` of the test's own."""
    with LocalAck() as ack:
        yield ack

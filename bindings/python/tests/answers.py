"""Answers of one's choice, in the shape of the native module's."""

from __future__ import annotations

import json


class Answer:
    def __init__(self, kind: str, status: int, name: str, message: str = "", **members: object) -> None:
        self.kind, self.status, self.has_warnings = kind, status, False
        document = {"status": name, "message": message, "attempts": 1, **members}
        self.document = json.dumps(document)

"""Writes down what was asked of Flink and what came, one file a case.

Left out: most frames of stack traces, serialized Java objects, and all names of this machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import Asked
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import (
    Answer,
    Request,
    Transport,
)

MOST_FRAMES = 2
_FRAME = re.compile(r"\n\t(?:at |\.\.\. )[^\n]*")
_RUN_OF_FRAMES = re.compile(r"(?:\n\t(?:at |\.\.\. )[^\n]*){3,}")
_PORT = re.compile(r"127\.0\.0\.1:\d+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SAVEPOINT = re.compile(r"savepoint-([0-9a-f]{6})-[0-9a-f]{12}")


@dataclass
class Recorder:
    """A transport that keeps what was exchanged; `case` writes the last of it."""

    inner: Transport
    folder: Path | None
    version: str
    places: dict[str, str] = field(default_factory=dict)
    exchanges: list[tuple[Request, Answer]] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        answer = self.inner.send(request)
        self.exchanges.append((request, answer))
        return answer

    def asked(self, request: Request) -> Asked:
        return self.inner.asked(request)

    @contextmanager
    def case(self, name: str) -> Iterator[None]:
        yield
        if self.folder is not None:
            self._write(self.folder / f"{name}.json", *self.exchanges[-1])

    def _write(self, file: Path, request: Request, answer: Answer) -> None:
        tape = {
            "flink": self.version,
            "request": {
                "method": request.method,
                "path": self._told(request.path),
                "query": [list(pair) for pair in request.query],
                "body": self._told(dict(request.body)) if request.body is not None else None,
                "upload": request.upload.name if request.upload else None,
            },
            "answer": {
                "status": answer.status,
                "content_type": answer.content_type,
                "body": self._told(json.loads(answer.body)),
            },
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(tape, indent=1, ensure_ascii=False) + "\n"
        file.write_text(text, encoding="utf-8")

    def _told(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: self._told(v) for k, v in value.items() if k != "serialized-throwable"}
        if isinstance(value, list):
            return [self._told(item) for item in value]
        return self._renamed(value) if isinstance(value, str) else value

    def _renamed(self, text: str) -> str:
        for place, name in self.places.items():
            text = text.replace(place, name)
        text = _UUID.sub("00000000-0000-0000-0000-000000000000", text)
        text = _SAVEPOINT.sub(r"savepoint-\1-000000000000", text)
        text = _PORT.sub("127.0.0.1:0", text)
        return _RUN_OF_FRAMES.sub(_first_frames, text)


def _first_frames(run: re.Match[str]) -> str:
    frames = _FRAME.findall(run.group(0))
    return "".join(frames[:MOST_FRAMES]) + f"\n\t... {len(frames) - MOST_FRAMES} more"

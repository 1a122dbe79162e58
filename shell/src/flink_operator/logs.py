# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""One JSON object a line. What belongs to an application says which: a filter tells its story."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

FIELDS = "told"
"""Name of the extra under which a line's fields travel."""


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **(getattr(record, FIELDS, None) or {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def fields(**told: Any) -> Mapping[str, Mapping[str, Any]]:
    """For `extra=`: what is None is left out."""
    return {FIELDS: {name: value for name, value in told.items() if value is not None}}


def to_stream(level: str, stream: TextIO = sys.stderr) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)

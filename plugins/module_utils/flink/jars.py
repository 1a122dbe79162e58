# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Jars of a session cluster: what is uploaded, and the request that runs one, by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .versions import Feature, FlinkVersion, has
from .wire import Wire, WrongShape


class ClaimMode(StrEnum):
    CLAIM = "CLAIM"
    NO_CLAIM = "NO_CLAIM"
    LEGACY = "LEGACY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jar:
    jar_id: str
    name: str
    uploaded: datetime | None
    entry_classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JarRun:
    """`job_id` is chosen by us beforehand, so that a repeated request starts no second job."""

    job_id: str
    entry_class: str = ""
    arguments: tuple[str, ...] = ()
    parallelism: int = 0
    savepoint_path: str = ""
    allow_non_restored_state: bool = False
    claim_mode: ClaimMode | None = None
    configuration: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """`was_there`: this id had been submitted before, by this request's first try."""

    job_id: str
    was_there: bool = False


def run_body(run: JarRun, version: FlinkVersion) -> dict[str, Any]:
    """Send only what is set: null means something else to some versions."""
    fields: dict[str, Any] = {
        "jobId": run.job_id,
        "entryClass": run.entry_class,
        "programArgsList": list(run.arguments),
        "parallelism": run.parallelism,
        "savepointPath": run.savepoint_path,
        "allowNonRestoredState": run.allow_non_restored_state,
    }
    body = {key: value for key, value in fields.items() if value}
    if run.claim_mode is not None and run.savepoint_path:
        body[_claim_key(version)] = run.claim_mode.value
    if run.configuration and has(version, Feature.JOB_CONFIGURATION):
        body["flinkConfiguration"] = dict(run.configuration)
    return body


def _claim_key(version: FlinkVersion) -> str:
    return "claimMode" if has(version, Feature.CLAIM_MODE) else "restoreMode"


def read_jars(wire: Wire) -> tuple[Jar, ...]:
    return tuple(_jar(entry) for entry in wire["files"].items())


def _jar(wire: Wire) -> Jar:
    return Jar(
        jar_id=wire.text("id"),
        name=wire.text_or("name"),
        uploaded=wire.time("uploaded"),
        entry_classes=tuple(entry.text("name") for entry in wire.items_of("entry")),
    )


def read_uploaded(wire: Wire) -> str:
    """Flink answers with the path on its side; the file's name is the jar's id."""
    jar_id = wire.text("filename").rsplit("/", 1)[-1]
    if not jar_id:
        raise WrongShape(f"{wire.where}.filename names no file")
    return jar_id

"""CPU time to parse, decide and render one custom resource, over the golden cases."""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / ".tree"))

from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import Asker
from ansible_collections.flinkops.flink.plugins.module_utils.core.decide import decide_deploy
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Resource, Seen
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import understood

ROUNDS = 200


def once(definition: dict[str, object]) -> None:
    wanted = understood(definition, namespace="golden")
    resource = Resource(
        name=wanted.name,
        namespace=wanted.namespace,
        uid="",
        generation=1,
        deployment=wanted.deployment,
    )
    asker = Asker(driver="bench", now=datetime.now(UTC))
    decide_deploy(Seen(resource=resource), key="a/b", wanted=wanted, asker=asker)
    wanted.rendered()


def cpu_milliseconds(definition: dict[str, object]) -> float:
    once(definition)
    began = time.process_time()
    for _round in range(ROUNDS):
        once(definition)
    return (time.process_time() - began) * 1000 / ROUNDS


def rows() -> list[tuple[str, str, str]]:
    """Figure, measured, goal."""
    cases = sorted((ROOT / "tests/golden").glob("*/cr.yaml"))
    times = {path.parent.name: cpu_milliseconds(yaml.safe_load(path.read_text())) for path in cases}
    slowest = max(times, key=lambda name: times[name])
    measured = f"{statistics.median(times.values()):.2f} ms; {times[slowest]:.2f} ms for {slowest}"
    return [
        (
            f"CPU to parse, decide and render one CR: median of {len(times)} golden cases; slowest",
            measured,
            "2 ms",
        )
    ]


if __name__ == "__main__":
    for row in rows():
        print(" | ".join(row))

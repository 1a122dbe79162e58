# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""What a kubelet and Prometheus ask is answered in words that a person can read, too."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flink_operator.logs import JsonLines, fields
from flink_operator.metrics import Applications, Metrics
from flink_operator.probe import Answers, serve
from flink_operator.workqueue import Workqueue


class Said:
    ails = ""
    lacks = "not read yet: /pods"


@pytest.fixture
def asked() -> Iterator[tuple[Said, Any]]:
    said, metrics = Said(), Metrics()
    metrics.watch(Applications(Workqueue(), lambda: RESOURCES))
    server = serve(
        0, Answers(metrics=lambda: metrics.text, ails=lambda: said.ails, lacks=lambda: said.lacks)
    )

    def ask(path: str) -> tuple[int, str]:
        try:
            with urlopen(f"http://127.0.0.1:{server.server_address[1]}{path}", timeout=10) as got:
                return got.status, got.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    yield said, ask
    server.shutdown()
    server.server_close()


RESOURCES = [
    {"metadata": {"namespace": "a"}, "spec": {"flinkVersion": "v1_20"}},
    {"metadata": {"namespace": "a"}, "status": {"lifecycleState": "STABLE"}},
    {"metadata": {"namespace": "b"}, "status": {"lifecycleState": "STABLE"}},
    {"metadata": {"namespace": "b"}, "status": {"lifecycleState": "<script>"}},
]


def test_health_and_readiness_say_what_is_wrong(asked: tuple[Said, Any]) -> None:
    said, ask = asked
    assert ask("/healthz") == (200, "ok\n")
    assert ask("/readyz") == (503, "not read yet: /pods\n")
    said.ails, said.lacks = "ended: worker-1", ""
    assert ask("/healthz") == (503, "ended: worker-1\n")
    assert ask("/readyz?verbose=1") == (200, "ok\n")
    assert ask("/")[0] == 404


def test_prometheus_reads_counts_by_state_and_version(asked: tuple[Said, Any]) -> None:
    _said, ask = asked
    status, text = ask("/metrics")
    assert status == 200
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    name = "flink_operator_deployments"
    assert samples[name, (("namespace", "a"), ("state", "CREATED"))] == 1
    assert samples[name, (("namespace", "b"), ("state", "STABLE"))] == 1
    assert samples[name, (("namespace", "b"), ("state", "UNKNOWN"))] == 1
    versions = (("namespace", "a"), ("version", "v1_20"))
    assert samples["flink_operator_deployments_by_version", versions] == 1
    assert samples["flink_operator_queue_depth", ()] == 0
    assert any(name == "process_cpu_seconds_total" for name, _ in samples)


def test_a_line_of_the_log_is_an_object_that_says_of_what_it_tells() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("flink_operator.tests")
    log.setLevel("INFO")
    log.addHandler(handler)
    log.info("made %s", "it", extra=fields(namespace="a", name="b", move=None))
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        log.exception("broke\nin two lines")
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    time = first.pop("time")
    assert time.endswith("+00:00")
    assert first == {"level": "info", "message": "made it", "namespace": "a", "name": "b"}
    assert second["level"] == "error"
    assert "ZeroDivisionError" in second["traceback"]

"""The summary is printed at the end, for the applications of all batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.callback.summary import CallbackModule

A, B, C = "a.shop", "b.shop", "c.shop"


@dataclass
class Named:
    name: str = ""
    action: str = "flinkops.flink.wait"


@dataclass
class Variables:
    hosts: list[str]

    def get_vars(self, *, play: Any) -> dict[str, Any]:
        return {"ansible_play_hosts_all": self.hosts}


@dataclass
class Play:
    hosts: list[str]

    def get_variable_manager(self) -> Variables:
        return Variables(self.hosts)


@dataclass
class Result:
    host: Named
    result: dict[str, Any]


@dataclass
class Screen:
    """Takes the place of Ansible's display."""

    lines: list[str] = field(default_factory=list)

    def banner(self, text: str) -> None:
        self.lines.append(text)

    def display(self, text: str) -> None:
        self.lines += text.split("\n")


class Watched(CallbackModule):
    def __init__(self, *hosts: str) -> None:
        super().__init__()
        self.screen = Screen()
        self._display = self.screen  # type: ignore[assignment]
        self.v2_playbook_on_play_start(Play(["localhost"]))
        self.v2_playbook_on_play_start(Play([*hosts]))

    def ok(self, host: str, **told: Any) -> None:
        self.v2_runner_on_start(Named(host), Named())
        self.v2_runner_on_ok(Result(Named(host), told))

    def failed(self, host: str, *, ignored: bool = False, **told: Any) -> None:
        self.v2_runner_on_failed(Result(Named(host), told), ignore_errors=ignored)

    def rows(self) -> dict[str, list[str]]:
        self.v2_playbook_on_stats(None)
        found = [line.split("  ") for line in self.screen.lines if line.endswith(("-", "0"))]
        return {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in found}


def test_every_application_has_its_row() -> None:
    run = Watched(A, B, C)
    run.ok(A, because="the_job_runs", changed=True)
    run.ok(B, because="the_job_runs", changed=False)
    run.failed(B, reason="its_pods_can_not_start")
    rows = run.rows()
    assert rows[A][:2] == ["changed", "the_job_runs"]
    assert rows[B][:2] == ["failed", "its_pods_can_not_start"]
    assert rows[C][:2] == ["not tried", "-"]
    assert run.screen.lines[-1] == "3: 1 changed, 1 failed, 1 not tried"


def test_a_batch_to_come_does_not_begin_anew() -> None:
    run = Watched(A, B)
    run.ok(A, changed=True)
    run.v2_playbook_on_play_start(Play([A, B]))
    assert run.rows()[A][0] == "changed"


def test_a_host_that_was_ended_beforehand_was_not_tried() -> None:
    run = Watched(A, B)
    run.v2_runner_on_start(Named(B), Named(action="ansible.builtin.meta"))
    assert run.rows()[B][0] == "not tried"


def test_a_failure_that_is_borne_is_none() -> None:
    run = Watched(A, B)
    run.failed(A, ignored=True)
    assert run.rows()[A][0] == "as it was"


def test_no_way_to_a_host_is_a_failure() -> None:
    run = Watched(A, B)
    run.v2_runner_on_unreachable(Result(Named(A), {}))
    assert run.rows()[A][0] == "failed"


@pytest.mark.parametrize("hosts", [(), (A,)])
def test_one_application_needs_no_table(hosts: tuple[str, ...]) -> None:
    run = Watched(*hosts)
    run.v2_playbook_on_stats(None)
    assert run.screen.lines == []


def test_what_the_controller_does_is_no_application() -> None:
    run = Watched(A, B)
    run.ok("localhost", changed=True)
    assert set(run.rows()) == {A, B}

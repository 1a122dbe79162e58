# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs ansible-playbook as a person would, in a folder of its own, and reads what it prints."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
RECAP = re.compile(
    r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)\s+"
    r"unreachable=(?P<unreachable>\d+)\s+failed=(?P<failed>\d+)",
    re.MULTILINE,
)
FATAL = re.compile(
    r"^(?:fatal|failed): \[.*?\].*?=>[ ]*\n(?P<said>(?:[ ]{4}.*\n|\n)+)",
    re.MULTILINE,
)
PATIENCE = 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """One host's line at the end of a run."""

    changed: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a failed task said."""

    msg: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    status: int
    out: str
    err: str
    seconds: float

    @property
    def hosts(self) -> dict[str, Recap]:
        return {
            found["host"]: Recap(
                changed=int(found["changed"]),
                failed=int(found["failed"]) + int(found["unreachable"]),
            )
            for found in RECAP.finditer(self.out)
        }

    @property
    def changed(self) -> int:
        return sum(recap.changed for recap in self.hosts.values())

    @property
    def failures(self) -> list[Failure]:
        said = [yaml.safe_load(found["said"]) for found in FATAL.finditer(self.out)]
        return [
            Failure(msg=str(item.get("msg", "")), reason=str(item.get("reason", "")))
            for item in said
        ]

    def well(self, *, changed: int | None = None) -> Run:
        """The run itself, which must have ended well (and changed so much)."""
        assert self.status == 0, str(self)
        assert changed in (None, self.changed), str(self)
        return self

    @property
    def failure(self) -> Failure:
        """The one failure of a run that had to fail."""
        assert self.status != 0, f"it did not fail:\n{self}"
        assert len(self.failures) == 1, f"one failure was to be told:\n{self}"
        assert "Traceback" not in self.out + self.err, str(self)
        return self.failures[0]

    def __str__(self) -> str:
        return f"exit status {self.status} after {self.seconds:.1f} s\n{self.out}\n{self.err}"


@dataclass(frozen=True, slots=True)
class Started:
    """A run that goes on while the test looks; a process group of its own."""

    process: subprocess.Popen[str]
    began: float

    def kill(self, *, with_workers: bool = True) -> None:
        """Kill -9: of the whole group, or of ansible-playbook alone."""
        if with_workers:
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait(timeout=10)

    def end_all(self) -> None:
        """Leave no worker of it behind, whatever became of the run."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def result(self) -> Run:
        out, err = self.process.communicate(timeout=PATIENCE)
        took = time.monotonic() - self.began
        return Run(status=self.process.returncode, out=out, err=err, seconds=took)


@dataclass(frozen=True, slots=True)
class Player:
    """A person at a terminal: a folder, a kubeconfig, and commands typed there."""

    folder: Path
    kubeconfig: Path
    runs: list[Started] = field(default_factory=list)

    def leave(self) -> None:
        """Close the terminal: whatever still runs in it ends."""
        for started in self.runs:
            started.end_all()

    def write(self, name: str, *documents: Any) -> str:
        """A YAML file in the folder; its name."""
        (self.folder / name).write_text(yaml.safe_dump_all(documents, sort_keys=False))
        return name

    def deploy(self, *arguments: str, **variables: Any) -> Run:
        return self.play("deploy", *arguments, **variables)

    def remove(self, *arguments: str, **variables: Any) -> Run:
        return self.play("remove", *arguments, **variables)

    def play(self, playbook: str, *arguments: str, **variables: Any) -> Run:
        return self.start(playbook, *arguments, **variables).result()

    def start(self, playbook: str, *arguments: str, **variables: Any) -> Started:
        path = str(ROOT / "playbooks" / f"{playbook}.yml")
        return self.begin("ansible-playbook", path, *arguments, **variables)

    def run(self, program: str, *arguments: str, **variables: Any) -> Run:
        return self.begin(program, *arguments, **variables).result()

    def begin(self, program: str, *arguments: str, **variables: Any) -> Started:
        given = ["-e", json.dumps(variables)] if variables else []
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603
            [_installed(program), *arguments, *given],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started = Started(process, began)
        self.runs.append(started)
        return started

    def _environment(self) -> Mapping[str, str]:
        path = f"{_bin()}:{os.environ['PATH']}"  # noqa: TID251
        return {
            "PATH": path,
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "KUBECONFIG": str(self.kubeconfig),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".tree"),
            "ANSIBLE_NOCOLOR": "1",
        }


def _bin() -> Path:
    return Path(sys.executable).parent


def _installed(program: str) -> str:
    return str(_bin() / program)

"""One process that outlives the shell: starts each service in turn, and again when it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from .services import Service, services
from .settings import Settings

TICK = 0.1
RESTART_DELAY = 1.0
STOP_TIMEOUT = 3.0  # what is left has no data worth waiting for
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Running:
    service: Service
    process: subprocess.Popen[bytes] | None = None
    not_before: float = 0.0


@dataclass(slots=True)
class Supervisor:
    settings: Settings
    stopping: bool = False
    running: list[Running] = field(default_factory=list)

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._told_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.running = [Running(service) for service in services(self.settings)]
        while not self.stopping:
            for entry in self.running:
                self._keep_up(entry)
            time.sleep(TICK)
        self._stop_all()

    def _told_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _keep_up(self, entry: Running) -> None:
        if entry.process is not None:
            if entry.process.poll() is None:
                return
            code = entry.process.returncode
            self._note(f"{entry.service.name} ended with {code}: starting it again")
            entry.process, entry.not_before = None, time.monotonic() + RESTART_DELAY
        if time.monotonic() >= entry.not_before and entry.service.starts_after(self.settings):
            self._start(entry)

    def _start(self, entry: Running) -> None:
        with self.settings.log(entry.service.name).open("ab") as log:
            entry.process = subprocess.Popen(  # noqa: S603
                entry.service.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.settings.state,
                start_new_session=True,
                preexec_fn=_die_with_the_supervisor,  # noqa: PLW1509
            )
        self._note(f"{entry.service.name} started as process {entry.process.pid}")

    def _stop_all(self) -> None:
        for entry in reversed(self.running):
            if entry.process is not None:
                entry.process.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        for entry in self.running:
            if entry.process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                entry.process.wait(max(0.0, deadline - time.monotonic()))
            entry.process.kill()
            entry.process.wait()

    def _note(self, text: str) -> None:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with self.settings.log("supervisor").open("a") as log:
            log.write(f"{moment} {text}\n")


def _die_with_the_supervisor() -> None:
    """So that a killed supervisor means a stopped node, never half of one."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def supervise(settings: Settings) -> None:
    pid_file = settings.config("supervisor.pid")
    pid_file.write_text(str(os.getpid()))
    Supervisor(settings).run()
    pid_file.unlink(missing_ok=True)

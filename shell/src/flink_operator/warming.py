# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""How runs get their Ansible: from a warm process, started anew when it dies, or cold."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

LOG = logging.getLogger(__name__)
READY_WITHIN = 60.0
COLD_AFTER = 3
"""So many starts in a row that came to nothing; runs are cold from then on."""
HANDED_ON = ("PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH")
CONFIGURATION = """[defaults]
callback_plugins = {callbacks}
stdout_callback = awx_display
host_key_checking = False
retry_files_enabled = False
localhost_warning = False
interpreter_python = auto_silent
internal_poll_interval = 0.004
home = {folder}/home
local_tmp = {folder}/tmp

[inventory]
enable_plugins = flinkops.flink.batch
"""


class Warm:
    """The folder holds the socket, the launchers and Ansible's configuration."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *, is_cold: bool = False
    ) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = COLD_AFTER if is_cold else 0
        self._lock = Lock()
        self._install()

    @property
    def is_cold(self) -> bool:
        return self._failures >= COLD_AFTER

    @property
    def process_id(self) -> int | None:
        """None: there is no warm process."""
        found = self._process
        return found.pid if found is not None and found.poll() is None else None

    def environment(self) -> dict[str, str]:
        """What the next run needs; starts the warm process where there is none."""
        with self._lock:
            while self.process_id is None and not self.is_cold:
                self._start()
        path = self._environment.get("PATH", "")
        settings = {"PYTHONWARNINGS": "ignore", "ANSIBLE_CONFIG": str(self._configuration)}
        settings |= {key: self._environment[key] for key in HANDED_ON if key in self._environment}
        if not self.is_cold:
            place = {"FLINK_OPERATOR_WARM": str(self._socket)}
            return {**settings, **place, "PATH": f"{self._folder}/warm:{path}"}
        real = shutil.which("ansible-playbook", path=path) or "ansible-playbook"
        return {**settings, "FLINK_OPERATOR_ANSIBLE": real, "PATH": f"{self._folder}/cold:{path}"}

    def is_silent(self) -> None:
        """A run was started and never heard of: the next one gets another process."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                LOG.error("the warm process does not answer: it is ended, another one follows")
                self._end(self._process)

    def stop(self) -> None:
        if self._process is not None:
            self._end(self._process)

    def _start(self) -> None:
        self._socket.unlink(missing_ok=True)
        self.stop()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "flink_operator.warm.server", str(self._socket)],
            env={**self._environment, "ANSIBLE_CONFIG": str(self._configuration)},
            stdin=subprocess.PIPE,  # closed when this process ends, however it does
        )
        by = time.monotonic() + READY_WITHIN
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > by:
                self._gave_up()
                return
            time.sleep(0.02)
        self._failures = 0

    def _gave_up(self) -> None:
        self._failures += 1
        how = "runs are cold from now on" if self.is_cold else "it is tried again"
        LOG.error("the warm process did not come up: %s", how)
        self.stop()

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            process.stdin.close()
        process.kill()
        process.wait(timeout=10)

    @property
    def _socket(self) -> Path:
        return self._folder / "warm.sock"

    @property
    def _configuration(self) -> Path:
        return self._folder / "ansible.cfg"

    def _install(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        runner = importlib.import_module("ansible_runner.utils")
        text = CONFIGURATION.format(callbacks=runner.get_callback_dir(), folder=self._folder)
        self._configuration.write_text(text)
        self._launcher("warm", "flink_operator.warm.launcher", "-SEI")
        self._launcher("cold", "flink_operator.warm.cold", "")

    def _launcher(self, kind: str, module: str, flags: str) -> None:
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"{module} is not installed")
        place = self._folder / kind / "ansible-playbook"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!{sys.executable} {flags}\n{Path(spec.origin).read_text()}")
        place.chmod(0o700)

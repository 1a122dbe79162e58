# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts the warm process and its launcher, and starts it anew when it dies."""

from __future__ import annotations

import importlib.util
import logging
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

LOG = logging.getLogger(__name__)
READY_WITHIN = 60.0
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
    """The folder holds the socket, the launcher and Ansible's configuration."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a run needs so that its ansible-playbook is the launcher."""
        path = f"{self._folder}/bin:{self._environment.get('PATH', '')}"
        return {"PATH": path, "FLINK_OPERATOR_WARM": str(self._socket), "PYTHONWARNINGS": "ignore"}

    def start(self) -> None:
        """Raise TimeoutError where it does not come up."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._install()
        self._socket.unlink(missing_ok=True)
        settings = {"ANSIBLE_CONFIG": str(self._folder / "ansible.cfg")}
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "flink_operator.warm.server", str(self._socket)],
            env={**self._environment, **settings},
            stdin=subprocess.DEVNULL,
        )
        by = time.monotonic() + READY_WITHIN
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > by:
                raise TimeoutError(f"the warm process did not come up: {self._process.returncode}")
            time.sleep(0.02)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)

    @property
    def _socket(self) -> Path:
        return self._folder / "warm.sock"

    def _install(self) -> None:
        runner = importlib.import_module("ansible_runner.utils")
        text = CONFIGURATION.format(callbacks=runner.get_callback_dir(), folder=self._folder)
        (self._folder / "ansible.cfg").write_text(text)
        spec = importlib.util.find_spec("flink_operator.warm.launcher")
        if spec is None or spec.origin is None:
            raise FileNotFoundError("flink_operator.warm.launcher is not installed")
        launcher = self._folder / "bin" / "ansible-playbook"
        launcher.parent.mkdir(exist_ok=True)
        launcher.write_text(f"#!{sys.executable} -SEI\n{Path(spec.origin).read_text()}")
        launcher.chmod(0o700)

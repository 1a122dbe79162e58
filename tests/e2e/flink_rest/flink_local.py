"""A real Flink session cluster on this machine: a JobManager and a TaskManager on loopback.

Knows how to start them, wait for their slots and end what it started. Refuses to know the REST
client under test: it looks with urllib alone, so that a broken client hides no broken start.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"

EXPORTS = (
    "java.base/sun.net.util",
    "java.rmi/sun.rmi.registry",
    "java.security.jgss/sun.security.krb5",
)
OPENED = (
    "lang",
    "net",
    "io",
    "nio",
    "lang.reflect",
    "text",
    "time",
    "util",
    "util.concurrent",
    "util.concurrent.atomic",
    "util.concurrent.locks",
)


class NotStarted(RuntimeError):
    """The cluster did not come up; the end of its log says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFlink:
    url: str
    root: Path
    processes: tuple[subprocess.Popen[bytes], ...]

    @property
    def state(self) -> str:
        return (self.root / "state").as_uri()

    def lose_the_task_manager(self) -> None:
        """Kill it, so that tasks can no longer run."""
        self.processes[1].kill()
        self.processes[1].wait(timeout=10)


@contextlib.contextmanager
def running_flink(home: Path, root: Path, settings: Mapping[str, str]) -> Iterator[LocalFlink]:
    """`home` holds lib/, `root` is a fresh folder that is the test's own."""
    rest = _free_port()
    conf = _write_conf(root, {**_settings(root, rest), **settings})
    url = f"http://127.0.0.1:{rest}"
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for name, main in (("jobmanager", JOB_MANAGER), ("taskmanager", TASK_MANAGER)):
            processes.append(_start(home, conf, root / f"{name}.log", main))
        _wait_for_slots(url, root, processes, timeout=90)
        yield LocalFlink(url=url, root=root, processes=tuple(processes))
    finally:
        for process in processes:
            _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _settings(root: Path, rest: int) -> dict[str, str]:
    state = (root / "state").as_uri()
    return {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": str(_free_port()),
        "jobmanager.bind-host": "127.0.0.1",
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "blob.server.port": "0",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": str(rest),
        "rest.bind-port": str(rest),
        "web.submit.enable": "true",
        "web.upload.dir": str(root / "upload"),
        "io.tmp.dirs": str(root / "tmp"),
        "taskmanager.numberOfTaskSlots": "4",
        "taskmanager.cpu.cores": "1.0",
        "taskmanager.memory.framework.heap.size": "64m",
        "taskmanager.memory.framework.off-heap.size": "64m",
        "taskmanager.memory.task.heap.size": "160m",
        "taskmanager.memory.task.off-heap.size": "0",
        "taskmanager.memory.network.min": "32m",
        "taskmanager.memory.network.max": "32m",
        "taskmanager.memory.managed.size": "32m",
        "taskmanager.memory.jvm-metaspace.size": "128m",
        "taskmanager.memory.jvm-overhead.min": "32m",
        "taskmanager.memory.jvm-overhead.max": "32m",
        "execution.checkpointing.interval": "1s",
        "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        "state.checkpoints.dir": f"{state}/checkpoints",
        "state.savepoints.dir": f"{state}/savepoints",
        "jobmanager.execution.failover-strategy": "region",
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "1000",
        "restart-strategy.fixed-delay.delay": "1s",
        "heartbeat.interval": "1000",
        "heartbeat.timeout": "5000",
        "cluster.evenly-spread-out-slots": "false",
    }


def _write_conf(root: Path, settings: Mapping[str, str]) -> Path:
    conf = root / "conf"
    for folder in (conf, root / "upload", root / "tmp", root / "state"):
        folder.mkdir(parents=True)
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
    (conf / "config.yaml").write_text(lines, encoding="utf-8")
    return conf


def _start(home: Path, conf: Path, log: Path, main: str) -> subprocess.Popen[bytes]:
    java = shutil.which("java")
    if java is None:
        raise NotStarted("no java on PATH; install a JDK 17 (Debian: openjdk-17-jre-headless)")
    opened = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in OPENED]
    opened.append("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
    exports = [f"--add-exports={name}=ALL-UNNAMED" for name in EXPORTS]
    command = [java, "-Xms64m", "-Xmx384m", "-XX:MaxMetaspaceSize=256m", "-XX:+UseSerialGC"]
    command += [*opened, *exports, "-cp", f"{home}/lib/*", main, "--configDir", str(conf)]
    environment = {**os.environ, "FLINK_CONF_DIR": str(conf), "FLINK_LIB_DIR": f"{home}/lib"}
    with log.open("wb") as out:
        return subprocess.Popen(  # our own java, our own arguments
            command, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=conf.parent
        )


def _wait_for_slots(
    url: str, root: Path, processes: list[subprocess.Popen[bytes]], *, timeout: float
) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            break
        if _slots(url) > 0:
            return
        time.sleep(0.2)
    raise NotStarted(f"Flink at {url} has no slots; its logs end so:\n{_ends_of_logs(root)}")


def _slots(url: str) -> int:
    try:
        with urllib.request.urlopen(f"{url}/overview", timeout=2) as answer:  # noqa: S310
            return int(json.load(answer).get("slots-total", 0))
    except (urllib.error.URLError, OSError, ValueError):
        return 0


def _ends_of_logs(root: Path) -> str:
    ends = []
    for log in sorted(root.glob("*.log")):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        ends.append("\n".join([f"--- {log.name}", *lines[-15:]]))
    return "\n".join(ends)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)

"""A cluster from nothing: files, network, processes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .configs import write_configs, write_openssl_config
from .network import make_network, refuse_conflicts
from .packages import SEARCH
from .pki import write_pki
from .processes import make_cgroups
from .readiness import wait_until_ready
from .settings import MARKER, Settings

PROGRAMS = (
    "etcd", "kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler",
    "kubectl", "kubelet",
)  # fmt: skip
DECIDING = (
    "configs.py", "creation.py", "network.py", "pki.py", "services.py", "supervisor.py",
)  # fmt: skip
OPEN_FOLDERS = ("bin", "logs", "logs/pods", "kubelet")
CLOSED_FOLDERS = ("config", "pki", "etcd", "run", "containerd")
STICKY_FOR_ALL = 0o1777


def create_cluster(settings: Settings, say: Callable[[str], None]) -> None:
    refuse_conflicts(settings)  # before the first file: a refused start leaves nothing
    say("making certificates, configuration and network")
    _make_folders(settings)
    write_openssl_config(settings)
    write_pki(settings)
    write_configs(settings)
    make_network(settings)
    make_cgroups(settings)
    say("starting the store, the API server, the runtime and the node")
    start_supervisor(settings)
    wait_until_ready(settings, say)
    settings.config("fingerprint").write_text(fingerprint(settings))


def fingerprint(settings: Settings) -> str:
    """Changes when a cluster made now would differ from one made earlier."""
    here = Path(__file__).parent
    digest = hashlib.sha256(settings.to_json().encode())
    for source in (*(here / name for name in DECIDING), *sorted(here.glob("manifests/*"))):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _make_folders(settings: Settings) -> None:
    settings.state.mkdir(parents=True, exist_ok=True)
    settings.state.chmod(0o755)
    (settings.state / MARKER).touch()
    for name in OPEN_FOLDERS:
        (settings.state / name).mkdir()
    for name in CLOSED_FOLDERS:
        (settings.state / name).mkdir(mode=0o700)
    shared = Path(settings.flink_state_dir)
    shared.mkdir(parents=True, exist_ok=True)
    (shared / MARKER).touch()
    shared.chmod(STICKY_FOR_ALL)
    settings.config("settings.json").write_text(settings.to_json())
    programs = Path(settings.programs_dir)
    for name in PROGRAMS:
        settings.program(name).symlink_to(programs / "kubernetes")
    settings.program("coredns").symlink_to(programs / "coredns")


def start_supervisor(settings: Settings) -> None:
    """In a session of its own, with nothing of the caller's open: it stays when the shell goes."""
    with settings.log("supervisor").open("ab") as log:
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-B", "-m", "local_node", "supervise", settings.state_dir],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={"PATH": SEARCH, "HOME": settings.state_dir},
        )

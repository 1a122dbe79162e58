"""A cluster from nothing: files, network, processes, first objects, and the wait until it serves."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .commands import CommandFailed, run
from .configs import PAUSE_IMAGE, write_configs, write_openssl_config
from .network import make_network
from .packages import SEARCH
from .pki import write_pki
from .processes import make_cgroups, supervisor_pid
from .services import api_get, api_is_ready, listens
from .settings import MARKER, Settings

PROGRAMS = (
    "etcd", "kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler",
    "kubectl", "kubelet",
)  # fmt: skip
OPEN_FOLDERS = ("bin", "logs", "logs/pods", "kubelet")
CLOSED_FOLDERS = ("config", "pki", "etcd", "run", "containerd")
STICKY_FOR_ALL = 0o1777


class NotReady(Exception):
    """The cluster was started and does not serve in time."""


def create_cluster(settings: Settings, say: Callable[[str], None]) -> None:
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
    digest = hashlib.sha256(settings.to_json().encode())
    for source in sorted(Path(__file__).parent.rglob("*")):
        if source.suffix in {".py", ".yaml"}:
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
            env={"PATH": SEARCH, "HOME": "/root"},
        )


def wait_until_ready(settings: Settings, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + settings.ready_timeout
    for sentence, holds in _milestones():
        while not holds(settings):
            if time.monotonic() > deadline:
                raise NotReady(_what_is_wrong(settings, sentence))
            time.sleep(0.1)
        say(sentence)


def _milestones() -> tuple[tuple[str, Callable[[Settings], bool]], ...]:
    return (
        ("the runtime holds the sandbox image", _sandbox_image_is_there),
        ("the API server answers", api_is_ready),
        ("names have their rights to be looked up", _first_objects_are_there),
        ("the node is ready", node_is_ready),
        ("names resolve", _names_resolve),
        ("pods may start", _default_account_is_there),
    )


def _what_is_wrong(settings: Settings, sentence: str) -> str:
    if supervisor_pid(settings) is None:
        return f"the supervisor ended; see {settings.log('supervisor')}"
    return (
        f"not within {settings.ready_timeout} s: {sentence};"
        f" what each program said is in {settings.log('').parent}"
    )


def _sandbox_image_is_there(settings: Settings) -> bool:
    if not listens(settings.containerd_socket):
        return False
    archive = Path(settings.programs_dir) / "pause.tar"
    ctr = ("ctr", "--address", settings.containerd_socket, "--namespace", "k8s.io", "images")
    try:
        run(*ctr, "import", archive)
    except CommandFailed:
        return False  # the socket listens a moment before the service answers
    return PAUSE_IMAGE in run(*ctr, "list", "--quiet")


def _first_objects_are_there(settings: Settings) -> bool:
    manifests = Path(__file__).parent / "manifests"
    try:
        run(settings.program("kubectl"), "--kubeconfig", settings.kubeconfig,
            "apply", "--server-side", "--filename", manifests)  # fmt: skip
    except CommandFailed:
        return False
    return True


def node_is_ready(settings: Settings) -> bool:
    answer = api_get(settings, f"/api/v1/nodes/{settings.node_name}")
    conditions = json.loads(answer)["status"].get("conditions", []) if answer else []
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _names_resolve(settings: Settings) -> bool:
    """Asks for kubernetes.default's address, in DNS' own words."""
    labels = b"".join(
        bytes([len(label)]) + label
        for label in b"kubernetes.default.svc.cluster.local".split(b".")
    )
    question = b"\0\1\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        try:
            client.sendto(question, (settings.node_ip, 53))
            answer = client.recv(512)
        except OSError:
            return False
    return answer.endswith(socket.inet_aton(settings.api_service_ip))


def _default_account_is_there(settings: Settings) -> bool:
    return bool(api_get(settings, "/api/v1/namespaces/default/serviceaccounts/default"))

"""When a started cluster serves: each milestone looked for in turn, and told."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

from .commands import CommandFailed, run
from .configs import PAUSE_IMAGE
from .processes import supervisor_pid
from .services import api_get, api_is_ready, listens
from .settings import Settings

API_NAME = b"kubernetes.default.svc.cluster.local"
TICK = 0.1


class NotReady(Exception):
    """The cluster was started and does not serve in time."""


def wait_until_ready(settings: Settings, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + settings.ready_timeout
    for sentence, holds in _milestones():
        while not holds(settings):
            if time.monotonic() > deadline:
                raise NotReady(_what_is_wrong(settings, sentence))
            time.sleep(TICK)
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
    labels = b"".join(bytes([len(label)]) + label for label in API_NAME.split(b"."))
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

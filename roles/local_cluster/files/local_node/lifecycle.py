"""present and absent: what is there already decides what is done. One at a time, by a lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .creation import create_cluster, fingerprint, node_is_ready
from .locks import only_one
from .processes import contained, daemons, supervisor_pid
from .removal import remove_cluster
from .services import api_is_ready
from .settings import MARKER, Settings, from_json


def present(settings: Settings, say: Callable[[str], None]) -> bool:
    """True when something had to be done."""
    with only_one(settings.state):
        reason = why_not_as_wanted(settings)
        if reason is None:
            return False
        say(reason)
        if _anything_is_there(settings):
            remove_cluster(as_it_was_made(settings))
        create_cluster(settings, say)
        return True


def absent(settings: Settings, say: Callable[[str], None]) -> bool:
    with only_one(settings.state):
        if not _anything_is_there(settings):
            return False
        say("ending the pods and the node, taking back network, mounts and files")
        remove_cluster(as_it_was_made(settings))
        return True


def why_not_as_wanted(settings: Settings) -> str | None:
    """The reason to make the cluster anew, as a sentence; none when it is as wanted and serves."""
    made = settings.config("fingerprint")
    if not _anything_is_there(settings):
        return "there is no cluster yet: making one"
    if not made.exists():
        return "an earlier start was interrupted: starting anew"
    if made.read_text() != fingerprint(settings):
        return "the running cluster was made from something else: making it anew"
    if supervisor_pid(settings) is None:
        return "the cluster was stopped, or the machine restarted: starting anew"
    if not (api_is_ready(settings) and node_is_ready(settings)):
        return "the cluster does not answer: starting anew"
    if not Path(settings.kubeconfig).exists():
        return "the kubeconfig is gone: starting anew"
    return None


def as_it_was_made(settings: Settings) -> Settings:
    """What is removed is what was made, whatever this run would make."""
    try:
        return from_json(settings.config("settings.json").read_text())
    except (OSError, ValueError, TypeError):
        return settings


def _anything_is_there(settings: Settings) -> bool:
    return (settings.state / MARKER).exists() or bool(daemons(settings) or contained(settings))

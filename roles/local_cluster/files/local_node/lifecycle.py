"""present and absent: what is there already decides what is done. One at a time, by a lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .creation import create_cluster, fingerprint
from .locks import only_one
from .network import is_ours
from .processes import contained, daemons, supervisor_pid
from .readiness import node_is_ready
from .removal import remove_cluster
from .services import api_is_ready
from .settings import MARKER, Settings, from_json


def present(settings: Settings, say: Callable[[str], None]) -> bool:
    """True when something had to be done."""
    with only_one(settings.state):
        reason = why_not_as_wanted(settings)
        if reason is None:
            return False
        say(f"{reason}: making one")
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
    """The first rule that holds, which is why the cluster is made anew; none when it serves."""
    return next((reason for reason, holds in REASONS if holds(settings)), None)


def _nothing_is_there(settings: Settings) -> bool:
    return not _anything_is_there(settings)


def _start_was_interrupted(settings: Settings) -> bool:
    return not settings.config("fingerprint").exists()


def _made_from_something_else(settings: Settings) -> bool:
    return settings.config("fingerprint").read_text() != fingerprint(settings)


def _stopped(settings: Settings) -> bool:
    return supervisor_pid(settings) is None


def _does_not_answer(settings: Settings) -> bool:
    return not (api_is_ready(settings) and node_is_ready(settings))


def _kubeconfig_is_gone(settings: Settings) -> bool:
    return not Path(settings.kubeconfig).exists()


REASONS: tuple[tuple[str, Callable[[Settings], bool]], ...] = (
    ("there is no cluster yet", _nothing_is_there),
    ("an earlier start was interrupted", _start_was_interrupted),
    ("the cluster was made from something else", _made_from_something_else),
    ("the cluster was stopped, or the machine restarted", _stopped),
    ("the kubeconfig is gone", _kubeconfig_is_gone),
    ("the cluster does not answer", _does_not_answer),
)


def as_it_was_made(settings: Settings) -> Settings:
    """What is removed is what was made, whatever this run would make."""
    try:
        return from_json(settings.config("settings.json").read_text())
    except (OSError, ValueError, TypeError):
        return settings


def _anything_is_there(settings: Settings) -> bool:
    if (settings.state / MARKER).exists() or is_ours(settings):
        return True
    return bool(daemons(settings) or contained(settings))

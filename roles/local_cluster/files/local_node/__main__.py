"""Called as: python -m local_node COMMAND WANTED.

look     what there is and what is missing, as JSON     build    the programs, into the cache
present  the cluster, as wanted                         absent   nothing of it
follow   what a running build said since the last call  supervise STATE_DIR
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import packages, programs
from .commands import CommandFailed
from .go import find_or_fetch
from .lifecycle import absent, present, why_not_as_wanted
from .locks import only_one
from .network import NetworkTaken
from .progress import follow, forget_stale, told_in
from .readiness import NotReady
from .removal import NotOurs
from .settings import Settings, from_json
from .supervisor import supervise

USAGE = 2
FAILURES = (CommandFailed, NetworkTaken, NotOurs, NotReady, TimeoutError, PermissionError)


@dataclass(frozen=True, slots=True)
class Wanted:
    cache: Path
    settings: Settings

    @property
    def progress(self) -> Path:
        return self.cache / "progress" / "programs"


def read_wanted(text: str) -> Wanted:
    fields = json.loads(text)
    cache = Path(fields.pop("cache_dir"))
    fields["programs_dir"] = str(programs.folder(cache))
    return Wanted(cache, from_json(json.dumps(fields)))


def look(wanted: Wanted) -> dict[str, Any]:
    forget_stale(wanted.progress)
    return {
        "packages": packages.missing(packages.CLUSTER),
        "programs": [] if programs.is_built(wanted.cache) else list(programs.BUILT),
        "reason": why_not_as_wanted(wanted.settings),
    }


def make_programs(wanted: Wanted) -> dict[str, Any]:
    with only_one(programs.folder(wanted.cache)), told_in(wanted.progress) as say:
        if programs.is_built(wanted.cache):
            return {"changed": False}
        go = find_or_fetch(wanted.cache, say)
        return {"changed": programs.build(wanted.cache, go, say)}


def make_present(wanted: Wanted) -> dict[str, Any]:
    with told_in(wanted.progress.with_name("cluster")) as say:
        return {"changed": present(wanted.settings, say)}


def make_absent(wanted: Wanted) -> dict[str, Any]:
    with told_in(wanted.progress.with_name("cluster")) as say:
        return {"changed": absent(wanted.settings, say)}


COMMANDS: dict[str, Callable[[Wanted], dict[str, Any]]] = {
    "look": look,
    "build": make_programs,
    "present": make_present,
    "absent": make_absent,
}


def main(words: list[str]) -> int:
    match words:
        case ["supervise", state_dir]:
            supervise(from_json(Path(state_dir, "config", "settings.json").read_text()))
        case ["follow", path]:
            sys.stdout.write(follow(Path(path)))
        case [command, text] if command in COMMANDS:
            if os.geteuid() != 0:
                raise PermissionError("a cluster's network and containers need root: add --become")
            sys.stdout.write(json.dumps(COMMANDS[command](read_wanted(text))) + "\n")
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return USAGE
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except FAILURES as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)

"""python -m local_node present|absent|check SETTINGS.json, or supervise STATE_DIR."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from .commands import CommandFailed
from .creation import NotReady
from .lifecycle import absent, present, why_not_as_wanted
from .network import NetworkTaken
from .removal import NotOurs
from .settings import Settings, from_json
from .supervisor import supervise

USAGE = 2


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)  # noqa: T201


def _answer(**facts: object) -> None:
    print(json.dumps(facts))  # noqa: T201


def main(words: list[str]) -> int:
    match words:
        case ["supervise", state_dir]:
            supervise(_read(Path(state_dir) / "config" / "settings.json"))
        case ["present", text]:
            _answer(changed=present(from_json(text), _say))
        case ["absent", text]:
            _answer(changed=absent(from_json(text), _say))
        case ["check", text]:
            _answer(reason=why_not_as_wanted(from_json(text)))
        case _:
            print(__doc__, file=sys.stderr)  # noqa: T201
            return USAGE
    return 0


def _read(path: Path) -> Settings:
    return from_json(path.read_text())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (CommandFailed, NetworkTaken, NotOurs, NotReady, TimeoutError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)

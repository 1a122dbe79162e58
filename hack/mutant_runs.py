"""A mutant's run: in a fork that has everything imported, against the tests of its module."""

from __future__ import annotations

import io
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2
SECONDS = 120
LIVES, DIES, EQUIVALENT, BROKEN = 0, 1, 77, 78
"""How a fork ends. Anything else (a signal, a time-out) is a death too."""
SILENT = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:randomly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`spoil` puts it into this process; it says so where it can't be told from the original."""

    words: str
    where: str
    spoil: Callable[[], bool]
    stages: tuple[tuple[Path, ...], ...]


def tests(files: tuple[Path, ...]) -> int:
    """0: they pass. 5 would be: there are none."""
    return int(pytest.main([*SILENT, "--rootdir", str(ROOT), *map(str, files)]))


def forked(ask: Callable[[], int]) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    ends = BROKEN
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            ends = ask()
    finally:  # a fork never comes back into the parent's loop
        if sys.exc_info()[0]:
            traceback.print_exc()
        os._exit(ends)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tried(found: list[Mutant]) -> Iterator[tuple[Mutant, int]]:
    """How each ended, some at a time."""
    waiting = [(mutant, 0) for mutant in reversed(found)]
    running: dict[int, tuple[Mutant, int, float]] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutant, stage = waiting.pop()
            child = forked(partial(attempt, mutant, stage))
            running[child] = (mutant, stage, time.monotonic() + SECONDS)
        child, end = next_end(running)
        mutant, stage, _ = running.pop(child)
        if end == LIVES and stage + 1 < len(mutant.stages):
            waiting.append((mutant, stage + 1))
        else:
            yield mutant, end


def next_end(running: dict[int, tuple[Mutant, int, float]]) -> tuple[int, int]:
    """The next of ours that ends; one that takes too long is ended."""
    while True:
        for child, (_, _, deadline) in running.items():
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return child, os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.kill(child, 9)
        time.sleep(0.005)


def attempt(mutant: Mutant, stage: int) -> int:
    if not mutant.spoil():
        return EQUIVALENT
    if stage >= len(mutant.stages):
        return LIVES
    return LIVES if tests(mutant.stages[stage]) == 0 else DIES

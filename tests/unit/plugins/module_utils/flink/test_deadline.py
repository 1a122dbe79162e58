from __future__ import annotations

import socket
import time

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.deadline import (
    Deadline,
    DeadlinePassed,
    DeadlineSocket,
)


def test_after_the_deadline_nothing_is_read_or_sent() -> None:
    near, far = socket.socketpair()
    with near, far, Deadline(-1):
        ours = DeadlineSocket(near)
        far.sendall(b"too late")
        with pytest.raises(DeadlinePassed):
            ours.makefile("rb").read(1)
        with pytest.raises(DeadlinePassed):
            ours.sendall(b"x")


def test_what_is_left_shortens_a_reads_own_time() -> None:
    near, far = socket.socketpair()
    near.settimeout(5)
    with near, far, Deadline(0.05):
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            DeadlineSocket(near).makefile("rb").read(1)
    assert time.monotonic() - began < 1


def test_without_a_deadline_a_read_keeps_its_own_time() -> None:
    near, far = socket.socketpair()
    near.settimeout(0.05)
    with near, far, pytest.raises(TimeoutError):
        DeadlineSocket(near).makefile("rb").read(1)

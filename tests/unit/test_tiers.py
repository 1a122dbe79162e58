"""A unit test that goes to the network is told so; the loopback range is home."""

from __future__ import annotations

import socket

import pytest


def test_a_unit_test_cannot_leave_the_machine() -> None:
    with socket.socket() as s, pytest.raises(RuntimeError, match="went to the network"):
        s.connect(("192.0.2.1", 80))


def test_a_unit_test_may_speak_to_a_server_of_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""At no moment do two lead, whatever fails and whatever the clocks say."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from flink_operator.lead import DURATION, PERIOD, RENEW_WITHIN, Leadership, Post
from support.world import Fault, World

KEY = ("Lease", "ops", "flink-operator")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Pair:
    """Two replicas, whose monotonic clocks have nothing to do with each other but their pace."""

    def __init__(self) -> None:
        self.world = World()
        self.clocks = Clock(), Clock()
        self.clocks[1].now = 5.0
        self.replicas = tuple(
            Leadership(
                cast("Api", self.world),
                Post(name="flink-operator", namespace="ops", identity=f"pod-{number}"),
                clock,
            )
            for number, clock in enumerate(self.clocks)
        )

    def passes(self, seconds: float) -> None:
        for clock in self.clocks:
            clock.now += seconds
        self.world.now += timedelta(seconds=seconds)

    @property
    def leaders(self) -> int:
        return sum(replica.is_leading for replica in self.replicas)


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_the_first_leads_as_long_as_it_renews(pair: Pair) -> None:
    first, second = pair.replicas
    assert first.attempt()
    for _ in range(20):
        assert not second.attempt()
        assert first.is_leading
        pair.passes(PERIOD)
        assert first.attempt()
    assert pair.world.objects[KEY]["spec"]["leaseTransitions"] == 1


def test_a_leader_that_can_not_renew_stops_before_the_next_begins(pair: Pair) -> None:
    first, second = pair.replicas
    first.attempt()
    second.attempt()
    for _ in range(DURATION):
        pair.passes(1)
        assert second.attempt() is False
        assert pair.leaders <= 1
    assert not first.is_leading
    pair.passes(1)
    assert second.attempt()
    assert second.is_leading
    assert not first.attempt()


def test_silence_of_the_api_server_ends_it_in_time(pair: Pair) -> None:
    first, _second = pair.replicas
    first.attempt()
    pair.passes(RENEW_WITHIN - 1)
    pair.world.faults = {pair.world.requests: Fault.NO_WAY}
    assert not first.attempt()
    assert first.is_leading
    pair.passes(1)
    assert not first.is_leading


def test_a_time_stamp_of_long_ago_makes_no_second_leader(pair: Pair) -> None:
    """The other machine's wall clock is off by years."""
    first, second = pair.replicas
    first.attempt()
    pair.world.objects[KEY]["spec"]["renewTime"] = "1999-01-01T00:00:00.000000Z"
    assert not second.attempt()


def test_who_lets_go_need_not_be_waited_for(pair: Pair) -> None:
    first, second = pair.replicas
    first.attempt()
    assert not second.attempt()
    first.stop()
    assert not first.is_leading
    assert second.attempt()


def test_of_two_that_take_it_at_once_one_gets_it(pair: Pair) -> None:
    first, second = pair.replicas
    pair.world.edits = {pair.world.requests + 1: lambda _world: first.attempt()}
    assert not second.attempt()
    assert (first.is_leading, second.is_leading) == (True, False)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 9), st.booleans()), max_size=60))
def test_two_never_lead(steps: list[tuple[int, float, bool]]) -> None:
    pair = Pair()
    for number, seconds, is_silent in steps:
        if is_silent:
            pair.world.faults = {pair.world.requests: Fault.LOST_ANSWER}
        pair.replicas[number].attempt()
        assert pair.leaders <= 1
        pair.passes(seconds)
        assert pair.leaders <= 1

# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Each key's turn comes, none comes twice at a time, and nothing that happens meanwhile is lost."""

from __future__ import annotations

from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from flink_operator.store import Key
from flink_operator.workqueue import Workqueue

A, B, C = ("ns", "a"), ("ns", "b"), ("ns", "c")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def queue() -> tuple[Workqueue, Clock]:
    clock = Clock()
    return Workqueue(clock), clock


def taken(found: Workqueue) -> Key | None:
    return found.take(within=0)


def test_the_one_that_is_due_first_comes_first() -> None:
    found, clock = queue()
    found.add(A, after=2)
    found.add(B, after=1)
    assert taken(found) is None
    clock.now = 2
    assert [taken(found), taken(found), taken(found)] == [B, A, None]


def test_of_those_that_are_due_at_once_the_one_that_came_first() -> None:
    found, _clock = queue()
    for key in (C, A, B):
        found.add(key)
    assert [taken(found), taken(found), taken(found)] == [C, A, B]


def test_one_that_is_added_again_is_brought_forward_and_never_put_off() -> None:
    found, clock = queue()
    found.add(A, after=10)
    found.add(A, after=1)
    found.add(A, after=20)
    clock.now = 1
    assert taken(found) == A
    found.done(A)
    clock.now = 100
    assert taken(found) is None


def test_a_busy_one_is_not_given_to_another_and_its_news_are_not_lost() -> None:
    found, _clock = queue()
    found.add(A)
    assert taken(found) == A
    found.add(A)
    assert taken(found) is None
    found.done(A, after=60)
    assert taken(found) == A


def test_one_that_is_done_comes_again_when_it_said() -> None:
    found, clock = queue()
    found.add(A)
    assert taken(found) == A
    found.done(A, after=5)
    assert taken(found) is None
    clock.now = 5
    assert taken(found) == A


def test_who_waits_is_woken_by_what_is_added_and_by_the_end() -> None:
    found = Workqueue()
    got: list[Key | None] = []
    waiting = Thread(target=lambda: got.extend([found.take(), found.take()]))
    waiting.start()
    found.add(A)
    found.close()
    waiting.join(timeout=10)
    assert got in ([A, None], [None, None])
    assert not waiting.is_alive()


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.sampled_from([A, B, C]), st.integers(0, 5)),
            st.tuples(st.just("take"), st.just(A), st.just(0)),
            st.tuples(st.just("done"), st.sampled_from([A, B, C]), st.integers(0, 5)),
            st.tuples(st.just("wait"), st.just(A), st.integers(1, 3)),
        ),
        max_size=60,
    )
)
def test_whatever_happens_what_was_added_is_taken_in_the_end(
    steps: list[tuple[str, Key, int]],
) -> None:
    world = Owed()
    for what, key, number in steps:
        getattr(world, what)(key, number)
    world.ends()
    assert world.owed == set()


class Owed:
    """What was added and not taken since."""

    def __init__(self) -> None:
        self.queue, self.clock = queue()
        self.busy: set[Key] = set()
        self.owed: set[Key] = set()

    def add(self, key: Key, number: int) -> None:
        self.queue.add(key, after=number)
        self.owed.add(key)

    def take(self, _key: Key, _number: int) -> None:
        got = taken(self.queue)
        if got is not None:
            assert got not in self.busy
            self.busy.add(got)
            self.owed.discard(got)

    def done(self, key: Key, number: int) -> None:
        if key in self.busy:
            self.busy.discard(key)
            self.queue.done(key, after=number or None)

    def wait(self, _key: Key, number: int) -> None:
        self.clock.now += number

    def ends(self) -> None:
        for key in self.busy:
            self.queue.done(key)
        self.clock.now += 10
        while (got := taken(self.queue)) is not None:
            self.owed.discard(got)
            self.queue.done(got)

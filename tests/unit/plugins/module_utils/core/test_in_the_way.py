# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands where a cluster is to be, at every point: nothing is made beside it."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.flinkops.flink.plugins.module_utils.core import in_the_way
from ansible_collections.flinkops.flink.plugins.module_utils.core.case import JobManager
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Verdict,
    first_of,
)
from support.space import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    jobmanager: JobManager
    has_pods: bool
    is_delete_late: bool
    kills_pods: bool


def expected(f: Placed) -> str:
    """In words: who asks to kill is heard; else it is late, or it is waited for."""
    if f.jobmanager is JobManager.FOREIGN:
        return "an_object_of_its_name_is_in_the_way"
    is_going = f.jobmanager is JobManager.GOING
    if not (is_going or (f.jobmanager is JobManager.ABSENT and f.has_pods)):
        return "nothing"
    if f.kills_pods:
        return "the_user_kills_the_old_pods"
    if f.is_delete_late:
        return "the_old_cluster_outlives_the_deadline"
    return "the_old_cluster_is_going"


def name_of(f: Placed) -> str:
    found = first_of((in_the_way.FOREIGN, *in_the_way.GOING), f)
    return found.name if found else "nothing"


def test_at_every_point_it_is_what_the_words_say() -> None:
    for region in Space(Placed).regions(lambda f: (name_of(f), expected(f))):
        found, said = region.answer
        assert found == said, dict(region.values)


def test_only_the_word_of_a_person_moves_anything() -> None:
    moves = {rule.name: rule.move for rule in in_the_way.GOING if rule.verdict is Verdict.GO}
    assert moves == {"the_user_kills_the_old_pods": Move.KILL_PODS}

# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of an application that is to go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import JobManager
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import (
    Removing,
    State,
    Word,
    removing,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Checkpoint,
    Seen,
    Unseen,
)
from support import looks

STATEFUL = looks.wanted(upgradeMode="savepoint")
CHECKPOINT = Checkpoint(id=7, path="file:///cp/chk-7", completed=looks.NOW)
SOON, LATER = looks.NOW + timedelta(seconds=1), looks.NOW + timedelta(minutes=5, seconds=1)


def leaving(seen: Seen, word: Word = Word.KEEP, **asks: Any) -> Removing:
    return removing(looks.case(seen, **asks), word=word)


def running(**fields: Any) -> Seen:
    flink = looks.runs(**fields)
    return looks.seen(looks.stable(STATEFUL), STATEFUL, cluster=looks.cluster(), flink=flink)


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (running(last_checkpoint=CHECKPOINT, checkpoints_completed=3), State.CHECKPOINTED),
        (running(checkpoints_completed=0), State.NO_CHECKPOINT),
        (running(checkpoints_completed=3), State.REPLACED),
        (running(checkpoints_completed=None), State.UNSEEN),
        (replace(running(), flink=Unseen(why="silence")), State.UNSEEN),
        (replace(running(), flink=looks.flink()), State.UNSEEN),
        (looks.seen(looks.stable(), cluster=looks.cluster()), State.STATELESS),
        (
            looks.seen(
                looks.deployed(STATEFUL), STATEFUL, cluster=looks.cluster(never_available=True)
            ),
            State.NEVER_RAN,
        ),
        (Seen(resource=None), State.UNSEEN),
    ],
)
def test_what_is_known_of_the_state_of_a_job_that_is_to_go(seen: Seen, state: State) -> None:
    assert leaving(seen).state is state


def test_state_is_dropped_by_word_or_where_the_deployed_job_is_stateless() -> None:
    stateless, stateful = looks.seen(looks.stable()), looks.seen(looks.stable(STATEFUL), STATEFUL)
    assert leaving(stateless).drops_state
    assert leaving(stateful, Word.DROP).drops_state
    assert not leaving(stateful).drops_state
    assert not leaving(stateful, Word.FORCE).drops_state
    assert not leaving(looks.seen()).drops_state


@pytest.mark.parametrize(
    ("resource", "cluster", "jobmanager"),
    [
        (True, None, JobManager.ABSENT),
        (True, looks.cluster(), JobManager.OURS),
        (True, looks.cluster(owner_uid="another"), JobManager.FOREIGN),
        (True, looks.cluster(owner_uid=""), JobManager.FOREIGN),
        (True, looks.cluster(being_deleted=True), JobManager.GOING),
        (False, looks.cluster(), JobManager.GOING),
        (False, looks.cluster(owner_uid=""), JobManager.ABSENT),
        (False, None, JobManager.ABSENT),
    ],
)
def test_whose_a_jobmanager_is_that_is_to_go(
    resource: bool, cluster: Any, jobmanager: JobManager
) -> None:
    given = looks.resource() if resource else None
    assert leaving(Seen(resource=given, cluster=cluster)).jobmanager is jobmanager


def test_a_stopped_jobmanager_and_a_removal_that_was_begun_are_seen() -> None:
    stopped = looks.cluster(replicas=0)
    assert leaving(looks.seen(cluster=stopped)).is_scaled_down
    assert not leaving(looks.seen()).is_scaled_down
    assert leaving(looks.seen({"lifecycleState": "DELETING"})).is_begun
    assert not leaving(looks.seen(looks.stable())).is_begun

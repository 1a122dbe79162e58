"""docs/tables/deadlines.md: each phase, how long it may take, what follows, how a person goes on.

Which rules need a time that is over is asked of the tables themselves; those that decide because
another one waits no longer are named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    care_rules,
    deadlines,
    remove_rules,
    snapshot_rules,
    start_rules,
    stop_rules,
    suspended,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.caring import Caring, Gate
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Phase,
    Rule,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Removing
from ansible_collections.flinkops.flink.plugins.module_utils.core.starting import Starting
from ansible_collections.flinkops.flink.plugins.module_utils.core.stopping import Stopping
from support.space import Space

RULES: Mapping[str, tuple[type, Sequence[Rule[Any]]]] = {
    "start": (Starting, start_rules.RULES),
    "stop": (Stopping, stop_rules.RULES),
    "care": (Caring, care_rules.RULES),
    "suspended": (suspended.Suspended, suspended.RULES),
    "snapshot": (snapshot_rules.Snapshotting, snapshot_rules.RULES),
    "remove": (Removing, remove_rules.RULES),
}
HEAD = """# deadlines: how long each phase may take, and what follows

A phase stands in the status with its rule and its deadline, by the API server's clock. When that
has passed the next turn decides by one of these rules; each stands in the table of its name. The
word of a person is heard before and after: a verb (verbs.md) as the resource's annotation or the
playbook's variable (`deploy_verb`, `recover_from`; of a removal `remove_verb`), and `remove_state`
(drop and force are verbs of a resource that is deleted, too: drop-state, force-removal).
Written by `hack/tables.py` from `plugins/module_utils/core/deadlines.py` and the tables.

| Phase | Key | Default | Counted from when | What follows | How a person goes on |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """The fact by which a table knows that a phase's time is over.

    `besides`: rules that need no late fact themselves, and decide where another one has waited.
    """

    phase: Phase
    table: str
    fact: str
    late: Any = True
    early: tuple[Any, ...] = (False,)
    besides: tuple[str, ...] = ()


TAKEN_BACK = Late(
    phase=Phase.START, table="stop", fact="", besides=("a_start_that_failed_is_taken_back",)
)
"""By the intent rule `the_gate_takes_a_new_version_back`, where there is a stable version."""
FACTS: tuple[Late, ...] = (
    Late(phase=Phase.START, table="care", fact="is_late", besides=("its_pods_can_not_start",)),
    TAKEN_BACK,
    Late(
        phase=Phase.GATE,
        table="care",
        fact="gate",
        late=Gate.LATE,
        early=tuple(set(Gate) - {Gate.LATE}),
    ),
    replace(TAKEN_BACK, phase=Phase.GATE),
    Late(
        phase=Phase.STOP,
        table="stop",
        fact="is_stop_late",
        besides=(
            "its_last_checkpoint_is_too_old",
            "its_job_is_cancelled",
            "no_checkpoint_has_completed_yet",
            "its_last_state_is_kept",
        ),
    ),
    Late(
        phase=Phase.STOP,
        table="remove",
        fact="is_stop_late",
        besides=(
            "a_stateless_job_is_removed",
            "its_job_does_not_run_for_a_savepoint",
            "a_cancellation_would_drop_its_checkpoints",
            "its_flink_stays_silent",
            "the_last_checkpoint_is_not_seen",
        ),
    ),
    Late(phase=Phase.SAVEPOINT, table="stop", fact="is_savepoint_late"),
    Late(
        phase=Phase.SAVEPOINT,
        table="remove",
        fact="is_savepoint_late",
        besides=(
            "a_stateless_job_is_removed",
            "its_savepoint_failed_and_nothing_else_is_known",
            "a_cancellation_would_drop_its_checkpoints",
            "its_flink_stays_silent",
            "the_last_checkpoint_is_not_seen",
        ),
    ),
    Late(phase=Phase.CANCEL, table="stop", fact="is_cancel_late"),
    Late(
        phase=Phase.CANCEL,
        table="remove",
        fact="is_cancel_late",
        besides=("a_stateful_job_has_no_checkpoint", "the_last_checkpoint_is_not_seen"),
    ),
    *(
        Late(phase=Phase.CLUSTER_DELETE, table=table, fact="is_delete_late")
        for table in ("start", "stop", "care", "suspended")
    ),
    Late(phase=Phase.CLUSTER_DELETE, table="remove", fact="is_overdue"),
    Late(
        phase=Phase.ROLLBACK,
        table="start",
        fact="",
        besides=("the_old_cluster_outlives_the_deadline",),
    ),
    Late(phase=Phase.SNAPSHOT, table="snapshot", fact="is_overdue"),
    Late(
        phase=Phase.SILENCE,
        table="care",
        fact="is_silence_late",
        besides=("the_start_took_too_long",),
    ),
    Late(phase=Phase.SILENCE, table="suspended", fact="is_silence_late"),
    Late(phase=Phase.DELETION, table="remove", fact="is_overdue"),
)


def page() -> str:
    return HEAD + "".join(map(_row, deadlines.ROWS))


def _row(row: deadlines.Deadline) -> str:
    cells = (f"`{row.phase}`", _key(row), _default(row), row.since, _follows(row), _ways(row))
    return f"| {' | '.join(cells)} |\n"


def _key(row: deadlines.Deadline) -> str:
    graces = " or ".join(f"`{key}`" for key in row.graces)
    return f"`{row.key}`{f', and {graces}' if graces else ''}"


def _default(row: deadlines.Deadline) -> str:
    grace = sum((deadlines.DEFAULTS[key] for key in row.graces[:1]), row.grace)
    told = _told(deadlines.DEFAULTS[row.key])
    return f"{told} + {_told(grace)}" if grace else told


def _told(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def _follows(row: deadlines.Deadline) -> str:
    found = followers(row.phase)
    return "; ".join(f"{table}: {', '.join(names)}" for table, names in found.items())


def _ways(row: deadlines.Deadline) -> str:
    ways = row.ways
    told = [", ".join(f"`{kind}`" for kind in ways.deploying)]
    of_removal = [f"`{kind}`" for kind in ways.removing]
    of_removal += [f"`remove_state={state}`" for state in ways.states]
    told += [f"of a removal {', '.join(of_removal)}" if of_removal else "", ways.by_hand]
    return "; ".join(part for part in told if part)


def followers(phase: Phase) -> dict[str, list[str]]:
    """By table, the rules that decide once the phase's time is over, in the table's order."""
    names: dict[str, set[str]] = {}
    for known in FACTS:
        if known.phase is phase:
            found = {rule.name for rule in _needing(known)} | set(known.besides)
            names.setdefault(known.table, set()).update(found)
    return {
        table: [f"`{rule.name}`" for rule in RULES[table][1] if rule.name in found]
        for table, found in names.items()
    }


def _needing(known: Late) -> Iterator[Rule[Any]]:
    """Rules that match only where the fact says so; one that phases share is told by the phase."""
    kind, rules = RULES[known.table]
    space: Space[Any] = Space(kind)
    same = [it for it in FACTS if (it.table, it.fact) == (known.table, known.fact)]
    for rule in rules if known.fact else ():
        if len(same) > 1 and rule.phase is not known.phase:
            continue
        if _matches(space, rule, known, known.late) and not any(
            _matches(space, rule, known, early) for early in known.early
        ):
            yield rule


def _matches(space: Space[Any], rule: Rule[Any], known: Late, value: Any) -> bool:
    return any(region.answer for region in space.regions(rule.when, {known.fact: value}))

# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""By which words and deeds a person goes on, phase by phase, before its deadline and after it.

What they say is verb.py's; whether the tables hear them in that phase is tested against these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .plan import Phase
from .verb import VerbKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """`deploying`: verbs that an application's phase hears; the others are a removal's words."""

    deploying: tuple[VerbKind, ...] = ()
    removing: tuple[VerbKind, ...] = ()
    states: tuple[str, ...] = ()
    """Values of `remove_state` with which a removal goes on."""
    by_hand: str = ""


NAMING = (VerbKind.RESTORE_FROM, VerbKind.RESTORE_EMPTY)
SKIPPING = (VerbKind.SKIP_SAVEPOINT, *NAMING)
LEAVING = (*SKIPPING, VerbKind.ROLLBACK)
"""`rollback` while a change is under way is its abort: what ran before runs again."""
CORRECT = "correct the spec: it is tried in the place of the one that does not run"
WAYS: Mapping[Phase, Ways] = {
    Phase.START: Ways(deploying=(VerbKind.ROLLBACK, *NAMING), by_hand=CORRECT),
    Phase.GATE: Ways(deploying=(VerbKind.ACCEPT, VerbKind.ROLLBACK), by_hand=CORRECT),
    Phase.STOP: Ways(
        deploying=LEAVING,
        removing=(VerbKind.SKIP_SAVEPOINT,),
        states=("drop", "force"),
        by_hand="put the spec back: what was not stopped yet goes on",
    ),
    Phase.SAVEPOINT: Ways(
        deploying=LEAVING, removing=(VerbKind.SKIP_SAVEPOINT,), states=("drop", "force")
    ),
    Phase.CANCEL: Ways(
        deploying=LEAVING,
        states=("drop", "force"),
        by_hand="the verbs are heard once it has passed; see what holds its tasks (diagnose.yml)",
    ),
    Phase.CLUSTER_DELETE: Ways(
        deploying=(VerbKind.FORCE_DELETION,),
        states=("force",),
        by_hand="see what holds its pods back (kubectl describe)",
    ),
    Phase.ROLLBACK: Ways(
        deploying=(VerbKind.FORCE_DELETION,),
        by_hand="see what holds the old pods back (kubectl describe)",
    ),
    Phase.SNAPSHOT: Ways(
        deploying=SKIPPING, by_hand="change the nonce to ask again, or change the spec"
    ),
    Phase.SILENCE: Ways(
        deploying=(VerbKind.ROLLBACK,),
        by_hand="correct the spec; delete the Deployment of a suspended job that does nothing",
    ),
    Phase.DELETION: Ways(by_hand="take off the finalizers that are named, where they are yours"),
}

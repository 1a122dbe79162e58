# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The whole plan of a removal before anything happens, and what becomes of the state by it.

The remove table decides turn after turn, over a cluster that does as it is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from .case import Case
from .decide import decide_remove
from .deletion_mode import ModeRule, choosing, mode_rule
from .forecast import Forecast, Goal, Turn, is_open, once_told, steps, turns
from .forecast_look import SAVEPOINT_TO_COME
from .forecast_removal_look import after
from .leaving import DROPPED, State, known_of
from .plan import Origin, Phase, Source, Verdict
from .removing import Word, case_of_removal, spoken
from .seen import Seen


def forecast_removal(case: Case, *, key: str, word: Word) -> Forecast:
    """`case`: what there is of it. `key` is namespace/name, `word` the user's on its state."""
    word = spoken(case.verb, word)
    goal = Goal(
        decides=lambda now: decide_remove(now, key=key, word=word),
        follows=after,
        anew=_anew,
        is_removal=True,
    )
    found = list(turns(case, goal))
    return Forecast(
        steps=steps(found),
        end=found[-1].plan,
        origin=_origin(found, word),
        is_open=is_open(found[-1]),
        message=found[0].plan.message,
        is_removal=True,
        deletion=_deletion(case, word),
    )


def _deletion(case: Case, word: Word) -> ModeRule | None:
    """None where it has no say: by the user's word, or with the whole namespace."""
    resource = case.seen.resource
    if resource is None or case.seen.is_namespace_going or word is not Word.KEEP:
        return None
    return mode_rule(choosing(case))


def _anew(seen: Seen, case: Case) -> Case:
    return once_told(case_of_removal(seen, wanted=case.wanted, asker=case.asker, verb=case.verb))


def _origin(of: Sequence[Turn], word: Word) -> Origin | None:
    """What the first move that names a state says of it; else what is known by now."""
    if of[0].plan.verdict is Verdict.SETTLED:
        return None
    if word is Word.DROP:
        return DROPPED
    if any(turn.plan.phase is Phase.SAVEPOINT for turn in of[:-1]):
        return Origin(source=Source.SAVEPOINT, because=State.ENDED, path=SAVEPOINT_TO_COME)
    named = (turn.plan.origin for turn in of)
    certain = (origin for origin in named if origin and origin.source is not Source.NONE)
    return next(certain, known_of(of[0].case).origin)

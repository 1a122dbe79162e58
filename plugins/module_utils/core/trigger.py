# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What became of a request to Flink that goes by an id: savepoint, stop, checkpoint, disposal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TriggerState(StrEnum):
    UNSEEN = "unseen"
    """Flink did not answer: not a word on what became of it."""
    IN_PROGRESS = "in_progress"
    DONE = "done"
    FAILED = "failed"
    FORGOTTEN = "forgotten"
    """Flink does not know the id: never asked, or done too long ago to be remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerSeen:
    """`location` is also there for a stop that failed after its savepoint was complete."""

    state: TriggerState
    location: str = ""
    is_untold: bool = False
    """The statistics that name its place are older than it: seconds later they do."""
    checkpoint_id: int | None = None
    why: str = ""

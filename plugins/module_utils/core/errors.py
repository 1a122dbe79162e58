# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The tree of errors. A class is named for what happened; `reason` is the stable name a user reads.

FlinkOpsError
├── InvalidResource      the custom resource breaks rules; carries every Problem found
└── Held                 a named rule holds the change back; nothing was written
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One broken rule: where, what was found, which rule, and what to do next."""

    path: str
    value: str
    rule: str
    next_step: str

    def __str__(self) -> str:
        found = f" (found {self.value})" if self.value else ""
        named = f" [{self.rule_name}]" if self.rule_name else ""
        return f"{self.path}: {self.rule}{found}{named}. {self.next_step}"

    @property
    def rule_name(self) -> str:
        """The name of the rule in its table, where it stands in one."""
        return ""


class FlinkOpsError(Exception):
    """Root of the tree."""

    reason = "flinkops_error"


class InvalidResource(FlinkOpsError):
    """The custom resource can't be used as it is; `problems` holds all that was found."""

    reason = "invalid_resource"

    def __init__(self, problems: tuple[Problem, ...], notes: tuple[str, ...] = ()) -> None:
        """`notes`: what is no problem by itself and may explain one, say a misspelt field."""
        self.problems = problems
        super().__init__("\n".join([*map(str, problems), *(f"note: {note}" for note in notes)]))


class Held(FlinkOpsError):
    """A named rule refuses to go on; the rule's name is the reason."""

    def __init__(self, rule: str, message: str) -> None:
        self.reason = rule
        super().__init__(message)

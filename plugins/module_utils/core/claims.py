# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Whose a resource is, who asks for a turn, and what kind of cluster it describes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .seen import FINALIZER, Resource, Seen
from .spec import Spec


class Claim(StrEnum):
    FREE = "free"
    OURS = "ours"
    ANOTHER_OPERATOR = "another_operator"
    ANOTHER_DRIVER = "another_driver"


class Shape(StrEnum):
    NATIVE_APPLICATION = "native_application"
    SESSION = "session"
    STANDALONE = "standalone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks for the turn and when; `patience` is how long a person is ready to wait on."""

    driver: str
    now: datetime
    patience: datetime | None = None

    @property
    def is_done_waiting(self) -> bool:
        """A person has waited as long as they wanted to; without a person there is no such end."""
        return self.patience is not None and self.now > self.patience


def claim_of(seen: Seen, asker: Asker, *, adopts: bool = False) -> Claim:
    """Whose the resource is. The contract's finalizer or a status, without our Lease: another's."""
    holder = seen.claim
    if holder and holder.identity not in ("", asker.driver) and holder.expires > asker.now:
        return Claim.ANOTHER_DRIVER
    if holder:
        return Claim.OURS
    resource = seen.resource
    if not adopts and resource and (FINALIZER in resource.finalizers or _was_reconciled(resource)):
        return Claim.ANOTHER_OPERATOR
    return Claim.FREE


def _was_reconciled(resource: Resource) -> bool:
    return bool((resource.status.get("reconciliationStatus") or {}).get("lastReconciledSpec"))


def shape_of(spec: Spec | None) -> Shape:
    if spec is not None and spec.is_standalone:
        return Shape.STANDALONE
    if spec is not None and spec.is_session:
        return Shape.SESSION
    return Shape.NATIVE_APPLICATION

# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Which version of Flink can do what over REST, in one table; refuses to know why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_FORM = re.compile(r"v?(\d+)[._](\d+)(?:[._](\d+))?")


@dataclass(frozen=True, slots=True, order=True)
class FlinkVersion:
    major: int
    minor: int
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


class Feature(StrEnum):
    OWN_TRIGGER_ID = "own trigger id of a savepoint"
    SAVEPOINT_FORMAT = "format of a savepoint"
    RESTORE_MODE = "restoreMode when a jar is run"
    CHECKPOINT_TRIGGER = "triggering a checkpoint"
    JOB_CONFIGURATION = "flinkConfiguration when a jar is run"
    RESOURCE_REQUIREMENTS = "resource requirements"
    CLAIM_MODE = "claimMode when a jar is run"


# first version that has it, first version that no longer has it
SINCE: dict[Feature, tuple[FlinkVersion, FlinkVersion | None]] = {
    Feature.OWN_TRIGGER_ID: (FlinkVersion(1, 15), None),
    Feature.SAVEPOINT_FORMAT: (FlinkVersion(1, 15), None),
    Feature.RESTORE_MODE: (FlinkVersion(1, 15), FlinkVersion(1, 20)),
    Feature.CHECKPOINT_TRIGGER: (FlinkVersion(1, 17), None),
    Feature.JOB_CONFIGURATION: (FlinkVersion(1, 17), None),
    Feature.RESOURCE_REQUIREMENTS: (FlinkVersion(1, 18), None),
    Feature.CLAIM_MODE: (FlinkVersion(1, 20), None),
}


def has(version: FlinkVersion, feature: Feature) -> bool:
    first, gone = SINCE[feature]
    return first <= version and (gone is None or version < gone)


def parse_version(text: str) -> FlinkVersion | None:
    """'1.20.5', '2.3-SNAPSHOT', a vendor's '1.19.1-csa1'; None for what names no version."""
    found = _FORM.match(text.strip())
    if found is None:
        return None
    major, minor, patch = found.groups(default="0")
    return FlinkVersion(int(major), int(minor), int(patch))

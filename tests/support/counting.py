# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fixtures of tests that run the counting job: its folder, and the variables that describe it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.custom_resource import FACTORS, SMALL
from support.playbook import ROOT
from support.steerable import SteerableJob

JAR = ROOT / "tests/jobs/steerable/target/steerable.jar"


@pytest.fixture
def job(state_folder: Path) -> SteerableJob:
    subprocess.run([ROOT / "hack/testjob.sh"], check=True)  # noqa: S603
    shutil.copy(JAR, state_folder / JAR.name)
    return SteerableJob.in_folder(state_folder / "job")


@pytest.fixture
def variables(namespace: str, state_folder: Path) -> dict[str, Any]:
    """What describes the counting job in the role's own words."""
    return {
        **SMALL,
        "deploy_name": "counter",
        "deploy_namespace": namespace,
        "deploy_jar": f"local:///flink-state/{JAR.name}",
        "deploy_args": ["--out", "/flink-state/job/out", "--control", "/flink-state/job/control"],
        "deploy_upgrade_mode": "last-state",
        "deploy_checkpoint_interval": "1 s",
        # Flink's own word on its checkpoints is up to 3 s old: zero may be told where some are.
        "deploy_wait_for_checkpoint": True,
        "deploy_state_folder": str(state_folder),
        "deploy_configuration": {**FACTORS, "state.checkpoints.num-retained": "20"},
    }

# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""FlinkDeployments for tests: the smallest legal one, and changes to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    FlinkVersion,
    Job,
    JobManager,
    Mode,
    Resource,
    Spec,
    TaskManager,
)

SPEC = Spec(
    image="flink:1.20",
    flink_version=FlinkVersion.V1_20,
    service_account="flink",
    job_manager=JobManager(resource=Resource(memory="1g", cpu=1.0)),
    task_manager=TaskManager(resource=Resource(memory="2g", cpu=1.0)),
    job=Job(jar_uri="local:///opt/flink/usrlib/app.jar", parallelism=2),
)


def deployment(*, conf: dict[str, str] | None = None, **changes: Any) -> FlinkDeployment:
    """An application named `app`; `changes` are fields of its spec."""
    spec = replace(SPEC, flink_configuration=conf or {}, **changes)
    return FlinkDeployment(name="app", namespace="ns", spec=spec)


def session(*, conf: dict[str, str] | None = None, **changes: Any) -> FlinkDeployment:
    return deployment(conf=conf, job=None, **changes)


STANDALONE = Mode.STANDALONE

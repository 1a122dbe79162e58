# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""FlinkDeployments for tests: the smallest legal one, and changes to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import Manifests, render
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    FlinkVersion,
    Job,
    JobManager,
    Resource,
    Spec,
    TaskManager,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import first_start

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


def made(given: FlinkDeployment, **start: Any) -> Manifests:
    """What a first start of it makes; `start` changes fields of that start."""
    return render(given, base={}, start=replace(first_start(given), **start))


def jobmanager(given: FlinkDeployment) -> dict[str, Any]:
    return made(given).deployments[0]


def pod(deployment: dict[str, Any]) -> Any:
    return deployment["spec"]["template"]["spec"]


def main(deployment: dict[str, Any]) -> Any:
    """The last container: the main one, whatever the template brought."""
    return pod(deployment)["containers"][-1]

# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why pods can't start, from objects as the API server tells them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.trouble import (
    NEXT_STEPS,
    TOLD_BY_THE_LOG,
    Trouble,
    of_a_restart,
    root_cause,
    trouble_of,
)
from support import golden

WAITING = [
    reason
    for reason in NEXT_STEPS
    if reason not in ("FailedCreate", "FailedMount", "OOMKilled", "Restarted")
]
NO_ACCOUNT = 'pods "app-" is forbidden: error looking up service account default/flink'


def pod(*containers: dict[str, Any], init: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    status = {"containerStatuses": list(containers), "initContainerStatuses": list(init)}
    return {"metadata": {"name": "app-1"}, "status": status}


def container(**fields: Any) -> dict[str, Any]:
    return {"name": "flink-main-container", "ready": False, **fields}


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    return container(state={"waiting": {"reason": reason, "message": message}})


def replica_failure(status: str = "True") -> dict[str, Any]:
    condition = {"type": "ReplicaFailure", "status": status, "reason": "FailedCreate"}
    return {"status": {"conditions": [{**condition, "message": NO_ACCOUNT}]}}


@pytest.mark.row("C-028")
@pytest.mark.parametrize("reason", WAITING)
def test_a_container_that_waits_for_a_person_is_trouble(reason: str) -> None:
    for found in (pod(waiting(reason, "why")), pod(init=(waiting(reason, "why"),))):
        assert trouble_of({}, [found]) == Trouble(
            reason=reason, message="why", pod="app-1", container="flink-main-container"
        )


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing", ""])
def test_a_container_that_comes_up_is_none(reason: str) -> None:
    assert trouble_of({}, [pod(waiting(reason)), pod(container(state={"running": {}}))]) is None


def test_a_pod_without_any_status_is_none() -> None:
    assert trouble_of({}, [{"metadata": {"name": "app-1"}}]) is None


@pytest.mark.parametrize("where", ["lastState", "state"])
def test_a_container_that_used_too_much_memory_is_trouble_until_it_is_ready(where: str) -> None:
    killed = container(**{where: {"terminated": {"reason": "OOMKilled", "exitCode": 137}}})
    trouble = trouble_of({}, [pod(killed)])
    assert trouble is not None
    assert trouble.reason == "OOMKilled"
    assert trouble_of({}, [pod({**killed, "ready": True})]) is None


def test_a_pod_that_can_not_be_created_is_the_first_trouble() -> None:
    trouble = trouble_of(replica_failure(), [pod(waiting("CrashLoopBackOff"))])
    assert trouble == Trouble(reason="FailedCreate", message=NO_ACCOUNT)
    assert trouble_of(replica_failure("False"), []) is None


@pytest.mark.row("C-029")
@pytest.mark.parametrize("reason", ["FailedMount", "FailedAttachVolume"])
def test_a_volume_that_can_not_be_mounted_is_trouble(reason: str) -> None:
    event = {"reason": reason, "message": "no such claim", "involvedObject": {"name": "app-1"}}
    other = {"reason": "Pulled"}
    found = trouble_of({}, [], [other, event])
    assert found == Trouble(reason="FailedMount", message="no such claim", pod="app-1")


@pytest.mark.parametrize("reason", [*NEXT_STEPS, "SomethingNew"])
def test_each_trouble_has_a_next_step(reason: str) -> None:
    assert Trouble(reason=reason, message="").next_step.endswith(".")


@pytest.mark.parametrize(
    ("reason", "firm"),
    [("ImagePullBackOff", True), ("ErrImagePull", False), ("FailedMount", False), ("X", False)],
)
def test_what_waiting_may_cure_is_not_firm(reason: str, firm: bool) -> None:
    assert Trouble(reason=reason, message="").is_firm is firm


@pytest.mark.row("C-028")
@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("failed-bad-class", "CrashLoopBackOff"),
        ("upgraded-image-cannot-be-pulled", "ErrImagePull"),
        ("stable-stateless", None),
        ("deploying", None),
    ],
)
def test_recorded_pods_show_their_trouble(state: str, reason: str | None) -> None:
    every = golden.objects(state)
    deployment = next(found for found in every if found["kind"] == "Deployment")
    pods = [found for found in every if found["kind"] == "Pod"]
    trouble = trouble_of(deployment, pods)
    assert (trouble.reason if trouble else None) == reason


LOG = """
INFO  Loading configuration property: pipeline.name, orders
ERROR ClusterEntrypoint [main] - Could not create application program.
org.apache.flink.util.FlinkException: Could not load the provided entrypoint class.
\tat org.apache.flink.client.Retriever.get(Retriever.java:231)
Caused by: org.apache.flink.client.ProgramInvocationException: JAR file does not exist
\tat org.apache.flink.client.program.PackagedProgram.check(PackagedProgram.java:618)
Caused by: java.io.IOException: JAR file does not exist '/nope.jar'
\t... 4 more
"""


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        (LOG, "java.io.IOException: JAR file does not exist '/nope.jar'"),
        ("a\njava.lang.IllegalStateException: no\n\tat x", "java.lang.IllegalStateException: no"),
        ("bash: /nope: No such file\n\n", "bash: /nope: No such file"),
        ("Caused by: X: " + "y" * 900, "X: " + "y" * 397),
        ("Caused by: X: password=hunter2", "X: password=***"),
        ("", ""),
    ],
)
def test_a_log_is_searched_for_its_root_cause(log: str, cause: str) -> None:
    assert root_cause(log) == cause


def restarted(component: str = "jobmanager", **last: Any) -> dict[str, Any]:
    container = {"name": "flink-main-container", "ready": True, "lastState": last}
    metadata = {"name": "app-1", "labels": {"component": component}}
    return {"metadata": metadata, "status": {"containerStatuses": [container]}}


def test_a_jobmanager_that_ended_and_was_started_again_is_told_and_is_not_firm() -> None:
    found = of_a_restart([restarted(terminated={"exitCode": 1})])
    assert found is not None
    assert (found.reason, found.pod, found.is_firm) == ("Restarted", "app-1", False)
    assert found.reason in TOLD_BY_THE_LOG
    assert "exit code 1" in found.message


@pytest.mark.parametrize(
    "pods",
    [
        [],
        [restarted()],
        [restarted(terminated={"exitCode": 0})],
        [restarted("taskmanager", terminated={"exitCode": 1})],
    ],
)
def test_what_ended_well_or_is_no_jobmanager_is_no_trouble(pods: list[dict[str, Any]]) -> None:
    assert of_a_restart(pods) is None

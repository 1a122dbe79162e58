# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""decide: from what was wanted and found to the plan. Pure: who asks, and when, are arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from . import deploy_rules, remove_rules
from .facts import Asker, Word, deploying, removing, start_deadline
from .plan import Plan, Rule, Verdict, first
from .recorded import recorded
from .seen import FlinkSeen, JobSeen, Seen, Unseen

POLL = timedelta(seconds=1)

F = TypeVar("F")


def decide_deploy(seen: Seen, *, key: str, configuration: Mapping[str, str], asker: Asker) -> Plan:
    """The next move towards a running application. `key` is namespace/name."""
    facts = deploying(seen, configuration=configuration, asker=asker)
    deadline = start_deadline(recorded(_status(seen)), configuration)
    return _plan(first(deploy_rules.RULES, facts), _words(seen, key, deadline))


def decide_remove(seen: Seen, *, key: str, asker: Asker, word: Word) -> Plan:
    """The next move towards nothing left. `word`: what the user said about the state."""
    facts = removing(seen, asker=asker, word=word)
    return _plan(first(remove_rules.RULES, facts), _words(seen, key, None))


def _plan(rule: Rule[F], words: Mapping[str, str]) -> Plan:
    return Plan(
        verdict=rule.verdict,
        move=rule.move,
        because=rule.name,
        message=rule.message.format_map(words),
        next_step=rule.next_step.format_map(words),
        wake=POLL if rule.verdict is Verdict.WAIT else timedelta(0),
    )


def _status(seen: Seen) -> Mapping[str, object]:
    return seen.resource.status if seen.resource else {}


def _words(seen: Seen, key: str, deadline: datetime | None) -> dict[str, str]:
    namespace, _sep, name = key.partition("/")
    trouble = seen.trouble
    where = f"{trouble.pod} [{trouble.container}] " if trouble and trouble.pod else ""
    return {
        "key": key,
        "name": name,
        "namespace": namespace,
        "holder": seen.claim.identity if seen.claim else "",
        "expires": f"{seen.claim.expires:%H:%M:%S} UTC" if seen.claim else "",
        "problems": "\n".join(str(problem) for problem in _problems(seen)),
        "leftovers": ", ".join(seen.leftover_state or seen.ha_maps),
        "recorded_state": recorded(_status(seen)).state.value,
        "trouble": f"{where}{trouble.reason}: {trouble.message}" if trouble else "",
        "trouble_step": trouble.next_step if trouble else "",
        "deadline": f"{deadline:%H:%M:%S} UTC" if deadline else "",
        "progress": progress(seen),
        "left": _left(seen),
        **_job_words(seen.flink),
    }


def _left(seen: Seen) -> str:
    """What still stands in the way of "nothing left"."""
    cluster = f"Deployment of {seen.cluster.replicas} replicas" if seen.cluster else ""
    return ", ".join(part for part in (cluster, *seen.pods.names) if part) or "no pods are left"


def _problems(seen: Seen) -> Sequence[object]:
    return (*(seen.resource.problems if seen.resource else ()), *seen.beforehand)


def _job_words(flink: FlinkSeen | Unseen) -> dict[str, str]:
    job = flink.job if isinstance(flink, FlinkSeen) else None
    checkpoint = job.last_checkpoint if job else None
    return {
        "job_id": job.id if job else "",
        "tasks": str(job.tasks) if job else "",
        "root_exception": (job.root_exception or "no exception is told") if job else "",
        "checkpoint": checkpoint.path if checkpoint else "none",
        "why_unseen": flink.why if isinstance(flink, Unseen) else "",
    }


def progress(seen: Seen) -> str:
    """How far a start has come, in a few words for a person."""
    if seen.trouble:
        return f"{seen.trouble.reason}: {seen.trouble.message}"
    if isinstance(seen.flink, Unseen):
        return seen.pods.progress or _silence(seen, seen.flink)
    if seen.flink.job is None:
        return "REST answers, the job is not submitted yet"
    return _job_progress(seen.flink.job, seen)


def _silence(seen: Seen, flink: Unseen) -> str:
    if seen.pods.jobmanagers == 0:
        return "the JobManager's pod is not there yet"
    return f"Flink's REST API is not seen: {flink.why}"


def _job_progress(job: JobSeen, seen: Seen) -> str:
    waits = f"; {seen.pods.progress}" if seen.pods.progress else ""
    return f"job {job.state}, {job.tasks_running} of {job.tasks} tasks run{waits}"

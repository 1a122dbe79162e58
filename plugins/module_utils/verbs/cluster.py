# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""cluster: one move made on a cluster's objects, as the turn has decided and written ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..core.errors import Held
from ..core.in_the_way import KILLED
from ..core.live import face
from ..core.plan import Move, Phase
from ..core.recorded import Reconciliation, Recorded, recorded
from ..core.seen import GENERATION_ANNOTATION
from ..core.spec import UpgradeMode
from ..core.start import Start
from ..core.status_start import followed
from ..core.stopping import NEVER_RAN
from ..core.wanted import Wanted, understood
from ..kube import act
from ..kube.api import Api
from ..kube.kinds import CONFIG_MAP, DEPLOYMENT, FLINK_DEPLOYMENT, POD
from ..kube.leadership import give_back_leadership
from ..kube.look import is_ha_map, was_never_available
from ..kube.patch import patch_live
from ..kube.tell import tell
from . import boosting
from .diff import diff_of
from .options import (
    CONNECTION,
    IDENTITY,
    NAMED,
    SOURCE,
    Params,
    Result,
    Rules,
    Spec,
    api_of,
    identity_of,
    texts,
    wanted_of,
)

MOVES = (
    Move.MAKE_CLUSTER,
    Move.STOP_JOBMANAGER,
    Move.DELETE_CLUSTER,
    Move.KILL_PODS,
    Move.DELETE_HA_DATA,
    Move.PATCH_OBJECTS,
    Move.RESIZE_PODS,
)
ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    **IDENTITY,
    **SOURCE,
    "move": {"type": "str", "choices": [move.value for move in MOVES], "required": True},
    "force": {"type": "bool", "default": False},
}
RULES: Rules = NAMED


def execute(params: Params, check_mode: bool) -> Result:
    return moved(api_of(params), params, check_mode=check_mode)


def moved(api: Api, params: Params, *, check_mode: bool) -> Result:
    wanted = wanted_of(params)
    name, namespace = identity_of(params, wanted)
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    move = Move(params["move"])
    named: Result = {"name": name, "namespace": namespace, "move": move.value}
    if move in (Move.MAKE_CLUSTER, Move.PATCH_OBJECTS, Move.RESIZE_PODS):
        if stored is not None and (wanted is None or not check_mode):
            wanted = understood(stored, namespace=namespace, defaults=texts(params.get("defaults")))
        if move is Move.RESIZE_PODS:
            changed = boosting.resized(api, stored, wanted, check_mode=check_mode)
            return {**named, "changed": changed}
        work = _make if move is Move.MAKE_CLUSTER else _patch
        changes = work(api, stored, wanted, check_mode=check_mode)
        return {**named, "changed": bool(changes), "diff": diff_of(changes)}
    changed = _unmake(
        api,
        move,
        stored,
        _Target(
            name=name, namespace=namespace, force=bool(params.get("force")), check_mode=check_mode
        ),
    )
    return {**named, "changed": changed}


def _make(
    api: Api, stored: Mapping[str, Any] | None, wanted: Wanted | None, *, check_mode: bool
) -> list[act.Change]:
    """What the status announces is made: its spec, under its ids, from the state that it names."""
    record = recorded((stored or {}).get("status") or {})
    is_announced = wanted is not None and _may_be_made(api, wanted, record)
    if check_mode and not is_announced:  # a turn would announce it first
        made = wanted.rendered() if wanted else None
        return act.make_cluster(api, made, dry_run=True) if made else []
    if stored is None or wanted is None or not is_announced:
        raise Held(
            "nothing_was_written_ahead",
            "The status of this resource announces no start, so none is made. Run deploy.yml, "
            "whose turn writes the status first.",
        )
    announced = boosting.as_announced(wanted, stored["status"])
    if not check_mode:
        act.drop_job_graphs(api, announced.name, announced.namespace)
        _give_back_leadership(api, announced)
    return act.make_cluster(api, announced.rendered(_start(stored, record)), dry_run=check_mode)


def _give_back_leadership(api: Api, announced: Wanted) -> None:
    """A stopped JobManager leaves its lock behind, and the next waits for the lease to end.

    Looked at once more, as it is only right where nothing is left that could hold it. Without
    high availability there is no lock.
    """
    name, namespace = announced.name, announced.namespace
    if api.get(DEPLOYMENT, name, namespace) is not None:
        return
    if not api.list(POD, namespace, labels=f"app={name},component"):
        give_back_leadership(api, name=name, namespace=namespace)


STARTING = (Reconciliation.UPGRADING, Reconciliation.ROLLING_BACK)


def _may_be_made(api: Api, wanted: Wanted, record: Recorded) -> bool:
    """What has no Deployment any more is started anew, by a turn: it names the state first."""
    if not _is_begun(record):
        return False
    is_there = api.get(DEPLOYMENT, wanted.name, wanted.namespace) is not None
    return is_there or record.state in STARTING


def _is_begun(record: Recorded) -> bool:
    """A start that is written ahead; or what was made, of which something is missing."""
    return record.state is not Reconciliation.UNREADABLE and bool(record.job_id and record.deployed)


def _start(stored: Mapping[str, Any], record: Recorded) -> Start:
    is_empty = record.restore_mode is UpgradeMode.STATELESS
    return Start(
        job_id=record.job_id,
        generation=record.observed_generation,
        owner_uid=str(stored["metadata"]["uid"]),
        savepoint=None if is_empty else record.savepoint or None,
        job_result_store=record.store_id,
    )


def _patch(
    api: Api, stored: Mapping[str, Any] | None, wanted: Wanted | None, *, check_mode: bool
) -> list[act.Change]:
    """Objects follow the spec; then, and only then, the record does."""
    deployment = wanted.deployment if wanted else None
    status = (stored or {}).get("status") or {}
    record = recorded(status)
    if stored is None or wanted is None or deployment is None or record.spec is None:
        return []
    uid = str(stored["metadata"]["uid"])
    old = replace(deployment, spec=record.spec)
    before = face(old, base=wanted.defaults, owner_uid=uid)
    after = face(deployment, base=wanted.defaults, owner_uid=uid)
    changes = patch_live(api, after, old=before, dry_run=check_mode)
    if not check_mode:
        generation = int(stored["metadata"].get("generation") or 1)
        tell(api, stored, followed(status, deployment.spec, record, generation))
    return changes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    name: str
    namespace: str
    force: bool
    check_mode: bool


def _unmake(api: Api, move: Move, stored: Mapping[str, Any] | None, target: _Target) -> bool:
    if move is Move.DELETE_HA_DATA:
        _check_decided(move, stored)
        return _drop_ha_data(api, target)
    if move is Move.KILL_PODS:
        return _kill_pods(api, stored, target)
    deployment = api.get(DEPLOYMENT, target.name, target.namespace)
    if deployment is None or (stored is None and "deletionTimestamp" in deployment["metadata"]):
        by_force = move is Move.DELETE_CLUSTER and target.force and not target.check_mode
        return by_force and act.kill_pods(api, target.name, target.namespace)
    _check_owner(deployment, stored, target)
    if target.check_mode:
        return True
    _check_decided(move, stored, deployment)
    if move is Move.STOP_JOBMANAGER:
        act.stop_jobmanager(api, deployment)
    else:
        rule = recorded((stored or {}).get("status") or {}).phase.rule
        if rule == NEVER_RAN and not was_never_available(deployment):
            return False  # it has come up since that was seen: the next turn decides anew
        act.delete_cluster(api, deployment, by_force=target.force, as_seen=rule == NEVER_RAN)
    return True


def _kill_pods(api: Api, stored: Mapping[str, Any] | None, target: _Target) -> bool:
    """Of a cluster that is deleted alone: pods of one that lives would be made again at once."""
    deployment = api.get(DEPLOYMENT, target.name, target.namespace)
    if recorded((stored or {}).get("status") or {}).phase.rule != KILLED:
        raise _unannounced(Move.KILL_PODS)
    if deployment is not None and "deletionTimestamp" not in deployment["metadata"]:
        return False
    if target.check_mode:
        return bool(api.list(POD, target.namespace, labels=act.pods_of(target.name)))
    return act.kill_pods(api, target.name, target.namespace)


def _unannounced(move: Move) -> Held:
    return Held(
        "nothing_was_written_ahead",
        f"The status of this resource announces no {move.value}, so nothing is deleted. "
        "Run deploy.yml or remove.yml, whose turn looks after the state and writes it first.",
    )


def _check_decided(
    move: Move, stored: Mapping[str, Any] | None, deployment: Mapping[str, Any] | None = None
) -> None:
    """Deleting needs proof: a turn has decided it, and said so in the status beforehand."""
    status = (stored or {}).get("status") or {}
    is_removal = status.get("lifecycleState") == "DELETING"
    record = recorded(status)
    is_announced = record.phase.name in (Phase.CLUSTER_DELETE, Phase.ROLLBACK)
    is_begun_anew = move is Move.DELETE_CLUSTER and (is_announced or _is_older(deployment, record))
    if stored is not None and not is_removal and not is_begun_anew:
        raise _unannounced(move)


def _is_older(deployment: Mapping[str, Any] | None, record: Recorded) -> bool:
    """Made before the start that is announced: the one that is to be replaced."""
    annotations = ((deployment or {}).get("metadata") or {}).get("annotations") or {}
    generation = annotations.get(GENERATION_ANNOTATION)
    return _is_begun(record) and generation != str(record.observed_generation)


def _check_owner(
    deployment: Mapping[str, Any], stored: Mapping[str, Any] | None, target: _Target
) -> None:
    owners = [owner.get("uid") for owner in deployment["metadata"].get("ownerReferences") or ()]
    if stored is None or stored["metadata"]["uid"] not in owners:
        raise Held(
            "an_object_of_its_name_is_not_ours",
            f"Deployment {target.name} does not belong to FlinkDeployment "
            f"{target.namespace}/{target.name}; it is left alone.",
        )


def _drop_ha_data(api: Api, target: _Target) -> bool:
    if api.get(DEPLOYMENT, target.name, target.namespace) is not None:
        raise Held(
            "a_cluster_of_its_name_may_use_it",
            f"Deployment {target.name} is there, so the HA data of its name is left alone. "
            "Remove that cluster first.",
        )
    maps = api.list(CONFIG_MAP, target.namespace, labels=f"app={target.name}")
    names = [item["metadata"]["name"] for item in maps if is_ha_map(item)]
    if names and not target.check_mode:
        act.delete_ha_data(api, target.namespace, names)
    return bool(names)

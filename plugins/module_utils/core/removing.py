# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The facts of the remove table: what there is of an application, and of its state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from .case import ENDED, Case, Flink, JobManager, Situation, case_of
from .claims import Asker, Claim, claim_of
from .config import effective
from .deadlines import has_passed
from .deletion_mode import choosing, mode_rule
from .errors import InvalidResource
from .leaving import NAMED, Known, State, is_told, known_of
from .plan import Phase
from .recorded import Reconciliation, recorded
from .restore import keeps_checkpoints
from .seen import FINALIZER, Cluster, Resource, Seen
from .spec import DeletionMode, FlinkDeployment
from .stopping import Stop, stop_of
from .verb import NOTHING, OF_REMOVAL, Verb, VerbKind
from .wanted import Wanted

CANCELLED_AGAIN = "its_cancellation_is_asked_for_again"
"""Once: its time begins anew, as the driver that announced it may have ended before it asked."""
OURS_IN_STATUS = ("startedFrom", "phase", "rule", "ledger")
"""Fields that no other operator of the contract writes, and that are gone once one has written."""


class Word(StrEnum):
    """What the user says about a job's state when it is removed."""

    KEEP = "keep"
    DROP = "drop"
    FORCE = "force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removing:
    """The facts behind the move to nothing left."""

    is_there: bool
    is_going: bool
    is_namespace_going: bool
    has_finalizer: bool
    """Ours, which is the contract's."""
    claim: Claim
    jobmanager: JobManager
    is_let_go: bool
    """That the JobManager goes was decided before, with a look at the state; the status says so."""
    is_scaled_down: bool
    has_jobmanager_pods: bool
    has_pods: bool
    has_pods_to_kill: bool
    has_leftovers: bool
    drops_state: bool
    mode: DeletionMode
    word: Word
    skips: bool
    """A person doesn't want to wait for a savepoint, or for Flink's answer."""
    job: Flink
    stop: Stop
    state: State
    is_told: bool
    keeps_checkpoints: bool
    """A cancellation does: Flink is configured so."""
    is_cancelling: bool
    """Its cancellation was announced."""
    is_asked_again: bool
    is_savepoint_late: bool
    is_cancel_late: bool
    is_stop_late: bool
    is_overdue: bool

    @property
    def is_gone(self) -> bool:
        return not self.is_there and self.jobmanager is JobManager.ABSENT and not self.has_pods

    @property
    def is_stopped(self) -> bool:
        return self.is_scaled_down and self.is_let_go

    @property
    def runs(self) -> bool:
        """Its state was not looked after yet: a JobManager that somebody scaled down counts too."""
        return self.jobmanager is JobManager.OURS and not self.is_stopped

    @property
    def has_ended(self) -> bool:
        return self.job in ENDED

    @property
    def wants_savepoint(self) -> bool:
        by_mode = self.mode is DeletionMode.SAVEPOINT and self.word is Word.KEEP
        return by_mode and not self.skips

    @property
    def is_saving(self) -> bool:
        """A savepoint is wanted, and can still come about."""
        if not self.wants_savepoint or self.is_savepoint_late or self.is_cancelling:
            return False
        if self.stop is not Stop.NONE:
            return self.stop is not Stop.FAILED and not self.has_ended
        return self.job is Flink.RUNNING or (self.job is Flink.STARTING and not self.is_stop_late)

    @property
    def has_snapshot(self) -> bool:
        return self.state in NAMED

    @property
    def can_be_cancelled(self) -> bool:
        """And its last checkpoint outlives that."""
        is_live = self.job in (Flink.STARTING, Flink.RUNNING, Flink.RESTARTING)
        has_one = self.has_snapshot or self.state is State.REPLACED
        return is_live and has_one and self.keeps_checkpoints

    @property
    def is_silent(self) -> bool:
        return self.job in (Flink.UNSEEN, Flink.NO_JOB)

    @property
    def awaits_flink(self) -> bool:
        """Its JobManager may answer yet, and nobody has waited long enough."""
        may_answer = self.has_jobmanager_pods or not self.is_scaled_down
        is_over = self.skips or self.is_stop_late
        return self.is_silent and may_answer and not is_over


def case_of_removal(
    seen: Seen, *, wanted: Wanted | None, asker: Asker, verb: Verb = NOTHING
) -> Case:
    """A spec that can't be read is replaced by the recorded one: its state is looked after still.

    Of the verbs, few have a meaning for a removal.
    """
    known = verb if verb.kind in (VerbKind.SKIP_SAVEPOINT, *OF_REMOVAL) else NOTHING
    readable = _readable(seen, wanted) if wanted else None
    return case_of(seen, wanted=readable, asker=asker, verb=known)


def _readable(seen: Seen, wanted: Wanted) -> Wanted:
    spec = recorded(seen.resource.status if seen.resource else {}).deployed
    if wanted.deployment is not None or spec is None:
        return wanted
    deployment = FlinkDeployment(name=wanted.name, namespace=wanted.namespace, spec=spec)
    try:
        configuration = effective(deployment, base=wanted.defaults)
    except InvalidResource:
        return wanted
    return replace(wanted, deployment=deployment, configuration=configuration)


def removing(case: Case, *, word: Word, known: Known | None = None) -> Removing:
    """The facts for the remove table."""
    seen, record = case.seen, case.record
    resource = seen.resource
    state = known or known_of(case)
    mode = mode_rule(choosing(case)).mode
    phase = record.phase.name if record.is_removing else ""

    def late(*phases: Phase) -> bool:
        configuration, now = case.deployed_configuration, case.asker.now
        return any(phase == one and has_passed(one, record, configuration, now) for one in phases)

    return Removing(
        is_there=resource is not None,
        is_going=resource is not None and resource.being_deleted,
        is_namespace_going=seen.is_namespace_going,
        has_finalizer=resource is not None and FINALIZER in resource.finalizers,
        claim=_claim(case),
        jobmanager=_jobmanager_to_remove(seen.cluster, resource),
        is_let_go=phase in (Phase.CLUSTER_DELETE, Phase.DELETION),
        is_scaled_down=seen.cluster is not None and seen.cluster.replicas == 0,
        has_jobmanager_pods=seen.pods.jobmanagers > 0,
        has_pods=case.has_pods,
        has_pods_to_kill=seen.pods.unkilled > 0,
        has_leftovers=bool(seen.leftover_state or seen.ha_maps),
        drops_state=drops_state(case, state.state, mode, word),
        mode=mode,
        word=word,
        skips=case.asks(VerbKind.SKIP_SAVEPOINT),
        job=case.flink,
        stop=stop_of(case),
        state=state.state,
        is_told=is_told(case),
        keeps_checkpoints=keeps_checkpoints(case),
        is_cancelling=phase == Phase.CANCEL,
        is_asked_again=record.phase.rule == CANCELLED_AGAIN and _looks_again(case),
        is_savepoint_late=stop_of(case) is not Stop.NONE and _is_savepoint_late(case),
        is_cancel_late=late(Phase.CANCEL),
        is_stop_late=late(Phase.STOP) and _looks_again(case),
        is_overdue=case.asker.is_done_waiting or late(Phase.CLUSTER_DELETE, Phase.DELETION),
    )


def _is_savepoint_late(case: Case) -> bool:
    configuration = case.deployed_configuration
    return has_passed(Phase.SAVEPOINT, case.record, configuration, case.asker.now)


def _claim(case: Case) -> Claim:
    """A Lease goes before its resource where a namespace, or foreground deletion, takes both.

    What of the status is ours alone is then the claim: another operator's write would drop it.
    """
    claim, resource = claim_of(case.seen, case.asker), case.seen.resource
    is_marked = resource is not None and any(name in resource.status for name in OURS_IN_STATUS)
    if claim is Claim.ANOTHER_OPERATOR and resource and resource.being_deleted and is_marked:
        return Claim.OURS
    return claim


def _jobmanager_to_remove(cluster: Cluster | None, resource: Resource | None) -> JobManager:
    """Without its resource a cluster of a FlinkDeployment is the garbage collector's to take."""
    if cluster is None or (resource is None and not cluster.owner_uid):
        return JobManager.ABSENT
    if cluster.being_deleted or resource is None:
        return JobManager.GOING
    return JobManager.OURS if cluster.owner_uid == resource.uid else JobManager.FOREIGN


def _looks_again(case: Case) -> bool:
    """Its driver has looked before: a first look says nothing of the time before it."""
    claim = case.seen.claim
    return claim is not None and claim.identity == case.asker.driver


def spoken(verb: Verb, word: Word) -> Word:
    """The playbook's word before the annotation's."""
    said = {VerbKind.DROP_STATE: Word.DROP, VerbKind.FORCE_REMOVAL: Word.FORCE}
    return said.get(verb.kind, Word.KEEP) if word is Word.KEEP else word


def drops_state(case: Case, state: State, mode: DeletionMode, word: Word) -> bool:
    """HA data goes by word, for a stateless job, and where the last snapshot is named elsewhere."""
    if word is Word.DROP:
        return True
    if mode is DeletionMode.LEAVE or case.situation is Situation.NEW:
        return False
    if state is State.STATELESS:
        return case.record.state is Reconciliation.DEPLOYED
    holds_one = case.seen.has_checkpoint_in_ha
    return state in (State.ENDED, State.OVER) and case.record.has_ended and not holds_one

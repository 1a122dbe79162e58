# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a person asks for beside the resource, of a turn and of a wait alike."""

from __future__ import annotations


class ModuleDocFragment:
    """The verb, and what is asked into the spec."""

    DOCUMENTATION = r"""
options:
  verb:
    description:
      - What a person asks for beside the resource's spec; the annotation C(flinkops.flink/verb) says the same. With
        O(goal=remove) only V(skip-savepoint), V(drop-state) and V(force-removal) have a meaning; a silent Flink is not
        waited for then.
      - An annotation that is none of these stays as it is and is told, by the condition C(VerbRefused) with the reason
        C(the_verb_is_not_known) and by a warning; the turn goes on as if there were none.
      - V(rollback) goes back to the version that ran well before, or stays at it where a change is under way; a
        stable version is left with a savepoint.
      - V(retry) goes forward to a version again that failed before; a job that failed starts again.
      - V(skip-savepoint) does not wait for a savepoint, the job goes on from its last checkpoint.
      - V(restore-from=PATH) starts from the snapshot with that path.
      - V(restore-empty) starts without state, and lets go what there was.
      - V(restore-latest) starts from what is known, the HA metadata that a first deployment found or the last
        snapshot that was seen.
      - V(adopt) takes it over from another operator that is switched off; its job goes on as it is.
      - V(accept) counts the version whose tasks all run as good, before a checkpoint of it completes.
      - V(force-deletion) kills the pods of a deleted cluster that do not end, so that the next start is made; a pod on a
        node that is cut off may go on, so make sure that it is off.
      - V(drop-state) lets its state go when it is removed; until then it stays and changes nothing.
      - V(force-removal) removes it whether or not its last state can be seen, and kills its pods; until then it stays and
        changes nothing.
    type: str
    default: ""
  job_state:
    description:
      - What C(spec.job.state) of the stored resource is taken to be, where nothing is told. A person sees by it what would
        come of the change that O(flinkops.flink.custom_resource#module:job_state) makes.
    type: str
    choices: [running, suspended]
  snapshot:
    description:
      - The snapshot that the stored resource is taken to ask for, where nothing is told; as above.
    type: str
    choices: [savepoint, checkpoint]
"""

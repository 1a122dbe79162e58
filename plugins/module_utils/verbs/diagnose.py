# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""diagnose: why an application does not run, and what to do, on one screen. Changes nothing."""

from __future__ import annotations

from ..core.diagnosis import diagnose
from ..core.diagnosis_finding import Finding
from ..core.diagnosis_page import page
from ..kube.diagnose_look import look_closely
from .options import CONNECTION, Params, Result, Spec, api_of, utc_now

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "default": "default"},
    "show": {"type": "bool", "default": False},
}


def execute(params: Params, _check_mode: bool) -> Result:
    name, namespace = str(params["name"]), str(params.get("namespace") or "default")
    scene = look_closely(api_of(params), name=name, namespace=namespace, now=utc_now())
    found = diagnose(scene)
    return {
        "changed": False,
        "name": name,
        "namespace": namespace,
        "because": found.because,
        "runs": found.runs,
        "well": found.is_well,
        "findings": [_told(finding) for finding in found.findings],
        "unseen": list(found.unseen),
        "page": page(scene, found),
    }


def _told(finding: Finding) -> Result:
    return {
        "rule": finding.rule,
        "weight": finding.weight.value,
        "what": finding.what,
        "evidence": finding.evidence,
        "next_step": finding.next_step,
    }

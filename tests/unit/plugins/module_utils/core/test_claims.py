# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose a resource is, and what kind of cluster it describes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import (
    Claim,
    Shape,
    claim_of,
    shape_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    FINALIZER,
    Holder,
    Seen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.look import _resource
from support import golden, looks


def held(identity: str, **ahead: float) -> Holder:
    return Holder(identity=identity, expires=looks.NOW + timedelta(**ahead))


@pytest.mark.parametrize(
    ("holder", "claim"),
    [
        (None, Claim.FREE),
        (held(looks.ME, seconds=30), Claim.OURS),
        (held(looks.ME, seconds=-30), Claim.OURS),
        (held("", seconds=30), Claim.OURS),
        (held(looks.OTHER, seconds=30), Claim.ANOTHER_DRIVER),
        (held(looks.OTHER, seconds=0), Claim.OURS),
        (held(looks.OTHER, seconds=-30), Claim.OURS),
    ],
)
def test_a_lease_says_whose_a_resource_is(holder: Holder | None, claim: Claim) -> None:
    assert claim_of(looks.seen(claim=holder), looks.asker()) is claim


def test_a_status_or_the_contracts_finalizer_without_our_lease_is_another_operators() -> None:
    with_status = looks.seen(looks.deployed(), claim=None)
    with_finalizer = looks.seen(resource=looks.resource(finalizers=(FINALIZER,)), claim=None)
    for seen in (with_status, with_finalizer):
        assert claim_of(seen, looks.asker()) is Claim.ANOTHER_OPERATOR
        assert claim_of(replace(seen, claim=looks.HELD_BY_ME), looks.asker()) is Claim.OURS


@pytest.mark.row("C-013")
@pytest.mark.parametrize("state", golden.STATES)
def test_what_another_operator_left_is_another_operators(state: str) -> None:
    stored = golden.deployment(state)
    wanted = looks.wanted(stored)
    seen = Seen(resource=_resource(stored, wanted))
    assert claim_of(seen, looks.asker()) is Claim.ANOTHER_OPERATOR


@pytest.mark.parametrize(
    ("mode", "with_job", "shape"),
    [
        ("native", True, Shape.NATIVE_APPLICATION),
        (None, True, Shape.NATIVE_APPLICATION),
        ("native", False, Shape.SESSION),
        ("standalone", True, Shape.STANDALONE),
        ("standalone", False, Shape.STANDALONE),
    ],
)
def test_the_shape_is_read_from_mode_and_job(
    mode: str | None, with_job: bool, shape: Shape
) -> None:
    cr = looks.definition()
    cr["spec"] |= {} if mode is None else {"mode": mode}
    if not with_job:
        del cr["spec"]["job"]
    deployment = looks.wanted(cr).deployment
    assert shape_of(deployment.spec if deployment else None) is shape

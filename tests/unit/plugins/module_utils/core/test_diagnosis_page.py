# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A diagnosis is one screen, whatever was found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis import (
    Diagnosis,
    diagnose,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_finding import (
    Finding,
    Weight,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_page import page
from support.scenes import SPEC, WELL, down, flink, job, pod, resource, scene, waiting

TEXT = st.text(st.characters(codec="ascii", categories=("L", "N", "Z", "P")), max_size=900)
FINDING = st.builds(
    Finding,
    rule=st.sampled_from(["one_rule", "another_rule_with_a_long_name_that_goes_on"]),
    weight=st.sampled_from(Weight),
    what=TEXT,
    evidence=TEXT,
    next_step=TEXT,
)


@given(findings=st.lists(FINDING, min_size=1, max_size=12), unseen=st.lists(TEXT, max_size=5))
def test_it_is_at_most_thirty_lines_of_120_columns(
    findings: list[Finding], unseen: list[str]
) -> None:
    found = Diagnosis(key="shop/orders", runs=False, findings=tuple(findings), unseen=tuple(unseen))
    lines = page(WELL, found)
    assert len(lines) <= 30
    assert max(len(line) for line in lines) <= 120
    assert any(line == f"1. {findings[0].rule}" for line in lines)


def test_an_application_that_runs_says_so() -> None:
    assert page(WELL, diagnose(WELL)) == [
        "shop/orders   RUNS",
        "Status    STABLE, job RUNNING, generation 1; JobManagers 1 of 1 ready, 0 pods",
        "Flink     1.20.1, 1 TaskManagers, 0 of 2 slots free, job RUNNING (4/4 tasks, 7 checkpoints done)",  # noqa: E501
        "",
        "1. all_is_well",
        "   What   all is well: job 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11 is RUNNING with all 4 tasks",
        "   Seen   Flink's overview of job 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11",
        "   Do     Nothing.",
    ]


@pytest.mark.parametrize(
    ("seen", "head"),
    [
        (down(pods=(waiting("ErrImagePull", "x"),)), "DOES NOT RUN: its image can not be pulled"),
        (down(pods=(pod(),)), "DOES NOT RUN YET: it is under way"),
        (
            down(deployment=None, resource=resource(spec={**SPEC, "job": {"state": "suspended"}})),
            "DOES NOT RUN, rightly: the user suspended it",
        ),
        (scene(holder="x"), "RUNS, but: another driver works on it"),
        (scene(flink=flink(job(state="FINISHED"))), "DOES NOT RUN, rightly: the job finished"),
    ],
)
def test_the_first_line_says_whether_it_runs_and_why_not(seen: object, head: str) -> None:
    assert isinstance(seen, type(WELL))
    assert page(seen, diagnose(seen))[0] == f"shop/orders   {head}"


def test_what_could_not_be_seen_stands_at_the_end() -> None:
    blind = replace(WELL, unseen=("events (not allowed)", "log of Pod/x (not allowed)"))
    last = "Not seen  events (not allowed); log of Pod/x (not allowed)"
    assert page(blind, diagnose(blind))[-1] == last


def test_findings_for_which_there_is_no_room_are_named() -> None:
    one = diagnose(down(pods=(waiting("ErrImagePull", "x" * 900),))).findings[0]
    many = tuple(replace(one, rule=f"rule_{number}") for number in range(9))
    lines = page(WELL, Diagnosis(key="shop/orders", runs=False, findings=many))
    assert lines[-1].startswith("and: rule_")
    assert lines[-1].endswith("rule_8")

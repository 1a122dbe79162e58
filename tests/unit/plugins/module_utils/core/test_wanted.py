# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A resource understood: all its problems kept, or what it needs told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.deadlines import READINESS_TIMEOUT
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import (
    JOB_ID,
    PLACEHOLDER_START,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import (
    stored_understood,
    understood,
)
from support import looks

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
PARTS = ("metadata", "spec", "kind", "apiVersion")


def test_what_breaks_no_rule_tells_its_configuration_and_dependents() -> None:
    found = looks.wanted()
    assert (found.name, found.namespace, found.problems) == ("app", "default", ())
    assert found.configuration["parallelism.default"] == "2"
    assert found.dependents == {
        ("Service", "app"),
        ("Service", "app-rest"),
        ("ConfigMap", "flink-config-app"),
    }


def test_the_namespace_of_the_resource_wins() -> None:
    cr = looks.definition()
    assert understood(cr, namespace="elsewhere").namespace == "default"
    del cr["metadata"]["namespace"]
    assert understood(cr, namespace="elsewhere").namespace == "elsewhere"


def test_defaults_lie_below_the_resources_own_configuration() -> None:
    defaults = {"taskmanager.numberOfTaskSlots": "9", "a.b": "c"}
    found = understood(looks.definition(), namespace="x", defaults=defaults).configuration
    assert (found["taskmanager.numberOfTaskSlots"], found["a.b"]) == ("2", "c")


def test_all_problems_are_told_at_once() -> None:
    cr = looks.definition(parallelism=-1, jarURI=None)
    del cr["spec"]["serviceAccount"]
    assert len(looks.wanted(cr).problems) >= 3


def test_what_breaks_rules_is_not_rendered() -> None:
    with pytest.raises(InvalidResource):
        looks.wanted(parallelism=-1).rendered()


def test_without_a_start_placeholders_are_rendered() -> None:
    made = looks.wanted(initialSavepointPath="file:///sp/1").rendered()
    text = made.dependents[-1]["data"]["flink-conf.yaml"]
    assert f"$internal.pipeline.job-id: {PLACEHOLDER_START.job_id}\n" in text
    assert "execution.savepoint.path: file:///sp/1\n" in text


@pytest.mark.parametrize("text", ["soon", "5 parsecs"])
def test_a_time_out_that_no_turn_could_read_is_refused_beforehand(text: str) -> None:
    cr = looks.definition()
    cr["spec"]["flinkConfiguration"][READINESS_TIMEOUT] = text
    found = looks.wanted(cr).problems
    assert [problem.path for problem in found] == [f"spec.flinkConfiguration.{READINESS_TIMEOUT}"]


@pytest.mark.parametrize("job_id", ["orders", "A" * 32, "a" * 31, f"{'a' * 32}\n"])
def test_a_job_id_that_is_none_of_flinks_is_refused_beforehand(job_id: str) -> None:
    cr = looks.definition()
    cr["spec"]["flinkConfiguration"][JOB_ID] = job_id
    found = looks.wanted(cr).problems
    assert [problem.path for problem in found] == [f"spec.flinkConfiguration.{JOB_ID}"]
    cr["spec"]["flinkConfiguration"][JOB_ID] = "a" * 32
    assert looks.wanted(cr).problems == ()


def test_unknown_fields_are_warned_of_and_are_no_problem() -> None:
    cr = looks.definition()
    cr["spec"]["paralelism"] = 1
    found = looks.wanted(cr)
    assert found.problems == ()
    assert "paralelism" in found.warnings[0]


@given(
    st.dictionaries(st.sampled_from(PARTS), JSON),
    st.dictionaries(st.sampled_from(("job", "image")), JSON),
)
def test_no_document_makes_it_fail(parts: dict[str, Any], spec: dict[str, Any]) -> None:
    cr = looks.definition()
    found = understood({**cr, "spec": {**cr["spec"], **spec}, **parts}, namespace="default")
    assert found.problems or found.deployment is not None


def stored(**metadata: Any) -> dict[str, Any]:
    cr = looks.definition()
    named = {**cr["metadata"], "uid": "u", "generation": 1, **metadata}
    return {**cr, "metadata": named, "status": {"lifecycleState": "STABLE"}}


def again(cr: dict[str, Any], **defaults: str) -> Any:
    return stored_understood(cr, namespace="default", defaults=defaults)


def test_what_is_stored_is_understood_once_whatever_its_status_says() -> None:
    known = again(stored())
    assert known == understood(stored(), namespace="default", defaults={})
    assert again({**stored(), "status": {}}) is known
    assert again(stored(resourceVersion="7")) is known


@pytest.mark.parametrize(
    "other",
    [
        stored(generation=2),
        stored(uid="v"),
        stored(labels={"a": "b"}),
        stored(annotations={"a": "b"}),
        {**stored(), "spec": {**stored()["spec"], "image": "another"}},
    ],
)
def test_what_differs_is_understood_anew(other: dict[str, Any]) -> None:
    known = again(stored())
    assert again(other) is not known
    assert again(other) == understood(other, namespace="default", defaults={})
    assert again(stored(), **{"parallelism.default": "3"}) is not known


def test_what_was_never_stored_is_not_kept() -> None:
    cr = looks.definition()
    assert again(cr) is not again(cr)

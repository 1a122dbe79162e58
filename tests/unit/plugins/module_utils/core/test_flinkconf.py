# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration file, in both of its forms."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import flinkconf
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import FlinkVersion

V1, V2 = FlinkVersion.V1_20, FlinkVersion.V2_1


@pytest.mark.row("C-083")
def test_below_flink_2_each_key_is_a_line_with_its_bare_value() -> None:
    conf = {"b": "x: #y", "a": "it's"}
    assert flinkconf.text(conf, version=V1, lists={}) == "a: it's\nb: x: #y\n"
    assert flinkconf.name(V1) == "flink-conf.yaml"


def test_from_flink_2_on_keys_nest_and_values_stay_text() -> None:
    conf = {"a.b": "1", "a.c.d": "true", "list": "x;y"}
    text = flinkconf.text(conf, version=V2, lists={"list": ("x", "y")})
    assert yaml.safe_load(text) == {"a": {"b": "1", "c": {"d": "true"}}, "list": ["x", "y"]}
    assert flinkconf.name(V2) == "config.yaml"


def test_from_flink_2_on_overlapping_keys_are_all_told() -> None:
    conf = {
        "high-availability": "kubernetes",
        "high-availability.storageDir": "s3://x",
        "a": "1",
        "a.b": "2",
    }
    with pytest.raises(InvalidResource) as caught:
        flinkconf.text(conf, version=V2, lists={})
    assert [problem.path for problem in caught.value.problems] == [
        "spec.flinkConfiguration.a",
        "spec.flinkConfiguration.high-availability",
    ]


def test_below_flink_2_overlapping_keys_are_fine() -> None:
    assert flinkconf.text({"a": "1", "a.b": "2"}, version=V1, lists={}) == "a: 1\na.b: 2\n"


@pytest.mark.parametrize(
    "key",
    [
        "kubernetes.config.file",
        "rest.bind-address",
        "jobmanager.bind-host",
        "taskmanager.host",
        "taskmanager.bind-host",
        "$internal.deployment.config-dir",
        "kubernetes.pod-template-file.jobmanager",
    ],
)
@pytest.mark.parametrize("version", [V1, V2])
def test_what_is_true_here_only_stays_here(key: str, version: FlinkVersion) -> None:
    assert key not in flinkconf.text({key: "x", "a": "b"}, version=version, lists={})


KEYS = st.from_regex(r"[a-z]{1,3}(\.[a-z]{1,3}){0,3}", fullmatch=True)


@given(st.dictionaries(KEYS, st.text(st.characters(codec="ascii"), max_size=8), max_size=8))
def test_the_nested_form_holds_each_key_once_or_refuses(conf: dict[str, str]) -> None:
    overlap = any(other.startswith(f"{key}.") for key in conf for other in conf)
    if overlap:
        with pytest.raises(InvalidResource):
            flinkconf.text(conf, version=V2, lists={})
        return
    nested = yaml.safe_load(flinkconf.text(conf, version=V2, lists={}))
    for key, value in conf.items():
        node = nested
        for part in key.split("."):
            node = node[part]
        assert node == value

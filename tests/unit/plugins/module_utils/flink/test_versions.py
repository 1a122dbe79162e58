from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import NotSupported
from ansible_collections.flinkops.flink.plugins.module_utils.flink.versions import (
    SINCE,
    Feature,
    FlinkVersion,
    has,
    parse_version,
)

from .tape import A, Said, trigger

KNOWN = [FlinkVersion(1, minor) for minor in range(13, 21)]
KNOWN += [FlinkVersion(2, minor) for minor in range(4)]
FIRST = {
    Feature.OWN_TRIGGER_ID: "1.15",
    Feature.SAVEPOINT_FORMAT: "1.15",
    Feature.RESTORE_MODE: "1.15",
    Feature.CHECKPOINT_TRIGGER: "1.17",
    Feature.JOB_CONFIGURATION: "1.17",
    Feature.RESOURCE_REQUIREMENTS: "1.18",
    Feature.CLAIM_MODE: "1.20",
}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.20.5", FlinkVersion(1, 20, 5)),
        ("2.3-SNAPSHOT", FlinkVersion(2, 3)),
        ("1.19.1-csa1.14", FlinkVersion(1, 19, 1)),
        ("v1_17", FlinkVersion(1, 17)),
        ("<unknown>", None),
        ("", None),
    ],
)
def test_a_version_is_read_from_what_flink_says(text: str, version: FlinkVersion | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize("feature", Feature)
def test_each_feature_begins_where_it_did(feature: Feature) -> None:
    first = parse_version(FIRST[feature])
    assert SINCE[feature][0] == first
    assert next(v for v in KNOWN if has(v, feature)) == first


@pytest.mark.parametrize("version", [v for v in KNOWN if v >= FlinkVersion(1, 15)], ids=str)
def test_a_savepoint_is_claimed_in_exactly_one_way(version: FlinkVersion) -> None:
    assert has(version, Feature.RESTORE_MODE) != has(version, Feature.CLAIM_MODE)


def test_what_a_version_cannot_do_is_not_even_asked_for() -> None:
    flink = Said()
    with pytest.raises(NotSupported, match=r"Flink 1\.16\.0 cannot .*checkpoint.*needs 1\.17"):
        flink.client(FlinkVersion(1, 16)).trigger_checkpoint(A, trigger(1))
    with pytest.raises(NotSupported, match=r"resource requirements.*needs 1\.18"):
        flink.client(FlinkVersion(1, 17)).requirements(A)
    assert flink.seen == []

"""snapshot_info: what comes back is what is documented; it only looks."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from .catalogue import ROOT, returned
from .small_api import Store
from .ways import Way

Cluster = tuple[str, Store]
BASIC = ROOT / "tests" / "golden" / "native-app-basic" / "cr.yaml"
FOLDER = "/apis/flink.apache.org/v1beta1/namespaces/streams/flinkdeployments"
LAST = {"location": "file:///sp/savepoint-1", "triggerNonce": 1}


def ask(way: Way, cluster: Cluster, *, nonce: int | None, **told: Any) -> dict[str, Any]:
    kubeconfig, store = cluster
    resource = yaml.safe_load(BASIC.read_text())
    resource["spec"]["job"] |= {} if nonce is None else {"savepointTriggerNonce": nonce}
    resource["status"] = {"jobStatus": {"savepointInfo": told}}
    store.objects[f"{FOLDER}/orders"] = resource
    result = way(
        "snapshot_info", {"kubeconfig": kubeconfig, "name": "orders", "namespace": "streams"}
    )
    assert store.writes == []
    return dict(result)


def test_a_complete_one_has_its_path(way: Way, cluster: Cluster) -> None:
    result = ask(way, cluster, nonce=1, lastSavepoint=LAST)
    assert set(result) - {"changed", "failed"} == set(returned("snapshot_info")) - {"reason"}
    assert (result["complete"], result["path"]) == (True, LAST["location"])
    assert result["changed"] is False


def test_one_that_is_still_to_come_is_no_failure_unless_it_is_waited_for(
    way: Way, cluster: Cluster
) -> None:
    result = ask(way, cluster, nonce=2, lastSavepoint=LAST)
    assert (result["complete"], result["path"]) == (False, "")
    assert result["because"] == "the_snapshot_waits_for_an_operator"


@pytest.mark.parametrize("name", ["orders", "nobody"])
def test_what_nobody_asked_for_is_refused(way: Way, cluster: Cluster, name: str) -> None:
    if name == "orders":
        result = ask(way, cluster, nonce=None)
    else:
        result = way("snapshot_info", {"kubeconfig": cluster[0], "name": name})
    assert result["failed"] is True
    assert result["reason"] in {"no_snapshot_was_asked_for", "the_resource_is_not_there"}

"""manifests, the same as a module and inside the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from .ways import Way, as_module, in_worker

GOLDEN = Path(__file__).parents[3] / "golden"
BASIC = GOLDEN / "native-app-basic" / "cr.yaml"
HIDDEN = "hunter2-is-secret"


def definition(**spec: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(BASIC.read_text())
    found["spec"].update(spec)
    return found


@pytest.mark.parametrize("case", sorted(folder.name for folder in GOLDEN.glob("*-*-*")))
def test_both_ways_give_the_same(case: str) -> None:
    args = {"src": str(GOLDEN / case / "cr.yaml")}
    assert as_module("manifests", args) == in_worker("manifests", args)


def test_the_text_is_the_objects_as_yaml_documents(way: Way) -> None:
    result = way("manifests", {"src": str(BASIC), "namespace": "streams"})
    objects = list(yaml.safe_load_all(result["text"]))
    assert {"Deployment", "ConfigMap", "Service"} <= {item["kind"] for item in objects}
    assert {item["metadata"]["namespace"] for item in objects} == {"streams"}
    assert result["changed"] is False


def test_a_file_and_its_content_are_rendered_alike(way: Way) -> None:
    by_file = way("manifests", {"src": str(BASIC)})
    assert way("manifests", {"definition": definition()}) == by_file


def test_a_document_is_chosen_by_its_place(way: Way, tmp_path: Path) -> None:
    two = [definition(), {**definition(), "metadata": {"name": "second"}}]
    file = tmp_path / "two.yaml"
    file.write_text(yaml.safe_dump_all(two))
    text = way("manifests", {"src": str(file), "document": 1})["text"]
    assert "name: second" in text
    assert "native-app-basic" not in text


def test_defaults_apply_where_the_resource_says_nothing(way: Way) -> None:
    given = {"restart-strategy.type": "exponential-delay"}
    result = way("manifests", {"src": str(BASIC), "defaults": given})
    assert "exponential-delay" in result["text"]


def test_plain_variables_make_a_resource(way: Way) -> None:
    application = {
        "name": "orders",
        "image": "flink:1.20",
        "flink_version": "v1_20",
        "service_account": "flink",
        "jar": "local:///opt/flink/job.jar",
        "parallelism": 1,
        "upgrade_mode": "stateless",
        "jobmanager_cpu": 0.5,
        "jobmanager_memory": "1024m",
        "taskmanager_cpu": 0.5,
        "taskmanager_memory": "1536m",
    }
    assert "name: orders" in way("manifests", {"application": application})["text"]


def test_dest_is_written_once(way: Way, tmp_path: Path) -> None:
    args = {"src": str(BASIC), "dest": str(tmp_path / "objects.yaml")}
    first, again = way("manifests", args), way("manifests", args)
    assert (first["changed"], again["changed"]) == (True, False)
    assert (tmp_path / "objects.yaml").read_text() == first["text"]


def test_check_mode_tells_the_change_and_writes_nothing(way: Way, tmp_path: Path) -> None:
    args = {"src": str(BASIC), "dest": str(tmp_path / "objects.yaml")}
    assert way("manifests", args, check=True)["changed"] is True
    assert not (tmp_path / "objects.yaml").exists()
    way("manifests", args)
    assert way("manifests", args, check=True)["changed"] is False


def test_every_problem_is_told_at_once(way: Way) -> None:
    broken = definition(flinkVersion="v0_9", serviceAccount=7)
    result = way("manifests", {"definition": broken})
    assert result["failed"] is True
    assert result["reason"] == "invalid_resource"
    assert "spec.flinkVersion" in result["msg"]
    assert "spec.serviceAccount" in result["msg"]
    assert len(result["problems"]) == 2


def test_nothing_given_names_what_to_give(way: Way) -> None:
    result = way("manifests", {})
    assert result["failed"] is True
    assert "src" in result["msg"]
    assert "definition" in result["msg"]


def test_a_missing_file_is_named(way: Way, tmp_path: Path) -> None:
    result = way("manifests", {"src": str(tmp_path / "absent.yaml")})
    assert result["failed"] is True
    assert f"{tmp_path}/absent.yaml: can't be read: No such file" in result["msg"]


def test_a_document_that_is_not_there_is_told(way: Way) -> None:
    result = way("manifests", {"src": str(BASIC), "document": 3})
    assert "has no document number 3" in result["msg"]


@pytest.mark.parametrize(
    "text",
    [
        f"spec:\n  s3.secret-key: {HIDDEN}\n bad",
        f"password: '{HIDDEN}",
        f"- {HIDDEN}",
        f"{HIDDEN}",
        f"a: *{HIDDEN}",
        f"token: !{HIDDEN} x",
        f'"s3.secret-key": "{HIDDEN}", ]',
    ],
    ids=["indent", "quote", "a list", "a word", "an alias", "a tag", "flow"],
)
def test_a_file_that_is_no_resource_is_not_quoted(way: Way, tmp_path: Path, text: str) -> None:
    file = tmp_path / "cr.yaml"
    file.write_text(text)
    result = way("manifests", {"src": str(file)})
    assert result["failed"] is True
    assert str(file) in result["msg"]
    assert HIDDEN not in str(result)


def test_an_unknown_argument_fails_by_the_modules_name(way: Way) -> None:
    result = way("manifests", {"src": str(BASIC), "dset": "x"})
    assert result["failed"] is True
    assert "flinkops.flink.manifests" in result["msg"]
    assert "dset" in result["msg"]


def test_a_wrong_type_is_told(way: Way) -> None:
    result = way("manifests", {"src": str(BASIC), "document": "first"})
    assert result["failed"] is True
    assert "document" in result["msg"]


def test_what_looks_like_a_template_stays_text(way: Way) -> None:
    template = "{{ lookup('pipe', 'touch /tmp/x') }}"
    given = definition(flinkConfiguration={"pipeline.name": template})
    assert template in way("manifests", {"definition": given})["text"]


def test_the_diff_of_dest_comes_when_it_is_asked_for(way: Way, tmp_path: Path) -> None:
    args = {"src": str(BASIC), "dest": str(tmp_path / "objects.yaml")}
    assert "diff" not in way("manifests", args, check=True)
    diff = way("manifests", args, diff=True)["diff"]
    assert (diff["before"], "kind: Deployment" in diff["after"]) == ("", True)
    again = way("manifests", args, diff=True)
    assert again["diff"]["before"] == again["diff"]["after"]


def test_the_diff_of_dest_hides_what_is_secret(way: Way, tmp_path: Path) -> None:
    args = {"dest": str(tmp_path / "objects.yaml")}
    given = definition(flinkConfiguration={"s3.secret-key": HIDDEN})
    for _ in range(2):
        diff = way("manifests", {**args, "definition": given}, diff=True)["diff"]
        assert HIDDEN not in str(diff)


def test_a_dest_that_can_not_be_written_is_named(way: Way, tmp_path: Path) -> None:
    result = way("manifests", {"src": str(BASIC), "dest": str(tmp_path / "none" / "x.yaml")})
    assert result["failed"] is True
    assert "dest: must be a file that can be written" in result["msg"]


def test_two_sources_are_refused(way: Way) -> None:
    result = way("manifests", {"src": str(BASIC), "definition": definition()})
    assert result["failed"] is True
    assert "mutually exclusive" in result["msg"]


def test_documents_are_counted_from_0_upwards(way: Way) -> None:
    result = way("manifests", {"src": str(BASIC), "document": -1})
    assert "has no document number -1" in result["msg"]

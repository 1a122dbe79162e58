"""applications, the same as a module and inside the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from .catalogue import ROOT, returned
from .ways import Way

BASIC = ROOT / "tests" / "golden" / "native-app-basic" / "cr.yaml"


def resource(name: str, *, namespace: str | None = None, **spec: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(BASIC.read_text())
    found["metadata"] = {"name": name, **({"namespace": namespace} if namespace else {})}
    found["spec"].update(spec)
    return found


def stored(file: Path, *resources: dict[str, Any]) -> str:
    file.write_text(yaml.safe_dump_all(resources))
    return str(file)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    orders = stored(
        tmp_path / "orders.yaml", resource("orders"), resource("late", namespace="shop")
    )
    return [orders, stored(tmp_path / "payments.yaml", resource("payments"))]


def test_each_document_of_each_file_is_found_in_order(way: Way, files: list[str]) -> None:
    found = way("applications", {"src": files, "namespace": "streams"})["applications"]
    assert [entry["host"] for entry in found] == ["orders.streams", "late.shop", "payments.streams"]
    assert [(entry["src"], entry["document"]) for entry in found] == [
        (files[0], 0),
        (files[0], 1),
        (files[1], 0),
    ]


def test_what_comes_back_is_what_is_documented(way: Way, files: list[str]) -> None:
    result = way("applications", {"src": files})
    documented = returned("applications")["applications"]["contains"]
    assert [set(entry) for entry in result["applications"]] == [set(documented)] * 3
    assert result["changed"] is False


def test_the_problems_of_all_files_are_told_at_once(way: Way, tmp_path: Path) -> None:
    first = stored(tmp_path / "a.yaml", resource("a", flinkVersion="v0_9"))
    second = stored(tmp_path / "b.yaml", resource("b", serviceAccount=7), resource("c"))
    result = way("applications", {"src": [first, second]})
    assert result["failed"] is True
    assert len(result["problems"]) == 2
    assert "spec.flinkVersion" in result["msg"]
    assert "spec.serviceAccount" in result["msg"]


def test_without_a_check_bad_resources_are_listed_too(way: Way, tmp_path: Path) -> None:
    bad = stored(tmp_path / "a.yaml", resource("a", flinkVersion="v0_9"))
    result = way("applications", {"src": [bad], "check": False})
    assert [entry["name"] for entry in result["applications"]] == ["a"]


def test_an_unknown_field_is_a_warning(way: Way, tmp_path: Path) -> None:
    strange = stored(tmp_path / "a.yaml", resource("a", paralelism=2))
    (entry,) = way("applications", {"src": [strange]})["applications"]
    assert "paralelism" in str(entry["warnings"])


def test_no_files_are_no_applications(way: Way) -> None:
    assert way("applications", {})["applications"] == []


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n---\n"])
def test_a_file_without_a_resource_is_refused(way: Way, tmp_path: Path, text: str) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text(text)
    result = way("applications", {"src": [str(file)]})
    assert "must hold custom resources" in result["msg"]


def test_a_missing_file_is_named(way: Way, tmp_path: Path) -> None:
    result = way("applications", {"src": [str(tmp_path / "absent.yaml")]})
    assert f"{tmp_path}/absent.yaml: can't be read" in result["msg"]


def test_an_unknown_argument_fails_by_the_modules_name(way: Way) -> None:
    result = way("applications", {"srcs": []})
    assert result["failed"] is True
    assert "flinkops.flink.applications" in result["msg"]
    assert "srcs" in result["msg"]

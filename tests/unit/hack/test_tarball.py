"""What a built collection may hold, and what it must."""

from __future__ import annotations

import tarfile

import pytest

from tarball import MOST_BYTES, MUST, belongs, complaints


def members(*names: str, size: int = 1) -> list[tarfile.TarInfo]:
    found = []
    for name in names:
        member = tarfile.TarInfo(name)
        member.size = size
        found.append(member)
    return found


@pytest.mark.parametrize(
    "name",
    ["galaxy_notes.txt", "shell/pyproject.toml", ".ruff_cache/x", "tests/unit/test_x.py",
     "plugins/module_utils/core/__pycache__/spec.pyc", "roles/x/files/target/a.jar"],
)  # fmt: skip
def test_what_does_not_belong_is_named(name: str) -> None:
    assert complaints(members(*MUST, name)) == [f"does not belong: {name}"]


@pytest.mark.parametrize("name", ["README.md", "plugins/modules/job_info.py", "roles/x/README.md"])
def test_content_belongs(name: str) -> None:
    assert belongs(name)


def test_what_is_missing_is_named() -> None:
    assert complaints(members(*MUST - {"LICENSE"})) == ["is missing: LICENSE"]


def test_a_tarball_that_is_too_big_is_said_to_be() -> None:
    assert len(complaints(members(*MUST, size=MOST_BYTES))) == 1

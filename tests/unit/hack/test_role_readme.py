"""A role's README is made from its argument specs; what is written by hand stays."""

from __future__ import annotations

from pathlib import Path

import pytest

import role_readme

SPECS = """
argument_specs:
  main:
    short_description: Do it
    options:
      job_name: {type: str, required: true, description: The name of O(x) | or so.}
      job_mode:
        default: native
        choices: [native, standalone]
        description: [How, it runs.]
      job_on: {type: bool, default: false, description: Whether.}
      job_tls:
        type: dict
        description: TLS.
        options:
          hosts: {type: list, elements: str, description: Names.}
"""


@pytest.fixture
def role(tmp_path: Path) -> Path:
    (tmp_path / "demo/meta").mkdir(parents=True)
    (tmp_path / "demo/meta/argument_specs.yml").write_text(SPECS)
    return tmp_path / "demo"


def test_every_option_has_a_line_also_within_dicts(role: Path) -> None:
    text = role_readme.readme(role)
    assert "| `job_name` | str | **required** | The name of `x` \\| or so. |" in text
    assert "| `job_mode` | str: `native`, `standalone` | `native` | How it runs. |" in text
    assert "| `job_on` | bool | `false` | Whether. |" in text
    assert "| `job_tls.hosts` | list of str |  | Names. |" in text


def test_what_stands_outside_the_markers_stays(role: Path) -> None:
    (role / "README.md").write_text(f"# Mine\n\n{role_readme.BEGIN}old{role_readme.END}\nAfter.\n")
    text = role_readme.readme(role)
    assert text.startswith("# Mine\n\n")
    assert text.endswith(f"{role_readme.END}\nAfter.\n")
    assert "old" not in text


def test_a_readme_without_markers_gets_them_at_its_end(role: Path) -> None:
    (role / "README.md").write_text("# Mine\n")
    assert role_readme.readme(role).startswith(f"# Mine\n\n{role_readme.BEGIN}")


def test_writing_twice_changes_nothing(role: Path) -> None:
    (role / "README.md").write_text(role_readme.readme(role))
    assert role_readme.readme(role) == (role / "README.md").read_text()

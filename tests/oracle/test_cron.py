# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Quartz itself is asked: what stands in tests/golden/quartz.json is what it answers.

Needs Java and Maven. To record more lines, add them to the file with empty answers, and copy what
this test shows.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ORACLE = Path(__file__).with_name("CronOracle.java")
GOLDEN = Path(__file__).parents[1] / "golden" / "quartz.json"
NEEDED = ("org.quartz-scheduler:quartz:{}", "org.slf4j:slf4j-api:2.0.16")
pytestmark = pytest.mark.flink


def jars(version: str, folder: Path) -> str:
    for artifact in NEEDED:
        command = ["mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"]
        options = [f"-Dartifact={artifact.format(version)}", f"-DoutputDirectory={folder}"]
        subprocess.run(  # noqa: S603 - a tool of this machine
            [*command, *options], check=True, timeout=300, cwd=folder
        )
    return ":".join(map(str, sorted(folder.glob("*.jar"))))


@pytest.mark.row("C-074")
@pytest.mark.parametrize("version", ["2.4.0", "2.5.2"])
def test_the_recorded_answers_are_those_of_quartz(version: str, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = json.loads(GOLDEN.read_text())
    asked = "".join(f"{row['after'] * 1000}\t{row['cron']}\n" for row in rows)
    command = ["java", "-cp", jars(version, tmp_path), str(ORACLE)]
    run = subprocess.run(  # noqa: S603 - our own program
        command,
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = run.stdout.splitlines()
    assert {r["cron"]: a for r, a in zip(rows, answers, strict=True)} == {
        row["cron"]: row[version] for row in rows
    }

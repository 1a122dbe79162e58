# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink itself is asked: it reads out of our configuration files what was meant.

Needs Java, and the jars of each Flink version where the image build keeps them.
"""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core import flinkconf
from ansible_collections.flinkops.flink.plugins.module_utils.core.computed import PROGRAM_ARGS
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import FlinkVersion
from ansible_collections.flinkops.flink.plugins.module_utils.core.structured import join_list
from e2e.flink_rest.flink_home import flink_home

ORACLE = Path(__file__).with_name("ConfigurationOracle.java")
pytestmark = pytest.mark.flink

VALUES = {
    "x.colon": "a: b",
    "x.quote": 'it\'s "q"',
    "x.star": "*",
    "x.list": "a;b;c",
    "x.map": "k1:v1,k2:v2",
    "x.percent": "%d",
    "x.at": "@x",
    "x.brace": "{a}",
    "x.number-like": "007",
    "x.octal-like": "0o17",
    "x.true-like": "yes",
    "x.null-like": "null",
    "x.backslash": r"a\nb",
    "x.uri": "s3://bucket/ha",
    "x.options": "-Dx=1 -Dy='a b' --add-opens=java.base/java.lang=ALL-UNNAMED",
    "x.money": "$internal",
    "x.tilde": "~",
    "x.question": "? a",
    "x.dash": "- a",
    "x.pipe": "|",
    "x.date": "2026-11-21",
    "x.umlaut": "Zürich ✓",
    "kubernetes.jobmanager.annotations": "a.b/c:d,'''x:y'':''1,2'''",
}
# Below 2.0 a value ends where a comment starts: the file's form, whoever writes it.
ONLY_FROM_2_ON = {"x.hash": "a #b", "x.lines": "a\nb\n", "x.empty": "", "x.blank": " "}
ARGUMENTS = ("--a", "x y", "--b=1;2", "it's", '"q"', "{{ z }}", "--c", "no: comment", "7", "true")


def loaded(folder: Path, jars: list[Path]) -> tuple[dict[str, str], list[str]]:
    command = ["java", "-cp", ":".join(map(str, jars)), str(ORACLE), str(folder)]
    run = subprocess.run(  # noqa: S603 - our own program
        command, capture_output=True, text=True, check=True, timeout=120
    )
    rows = [line.split(" ") for line in run.stdout.splitlines()]
    plain = [
        [kind, *(base64.b64decode(word[1:]).decode() for word in words)]
        for kind, *words in rows
        if kind in ("key", "argument")
    ]
    keys = {row[1]: row[2] for row in plain if row[0] == "key"}
    return keys, [row[1] for row in plain if row[0] == "argument"]


@pytest.mark.parametrize(
    ("version", "release", "more"),
    [(FlinkVersion.V1_20, "1.20", {}), (FlinkVersion.V2_3, "2.3", ONLY_FROM_2_ON)],
)
@pytest.mark.row("C-083")
def test_flink_reads_what_was_meant(
    version: FlinkVersion, release: str, more: dict[str, str], tmp_path: Path
) -> None:
    jars = sorted(flink_home(release).glob("lib/*.jar"))
    values = VALUES | more
    conf = {**values, PROGRAM_ARGS: join_list(ARGUMENTS)}
    text = flinkconf.text(conf, version=version, lists={PROGRAM_ARGS: ARGUMENTS})
    (tmp_path / flinkconf.name(version)).write_text(text)
    keys, arguments = loaded(tmp_path, jars)
    assert arguments == list(ARGUMENTS)
    assert {key: keys[key] for key in values} == values

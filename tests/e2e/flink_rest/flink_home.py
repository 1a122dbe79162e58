"""Where a version of Flink lies on this machine: fetched once from the registries, then cached.

PyPI's apache-flink-libraries holds Flink's lib/ as a source archive; Maven Central holds the
example job.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from typing import Any

import pytest

VERSIONS = {
    "1.19": "1.19.3",
    "1.20": "1.20.5",
    "2.3": "2.3.0",
}
# the example was published for these; the older one runs on 1.19 too, but not below
EXAMPLES = {"1": "1.20.0", "2": "2.3.0"}
JAR = "TopSpeedWindowing.jar"


def under_test() -> list[Any]:
    """What tests run on: FLINK_VERSIONS, else one; in the whole matrix the newest too."""
    named = os.environ.get("FLINK_VERSIONS", "")
    if named:
        return named.split(",")
    return ["1.20", pytest.param("2.3", marks=pytest.mark.matrix)]


def cache() -> Path:
    named = os.environ.get("FLINKOPS_CACHE", "")
    return Path(named) if named else Path.home() / ".cache" / "flinkops"


def flink_home(version: str) -> Path:
    """The folder that holds lib/."""
    full = VERSIONS[version]
    home = cache() / "flink" / full
    if not list(home.glob("lib/flink-dist-*.jar")):
        _unpack(_archive(full), home)
    return home


def example_jar(version: str) -> Path:
    full = EXAMPLES[version.partition(".")[0]]
    jar = cache() / "flink" / "examples" / f"TopSpeedWindowing-{full}.jar"
    if not jar.is_file():
        jar.parent.mkdir(parents=True, exist_ok=True)
        artifact = f"org.apache.flink:flink-examples-streaming:{full}:jar:TopSpeedWindowing"
        copy = ["mvn", "-q", "dependency:copy", f"-Dartifact={artifact}", "-Dmdep.useBaseVersion"]
        subprocess.run([*copy, f"-DoutputDirectory={jar.parent}"], check=True)
        (jar.parent / f"flink-examples-streaming-{full}-TopSpeedWindowing.jar").rename(jar)
    return jar


def _archive(full: str) -> Path:
    folder = cache() / "sdists"
    found = sorted(folder.glob(f"apache?flink?libraries-{full}.tar.gz"))
    return found[0] if found else _download(full, folder)


def _download(full: str, folder: Path) -> Path:
    """Pip asks the archive for its metadata, for which it needs setuptools and wheel beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    tools = folder / "pip"
    venv.create(tools, with_pip=True)
    pip = [str(tools / "bin" / "python"), "-m", "pip"]
    subprocess.run([*pip, "install", "-q", "setuptools<81", "wheel"], check=True)
    fetch = ["download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    subprocess.run([*pip, *fetch, "-d", str(folder), f"apache-flink-libraries=={full}"], check=True)
    return next(folder.glob(f"apache?flink?libraries-{full}.tar.gz"))


def _unpack(archive: Path, home: Path) -> None:
    """Only lib/; under a name of its own until it is whole."""
    home.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            folder, _, name = member.name.rpartition("/")
            if not (folder.endswith("/deps/lib") and member.isfile()):
                continue
            member.name = f"lib/{name}"
            tar.extract(member, home, filter="data")


if __name__ == "__main__":
    for named in sys.argv[1:]:
        print(flink_home(named), example_jar(named))

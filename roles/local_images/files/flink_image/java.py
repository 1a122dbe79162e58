"""The layer below: a Debian root with a Java runtime and the user flink."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from local_node.commands import run

from .versions import key_of
from .workshop import FLINK_ID, archive, workshop

SUITE = "bookworm"
PACKAGES = "openjdk-17-jre-headless,ca-certificates"
NOT_NEEDED = (
    "var/cache/apt", "var/lib/apt/lists", "var/log", "usr/share/doc", "usr/share/man",
    "usr/share/locale", "usr/share/info",
)  # fmt: skip


def java_key() -> str:
    return key_of(Path(__file__).read_bytes())


def java_file(cache: Path) -> Path:
    return cache / "images" / f"java-{java_key()}.tar"


def java_layer(cache: Path, say: Callable[[str], None]) -> Path:
    layer = java_file(cache)
    if layer.exists():
        return layer
    say("Java root: debootstrap (about a minute)")
    with workshop(cache) as root:
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, root)
        _add_flink_user(root)
        _add_java_home(root)
        for folder in NOT_NEEDED:
            shutil.rmtree(root / folder, ignore_errors=True)
        (root / "var" / "log").mkdir(parents=True)
        archive(root, layer)
    return layer


def _add_flink_user(root: Path) -> None:
    run("chroot", root, "groupadd", "--system", "--gid", FLINK_ID, "flink")
    run("chroot", root, "useradd", "--system", "--home-dir", "/opt/flink", "--uid", FLINK_ID,
        "--gid", FLINK_ID, "flink")  # fmt: skip


def _add_java_home(root: Path) -> None:
    """At a path that does not name the machine's architecture."""
    (java,) = (root / "usr" / "lib" / "jvm").glob("java-17-openjdk-*")
    (root / "opt" / "java").mkdir()
    (root / "opt" / "java" / "openjdk").symlink_to(Path("/") / java.relative_to(root))

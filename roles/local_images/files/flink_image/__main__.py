"""Called as: python -m flink_image COMMAND WANTED.

look     which images are missing, and which packages, as JSON
import   the missing images, made when they are not in the cache
WANTED   {"cache_dir": …, "state_dir": the cluster's, "versions": [tag …]}
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_node import packages
from local_node.commands import CommandFailed, run
from local_node.image_archive import Image, write_archive
from local_node.locks import only_one
from local_node.progress import forget_stale, told_in

from .flink import exact_name, flink_file, flink_layer, names
from .java import java_file, java_layer
from .versions import REPOSITORY, Release, UnknownRelease, chosen
from .workshop import forget_unfinished

USAGE = 2
TOOLS = (("debootstrap", "debootstrap"), ("mvn", "maven"))
CONFIG = {
    "Entrypoint": ["/docker-entrypoint.sh"],
    "Cmd": ["help"],
    "WorkingDir": "/opt/flink",
    "ExposedPorts": {"6123/tcp": {}, "8081/tcp": {}},
    "Env": [
        "FLINK_HOME=/opt/flink",
        "JAVA_HOME=/opt/java/openjdk",
        "LANG=C.UTF-8",
        "PATH=/opt/flink/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ],
}


def main(words: list[str]) -> int:
    match words:
        case ["look", text]:
            answer = look(json.loads(text))
        case ["import", text]:
            answer = bring(json.loads(text))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return USAGE
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def look(wanted: dict[str, Any]) -> dict[str, Any]:
    cache = Path(wanted["cache_dir"])
    forget_stale(_progress(cache))
    lacking = missing(_socket(wanted), chosen(wanted["versions"]))
    layers = [java_file(cache), *(flink_file(cache, release) for release in lacking)]
    cached = all(layer.exists() for layer in layers)
    return {
        "missing": [release.tag for release in lacking],
        "packages": [] if cached else packages.missing(TOOLS),
    }


def bring(wanted: dict[str, Any]) -> dict[str, Any]:
    cache = Path(wanted["cache_dir"])
    with only_one(cache / "images"), told_in(_progress(cache)) as say:
        lacking = missing(_socket(wanted), chosen(wanted["versions"]))
        if lacking:
            forget_unfinished(cache)
            import_images(cache, _socket(wanted), lacking, say)
    return {"imported": [release.tag for release in lacking]}


def _progress(cache: Path) -> Path:
    return cache / "progress" / "images"


def _socket(wanted: dict[str, Any]) -> Path:
    socket = Path(wanted["state_dir"], "run", "containerd.sock")
    if not socket.exists():
        raise CommandFailed(
            f"{socket}: the local cluster does not run; start it with playbooks/local_cluster.yml"
        )
    return socket


def ctr(socket: Path, *words: str) -> list[str]:
    return ["ctr", "--address", str(socket), "--namespace", "k8s.io", "images", *words]


def missing(socket: Path, releases: tuple[Release, ...]) -> tuple[Release, ...]:
    there = set(run(*ctr(socket, "list", "--quiet")).split())
    return tuple(release for release in releases if not there.issuperset(names(release)))


def import_images(
    cache: Path, socket: Path, releases: tuple[Release, ...], say: Callable[[str], None]
) -> None:
    java = java_layer(cache, say)
    images = [
        Image(names=names(release), layers=(java, flink_layer(cache, release, say)), config=CONFIG)
        for release in releases
    ]
    say(f"importing {', '.join(release.tag for release in releases)} into the cluster")
    _import(socket, images)
    _forget_older(socket, releases)


def _import(socket: Path, images: list[Image]) -> None:
    """Straight from the layers in the cache: the archive is never a file."""
    with subprocess.Popen(  # noqa: S603
        ctr(socket, "import", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as importing:
        if importing.stdin is None or importing.stdout is None:
            raise CommandFailed("ctr: no pipe")
        try:
            with importing.stdin:
                write_archive(images, importing.stdin)
        except BrokenPipeError:
            pass  # what it said tells more
        said = importing.stdout.read().decode()
    if importing.returncode:
        raise CommandFailed(f"ctr images import: {said.strip()}")


def _forget_older(socket: Path, releases: tuple[Release, ...]) -> None:
    there = run(*ctr(socket, "list", "--quiet")).split()
    for release in releases:
        older = [
            name
            for name in there
            if name.startswith(f"{REPOSITORY}:{release.libraries}-") and name != exact_name(release)
        ]
        if older:
            run(*ctr(socket, "remove", *older))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (CommandFailed, UnknownRelease) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)

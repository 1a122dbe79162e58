"""python -m flink_image missing|import JSON: {"cache_dir":, "state_dir":, "versions": [tag …]}."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from local_node.commands import CommandFailed, run
from local_node.image_archive import Image, write_archive
from local_node.progress import say

from .layers import base_layer, flink_layer
from .versions import REPOSITORY, Release, UnknownRelease, chosen, exact_name, names

JAVA_HOME = "/opt/java/openjdk"
USAGE = 2


def main(words: list[str]) -> int:
    if len(words) != 2 or words[0] not in {"missing", "import"}:  # noqa: PLR2004
        print(__doc__, file=sys.stderr)  # noqa: T201
        return USAGE
    wanted = json.loads(words[1])
    socket = Path(wanted["state_dir"], "run", "containerd.sock")
    releases = missing(socket, chosen(wanted["versions"]))
    if words[0] == "import" and releases:
        import_images(Path(wanted["cache_dir"]), socket, releases)
    print(json.dumps({"missing": [release.tag for release in releases]}))  # noqa: T201
    return 0


def ctr(socket: Path, *words: str) -> list[str]:
    return ["ctr", "--address", str(socket), "--namespace", "k8s.io", "images", *words]


def missing(socket: Path, releases: tuple[Release, ...]) -> tuple[Release, ...]:
    there = set(run(*ctr(socket, "list", "--quiet")).split())
    return tuple(release for release in releases if exact_name(release) not in there)


def import_images(cache: Path, socket: Path, releases: tuple[Release, ...]) -> None:
    base = base_layer(cache, say)
    images = [
        Image(
            names=names(release), layers=(base, flink_layer(cache, release, say)), config=_config()
        )
        for release in releases
    ]
    say(f"importing {', '.join(release.tag for release in releases)} into the cluster")
    with subprocess.Popen(  # noqa: S603
        ctr(socket, "import", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as importing:
        if importing.stdin is None or importing.stdout is None:
            raise CommandFailed("ctr: no pipe")
        with importing.stdin:
            write_archive(images, importing.stdin)
        said = importing.stdout.read().decode()
    if importing.returncode:
        raise CommandFailed(f"ctr images import: {said.strip()}")
    _forget_older(socket, releases)


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


def _config() -> dict[str, Any]:
    return {
        "Entrypoint": ["/docker-entrypoint.sh"],
        "Cmd": ["help"],
        "WorkingDir": "/opt/flink",
        "ExposedPorts": {"6123/tcp": {}, "8081/tcp": {}},
        "Env": [
            "FLINK_HOME=/opt/flink",
            f"JAVA_HOME={JAVA_HOME}",
            "LANG=C.UTF-8",
            "PATH=/opt/flink/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ],
    }


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (CommandFailed, UnknownRelease) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)

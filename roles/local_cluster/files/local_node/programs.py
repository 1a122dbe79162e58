"""The programs, built once: kept under a name that is the hash of what they were built from."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

from .commands import CommandFailed, run
from .configs import PAUSE_IMAGE
from .image_archive import Image, write_archive

SOURCES = Path(__file__).parent.parent / "programs"
BUILT = ("kubernetes", "coredns", "pause")
GO_SETTINGS = ("CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
GO_FLAGS = ("-trimpath", "-buildvcs=false", "-mod=readonly")
SAY_EVERY = 10.0
KEPT = 2


def key() -> str:
    digest = hashlib.sha256()
    for source in sorted(SOURCES.rglob("*")):
        if source.is_file():
            digest.update(f"{source.relative_to(SOURCES)}\n".encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def folder(cache: Path) -> Path:
    return cache / "programs" / key()


def is_built(cache: Path) -> bool:
    return (folder(cache) / "pause.tar").exists()


def build(cache: Path, go: str, say: Callable[[str], None]) -> bool:
    """True when something had to be built. What is half-built never gets the final name."""
    if is_built(cache):
        return False
    final = folder(cache)
    for left in final.parent.glob(f"{final.name}.*/"):  # of a run that was killed
        shutil.rmtree(left)
    part = final.with_suffix(f".{os.getpid()}")
    part.mkdir(parents=True)
    try:
        for name in BUILT:
            _build_one(name, part, go, say)
        _write_pause_image(part)
        shutil.rmtree(final, ignore_errors=True)
        part.rename(final)
        _forget_older(final.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True


def _forget_older(kept: Path) -> None:
    """The newest two stay, one of them for another checkout. A running cluster's are open."""
    builds = sorted((one for one in kept.iterdir() if one.is_dir()), key=_made)
    for old in builds[:-KEPT]:
        shutil.rmtree(old)


def _made(build: Path) -> float:
    return build.stat().st_mtime


def _build_one(name: str, target: Path, go: str, say: Callable[[str], None]) -> None:
    say(f"{name}: fetching modules")
    command = ["env", *GO_SETTINGS, go, "build", "-v", *GO_FLAGS]
    command += ["-ldflags", _link_flags(), "-o", str(target / name), f"./{name}"]
    log = target / f"{name}.log"
    with log.open("w") as said:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=SOURCES, stdout=said, stderr=said
        )
        list_all = ("list", "-deps", f"./{name}")
        total = len(run("env", *GO_SETTINGS, go, "-C", SOURCES, *list_all).splitlines())
        while process.poll() is None:
            say(f"{name}: {_compiled(log)} of at most {total} packages compiled")
            _wait(process)
    if process.returncode:
        raise CommandFailed(f"go build ./{name}: {''.join(log.read_text()[-2000:])}")
    say(f"{name}: built")


def _wait(process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SAY_EVERY
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.2)


def _compiled(log: Path) -> int:
    return sum(1 for line in log.read_text().splitlines() if not line.startswith("go: "))


def _link_flags() -> str:
    """The version that the programs tell: that of the module, as go.mod has it."""
    lines = (SOURCES / "go.mod").read_text().splitlines()
    version = next(line.split()[1] for line in lines if line.startswith("\tk8s.io/kubernetes "))
    major, minor = version.removeprefix("v").split(".")[:2]
    facts = {
        "gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean",
    }  # fmt: skip
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    stamps = [f"-X {package}.{name}={value}" for package in packages
              for name, value in facts.items()]  # fmt: skip
    return " ".join(["-s", "-w", *stamps])


def _write_pause_image(target: Path) -> None:
    """The sandbox image: one static program."""
    layer = target / "pause-layer.tar"
    with tarfile.open(layer, mode="w") as archive:
        archive.add(target / "pause", arcname="pause")
    config = {"Entrypoint": ["/pause"], "User": "65535:65535"}
    image = Image(names=(PAUSE_IMAGE,), layers=(layer,), config=config)
    with (target / "pause.tar").open("wb") as file:
        write_archive([image], file)

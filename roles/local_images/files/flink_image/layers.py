"""The two layers of an image, kept in the cache: a Debian root with Java, and Flink in /opt."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from local_node.commands import run

from .versions import FILES, Release, base_key, release_key

SUITE = "bookworm"
PACKAGES = "openjdk-17-jre-headless,ca-certificates"
FLINK_ID = "9999"
NOT_NEEDED = (
    "var/cache/apt", "var/lib/apt/lists", "var/log", "usr/share/doc", "usr/share/man",
    "usr/share/locale", "usr/share/info",
)  # fmt: skip
NOT_ARCHIVED = ("./proc/*", "./sys/*", "./dev/*", "./run/*", "./tmp/*")


def is_cached(cache: Path, release: Release) -> bool:
    return _base_file(cache).exists() and _flink_file(cache, release).exists()


def _base_file(cache: Path) -> Path:
    return cache / "images" / f"java-{base_key()}.tar"


def _flink_file(cache: Path, release: Release) -> Path:
    return cache / "images" / f"flink-{release.libraries}-{release_key(release)}.tar"


def base_layer(cache: Path, say: Callable[[str], None]) -> Path:
    layer = _base_file(cache)
    if layer.exists():
        return layer
    say("Java root: debootstrap (about a minute)")
    with _workshop(cache) as root:
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, root)
        _add_flink_user(root)
        _add_java_home(root)
        for folder in NOT_NEEDED:
            shutil.rmtree(root / folder, ignore_errors=True)
        (root / "var" / "log").mkdir(parents=True)
        _archive(root, layer)
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


def flink_layer(cache: Path, release: Release, say: Callable[[str], None]) -> Path:
    layer = _flink_file(cache, release)
    if layer.exists():
        return layer
    with _workshop(cache) as root:
        home = root / "opt" / "flink"
        home.mkdir(parents=True)
        say(f"Flink {release.libraries}: fetching its jars")
        _unpack_jars(_libraries(cache, release), home)
        say(f"Flink {release.libraries}: its example, its scripts")
        _add_example(cache, release, home)
        _add_scripts(root, home)
        for folder in ("log", "usrlib", "artifacts"):
            (home / folder).mkdir()
        run("chown", "--recursive", f"{FLINK_ID}:{FLINK_ID}", home)
        _archive(root, layer)
    return layer


def _libraries(cache: Path, release: Release) -> Path:
    """The source archive as it is: a wheel of it would hold the same jars at twice the time."""
    downloads = cache / "sdists"
    archive = downloads / f"apache_flink_libraries-{release.libraries}.tar.gz"
    if not archive.exists():
        with _workshop(cache) as fresh:
            run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary",
                ":all:", "--dest", fresh, f"apache-flink-libraries=={release.libraries}")  # fmt: skip
            downloads.mkdir(exist_ok=True)
            (fresh / archive.name).rename(archive)
    return archive


def _unpack_jars(archive: Path, home: Path) -> None:
    inside = f"{archive.name.removesuffix('.tar.gz')}/deps/"
    with tarfile.open(archive) as content:
        for entry in content:
            if entry.name.startswith(inside) and entry.isfile():
                entry.name = entry.name.removeprefix(inside)
                content.extract(entry, home, filter="data")


def _add_example(cache: Path, release: Release, home: Path) -> None:
    folder = home / "examples" / "streaming"
    folder.mkdir(parents=True)
    artifact = f"flink-examples-streaming:{release.example}:jar:TopSpeedWindowing"
    run("mvn", "--quiet", "--batch-mode", "dependency:copy",
        f"-Dartifact=org.apache.flink:{artifact}", f"-DoutputDirectory={folder}")  # fmt: skip
    (jar,) = folder.iterdir()
    jar.rename(folder / "TopSpeedWindowing.jar")


def _add_scripts(root: Path, home: Path) -> None:
    shutil.copy(FILES / "docker-entrypoint.sh", root)
    for folder in ("bin", "conf"):
        shutil.copytree(FILES / folder, home / folder, dirs_exist_ok=True)
    for script in (root / "docker-entrypoint.sh", *(home / "bin").iterdir()):
        script.chmod(0o755)


def _workshop(cache: Path) -> TemporaryDirectoryPath:
    parent = cache / "images"
    parent.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectoryPath(prefix="part-", dir=parent)


class TemporaryDirectoryPath(TemporaryDirectory[str]):
    """A folder beside the result, gone after use; readable for all, as a root folder must be."""

    def __enter__(self) -> Path:  # type: ignore[override]
        path = Path(super().__enter__())
        path.chmod(0o755)
        return path


def _archive(root: Path, layer: Path) -> None:
    part = layer.with_suffix(f".{os.getpid()}")
    without = [f"--exclude={pattern}" for pattern in NOT_ARCHIVED]
    run("tar", "--create", "--numeric-owner", "--sort=name", "--directory", root, *without,
        "--file", part, ".")  # fmt: skip
    part.rename(layer)

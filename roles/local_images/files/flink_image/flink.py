"""The layer above, in /opt/flink: Flink's jars from PyPI, an example, scripts, class data."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from socket import gethostname

from local_node.commands import run

from .java import java_key, java_layer
from .versions import FILES, REPOSITORY, Release, key_of
from .workshop import FLINK_ID, archive, workshop

CLASS_DATA = "class-data.jsa"
CLASS_DATA_SCRIPT = "class-data.sh"
DEVICES = {"null": 3, "random": 8, "urandom": 9}
ENVIRONMENT = (
    "FLINK_HOME=/opt/flink",
    "LANG=C.UTF-8",
    "PATH=/opt/java/openjdk/bin:/usr/bin:/bin",
)


def flink_key(release: Release) -> str:
    files = [path for path in sorted(FILES.rglob("*")) if path.is_file()]
    scripts = [f"{path.relative_to(FILES)}\n".encode() + path.read_bytes() for path in files]
    own = Path(__file__).read_bytes()
    return key_of(java_key().encode(), repr(release).encode(), own, *scripts)


def flink_file(cache: Path, release: Release) -> Path:
    return cache / "images" / f"flink-{release.libraries}-{flink_key(release)}.tar"


def exact_name(release: Release) -> str:
    """Names what the image was made from, so that its being there says enough."""
    return f"{REPOSITORY}:{release.libraries}-{flink_key(release)}"


def names(release: Release) -> tuple[str, ...]:
    plain = tuple(f"{REPOSITORY}:{tag}" for tag in (release.tag, *release.aliases))
    return (*plain, exact_name(release))


def flink_layer(cache: Path, release: Release, say: Callable[[str], None]) -> Path:
    layer = flink_file(cache, release)
    if layer.exists():
        return layer
    with workshop(cache) as root:
        home = root / "opt" / "flink"
        home.mkdir(parents=True)
        say(f"Flink {release.libraries}: fetching its jars")
        _unpack_jars(_libraries(cache, release), home)
        say(f"Flink {release.libraries}: its example, its scripts")
        _add_example(release, home)
        _add_scripts(root, home)
        for folder in ("log", "usrlib", "artifacts"):
            (home / folder).mkdir()
        say(f"Flink {release.libraries}: its class data (about a minute)")
        _add_class_data(java_layer(cache, say), home, cache)
        run("chown", "--recursive", f"{FLINK_ID}:{FLINK_ID}", home)
        archive(root, layer)
    return layer


def _libraries(cache: Path, release: Release) -> Path:
    """The source archive as it is: a wheel of it would hold the same jars at twice the time."""
    downloads = cache / "sdists"
    source = downloads / f"apache_flink_libraries-{release.libraries}.tar.gz"
    wanted = f"apache-flink-libraries=={release.libraries}"
    if not source.exists():
        with workshop(cache) as fresh:
            run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary",
                ":all:", "--dest", fresh, wanted)  # fmt: skip
            downloads.mkdir(exist_ok=True)
            (fresh / source.name).rename(source)
    return source


def _unpack_jars(source: Path, home: Path) -> None:
    inside = f"{source.name.removesuffix('.tar.gz')}/deps/"
    with tarfile.open(source) as content:
        for entry in content:
            if entry.name.startswith(inside) and entry.isfile():
                entry.name = entry.name.removeprefix(inside)
                content.extract(entry, home, filter="data")


def _add_example(release: Release, home: Path) -> None:
    folder = home / "examples" / "streaming"
    folder.mkdir(parents=True)
    artifact = f"flink-examples-streaming:{release.example}:jar:TopSpeedWindowing"
    run("mvn", "--quiet", "--batch-mode", "dependency:copy",
        f"-Dartifact=org.apache.flink:{artifact}", f"-DoutputDirectory={folder}")  # fmt: skip
    (jar,) = folder.iterdir()
    jar.rename(folder / "TopSpeedWindowing.jar")


def _add_class_data(java: Path, home: Path, cache: Path) -> None:
    """Made by the JVM of the image, in a root of its own: it is good for that JVM alone."""
    with workshop(cache) as root:
        run("tar", "--extract", "--directory", root, "--file", java)
        run("cp", "--archive", home, root / "opt")
        _add_devices(root)
        (root / "etc" / "hosts").write_text(f"127.0.0.1 localhost {gethostname()}\n")
        run("mount", "--bind", "/proc", root / "proc")
        try:
            run("chroot", root, "/usr/bin/env", *ENVIRONMENT, f"/opt/flink/bin/{CLASS_DATA_SCRIPT}")
        finally:
            run("umount", root / "proc")
        shutil.copy(root / "opt" / "flink" / CLASS_DATA, home)


def _add_devices(root: Path) -> None:
    for name, minor in DEVICES.items():
        if not (root / "dev" / name).exists():
            os.mknod(root / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(1, minor))
    if not (root / "dev" / "fd").is_symlink():
        (root / "dev" / "fd").symlink_to("/proc/self/fd")


def _add_scripts(root: Path, home: Path) -> None:
    shutil.copy(FILES / "docker-entrypoint.sh", root)
    for folder in ("bin", "conf"):
        shutil.copytree(FILES / folder, home / folder, dirs_exist_ok=True)
    for script in (root / "docker-entrypoint.sh", *(home / "bin").iterdir()):
        script.chmod(0o755)

"""The layer above: Flink's jars from PyPI, an example, and the project's scripts, in /opt/flink."""

from __future__ import annotations

import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

from local_node.commands import run

from .java import java_key
from .versions import FILES, REPOSITORY, Release, key_of
from .workshop import FLINK_ID, archive, workshop


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


def _add_scripts(root: Path, home: Path) -> None:
    shutil.copy(FILES / "docker-entrypoint.sh", root)
    for folder in ("bin", "conf"):
        shutil.copytree(FILES / folder, home / folder, dirs_exist_ok=True)
    for script in (root / "docker-entrypoint.sh", *(home / "bin").iterdir()):
        script.chmod(0o755)

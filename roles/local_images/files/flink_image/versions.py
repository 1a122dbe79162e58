"""Which Flink releases can be asked for, and what each image is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = "docker.io/local/flink"
FILES = Path(__file__).parent.parent / "flink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A line of Flink: its jars come from PyPI, its example from Maven Central."""

    tag: str
    libraries: str
    example: str
    aliases: tuple[str, ...] = ()


RELEASES = (
    Release(tag="1.20", libraries="1.20.5", example="1.20.0"),
    Release(tag="2.3", libraries="2.3.0", example="2.3.0", aliases=("2.x",)),
)


class UnknownRelease(Exception):
    """An image was asked for that cannot be made."""


def chosen(tags: list[str]) -> tuple[Release, ...]:
    """The releases of these tags or aliases, each once, in the table's order."""
    known = {name: release for release in RELEASES for name in (release.tag, *release.aliases)}
    if unknown := [tag for tag in tags if tag not in known]:
        raise UnknownRelease(
            f"local_images_versions: {', '.join(unknown)}: not among {', '.join(known)}"
        )
    wanted = {known[tag].tag for tag in tags}
    return tuple(release for release in RELEASES if release.tag in wanted)


def base_key() -> str:
    return _hash((Path(__file__).parent / "layers.py").read_bytes())


def release_key(release: Release) -> str:
    scripts = [
        f"{path.relative_to(FILES)}\n".encode() + path.read_bytes()
        for path in sorted(FILES.rglob("*"))
        if path.is_file()
    ]
    return _hash(base_key().encode(), repr(release).encode(), *scripts)


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:12]


def exact_name(release: Release) -> str:
    """Names what the image was made from, so that its being there says enough."""
    return f"{REPOSITORY}:{release.libraries}-{release_key(release)}"


def names(release: Release) -> tuple[str, ...]:
    plain = tuple(f"{REPOSITORY}:{tag}" for tag in (release.tag, *release.aliases))
    return (*plain, exact_name(release))

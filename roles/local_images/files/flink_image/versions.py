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


def key_of(*parts: bytes) -> str:
    """A short name of what something is made from."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:12]

"""Image archives that any container runtime imports: layers, a configuration, names."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    names: tuple[str, ...]
    layers: tuple[Path, ...]
    config: dict[str, Any]


def write_archive(images: Iterable[Image], target: IO[bytes]) -> None:
    """A layer that several images share is written once, and nothing is held in memory."""
    with tarfile.open(fileobj=target, mode="w|") as archive:
        manifest, written = [], set()
        for image in images:
            digests = [_digest_of(layer) for layer in image.layers]
            for layer, digest in zip(image.layers, digests, strict=True):
                if digest not in written:
                    archive.add(layer, arcname=f"{digest}.tar")
                    written.add(digest)
            config = _config(image, digests)
            name = f"{hashlib.sha256(config).hexdigest()}.json"
            _add(archive, name, config)
            layers = [f"{digest}.tar" for digest in digests]
            manifest.append({"Config": name, "RepoTags": list(image.names), "Layers": layers})
        _add(archive, "manifest.json", json.dumps(manifest).encode())


def _config(image: Image, digests: list[str]) -> bytes:
    machine = platform.machine()
    content = {
        "architecture": ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
    }
    return json.dumps(content, sort_keys=True).encode()


def _digest_of(layer: Path) -> str:
    """Kept beside a layer, for layers are big and never change."""
    kept = layer.with_suffix(".sha256")
    if not kept.exists():
        with layer.open("rb") as content:
            kept.write_text(hashlib.file_digest(content, "sha256").hexdigest())
    return kept.read_text()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))

"""Where a layer is made: a folder beside the result, and the archive that it ends in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local_node.commands import run

NOT_ARCHIVED = ("./proc/*", "./sys/*", "./dev/*", "./run/*", "./tmp/*")
FLINK_ID = "9999"


@contextmanager
def workshop(cache: Path) -> Iterator[Path]:
    """Gone after use; readable for all, as a root folder must be."""
    parent = cache / "images"
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="part-", dir=parent) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def archive(root: Path, layer: Path) -> None:
    """What is half-written never has the final name."""
    part = layer.with_suffix(f".{os.getpid()}")
    without = [f"--exclude={pattern}" for pattern in NOT_ARCHIVED]
    run("tar", "--create", "--numeric-owner", "--sort=name", "--directory", root, *without,
        "--file", part, ".")  # fmt: skip
    part.rename(layer)

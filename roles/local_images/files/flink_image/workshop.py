"""Where a layer is made: a folder beside the result, and the archive that it ends in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local_node.commands import run

NOT_ARCHIVED = ("./proc/*", "./sys/*", "./dev/*", "./run/*", "./tmp/*")
FLINK_ID = "9999"
UNFINISHED = "part-"
KEPT = 2


@contextmanager
def workshop(cache: Path) -> Iterator[Path]:
    """Gone after use; readable for all, as a root folder must be."""
    parent = cache / "images"
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=parent) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def archive(root: Path, layer: Path) -> None:
    """What is half-written never has the final name."""
    part = layer.with_name(f"{layer.name}.{os.getpid()}")
    without = [f"--exclude={pattern}" for pattern in NOT_ARCHIVED]
    run("tar", "--create", "--numeric-owner", "--sort=name", "--directory", root, *without,
        "--file", part, ".")  # fmt: skip
    part.rename(layer)
    _forget_older(layer)


def _forget_older(layer: Path) -> None:
    """Layers are big: of each kind the newest two stay, one of them for another checkout."""
    kind = layer.name.rpartition("-")[0]
    kept = sorted(layer.parent.glob(f"{kind}-*.tar"), key=lambda one: one.stat().st_mtime)
    for old in kept[:-KEPT]:
        old.with_suffix(".sha256").unlink(missing_ok=True)
        old.unlink()


def forget_unfinished(cache: Path) -> None:
    """What runs left behind that were killed; only the holder of the lock may."""
    for left in (cache / "images").glob(f"{UNFINISHED}*/"):
        run("umount", left / "proc", allow_failure=True)  # debootstrap may have been at work
        run("umount", left / "sys", allow_failure=True)
        shutil.rmtree(left)

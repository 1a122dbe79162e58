"""Look at a built collection: it holds what it must, and nothing that does not belong."""

from __future__ import annotations

import sys
import tarfile
from pathlib import PurePosixPath

TOP_FILES = {
    "CHANGELOG.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "bindep.txt",
    "requirements.txt",
}  # fmt: skip
TOP_FOLDERS = {
    "LICENSES", "changelogs", "config", "meta", "playbooks", "plugins", "roles", "tests",
}  # fmt: skip
NEVER = {"__pycache__", ".git", ".tree", ".venv", ".hypothesis", ".ruff_cache", "unit", "target"}
MUST = {"MANIFEST.json", "README.md", "LICENSE", "CHANGELOG.md", "meta/runtime.yml"}
MOST_BYTES = 2_000_000


def belongs(name: str) -> bool:
    parts = PurePosixPath(name).parts
    top = TOP_FILES if len(parts) == 1 else TOP_FOLDERS
    return parts[0] in top | TOP_FOLDERS and not NEVER & set(parts)


def complaints(members: list[tarfile.TarInfo]) -> list[str]:
    names = {m.name for m in members if m.isfile()}
    size = sum(m.size for m in members)
    found = [f"does not belong: {n}" for n in sorted(names) if not belongs(n)]
    found += [f"is missing: {n}" for n in sorted(MUST - names)]
    if size > MOST_BYTES:
        found.append(f"is {size} bytes unpacked, more than {MOST_BYTES}")
    return found


def main(path: str) -> int:
    with tarfile.open(path) as tar:
        members = tar.getmembers()
    found = complaints(members)
    for line in found:
        print(f"{path}: {line}", file=sys.stderr)
    print(f"{path}: {sum(m.isfile() for m in members)} files, {sum(m.size for m in members)} bytes")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

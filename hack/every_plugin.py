"""Every plugin, module and role in the tree is shown by ansible-doc."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FOLDERS = {
    "modules": "module",
    "inventory": "inventory",
    "callback": "callback",
    "lookup": "lookup",
    "filter": "filter",
}
COLLECTION = "flinkops.flink"


def in_tree(folder: str) -> set[str]:
    files = Path("plugins", folder).glob("*.py")
    return {f"{COLLECTION}.{f.stem}" for f in files if f.stem != "__init__"}


def documented(kind: str, names: set[str]) -> set[str]:
    command = ["ansible-doc", "-t", kind, "--json", *sorted(names)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name for name, doc in json.loads(answer).items() if doc}


def main() -> int:
    wanted = {kind: in_tree(folder) for folder, kind in FOLDERS.items()}
    wanted["role"] = {f"{COLLECTION}.{d.name}" for d in Path("roles").glob("*/") if d.is_dir()}
    missing = []
    for kind, names in wanted.items():
        shown = documented(kind, names) if names else set()
        print(f"ansible-doc -t {kind}: {len(shown)} of {len(names)}")
        missing += [f"{kind} {name}" for name in sorted(names - shown)]
    for name in missing:
        print(f"not shown by ansible-doc: {name}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

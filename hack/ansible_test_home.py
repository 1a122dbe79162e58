"""Make a HOME for ansible-test in which its pip works wherever ours does.

ansible-test fetches a get-pip script from a host of its own and hands pip none of the
caller's settings. So that home gets a stand-in for the script, around a pip wheel that
pip itself downloaded, and a pip.conf with the settings of this environment.
"""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

PIP = "24.2"  # what ansible-test of ansible-core 2.19 asks for

STAND_IN = """\
import sys
sys.path.insert(0, {wheel!r})
from pip._internal.cli.main import main
dropped = {{"--no-setuptools", "--no-wheel"}}
sys.exit(main(["install"] + [a for a in sys.argv[1:] if a not in dropped]))
"""


def pip_settings() -> configparser.RawConfigParser:
    settings = configparser.RawConfigParser()
    settings.read([Path.home() / ".pip/pip.conf", Path.home() / ".config/pip/pip.conf"])
    if not settings.has_section("global"):
        settings.add_section("global")
    for name, value in os.environ.items():
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE":
            settings.set("global", name[4:].lower().replace("_", "-"), value)
    return settings


def wheel(folder: Path) -> Path:
    name = folder / f"pip-{PIP}-py3-none-any.whl"
    if not name.exists():
        get = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*get, "--dest", str(folder), f"pip=={PIP}"], check=True)
    return name


def make(home: Path) -> None:
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    stand_in = STAND_IN.format(wheel=str(wheel(cache)))
    (cache / f"get_pip_{PIP.replace('.', '_')}.py").write_text(stand_in)
    conf = home / ".config/pip/pip.conf"
    conf.parent.mkdir(parents=True, exist_ok=True)
    with conf.open("w") as out:
        pip_settings().write(out)


if __name__ == "__main__":
    make(Path(sys.argv[1]))

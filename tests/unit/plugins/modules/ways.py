"""A task on both ways it can go: as a module of its own, and inside Ansible's worker."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.dataloader import DataLoader

PLUGINS = "ansible_collections.flinkops.flink.plugins"
Result = dict[str, Any]
Way = Callable[..., Result]


def as_module(name: str, args: Result, *, check: bool = False, diff: bool = False) -> Result:
    module = importlib.import_module(f"{PLUGINS}.modules.{name}")
    ansible = {
        "_ansible_module_name": f"flinkops.flink.{name}",
        "_ansible_check_mode": check,
        "_ansible_diff": diff,
    }
    said = io.StringIO()
    with patch_module_args({**args, **ansible}), redirect_stdout(said), pytest.raises(SystemExit):
        module.main()
    result: Result = json.loads(said.getvalue())
    return {key: value for key, value in result.items() if key != "invocation"}


def in_worker(name: str, args: Result, *, check: bool = False, diff: bool = False) -> Result:
    try:
        return dict(action(name, args, check=check, diff=diff).run(task_vars={}))
    except AnsibleActionFail as failed:
        return {"failed": True, "msg": str(failed)}


def action(
    name: str, args: Result, *, transport: str = "local", check: bool = False, diff: bool = False
) -> Any:
    plugin = importlib.import_module(f"{PLUGINS}.action.{name}")
    task = SimpleNamespace(
        action=f"flinkops.flink.{name}",
        args=args,
        async_val=0,
        check_mode=check,
        diff=diff,
        environment=[],
    )
    shell = SimpleNamespace(tmpdir="unused")
    connection = SimpleNamespace(transport=transport, become=None, _shell=shell)
    return plugin.ActionModule(task, connection, SimpleNamespace(), DataLoader(), None)


WAYS = {"as a module": as_module, "in the worker": in_worker}

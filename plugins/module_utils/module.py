# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What every module shares: parse the options, run the verb, exit once. Only this knows Ansible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .core.errors import FlinkOpsError, InvalidResource
from .flink.errors import FlinkError
from .verbs.options import Params, Result, Spec

Verb = Callable[[Params, bool], Result]


def failure(error: FlinkOpsError | FlinkError) -> dict[str, Any]:
    """What a failed task says: one message, the stable reason, and every problem by itself."""
    said: dict[str, Any] = {"msg": str(error), "reason": error.reason}
    if isinstance(error, InvalidResource):
        said["problems"] = [str(problem) for problem in error.problems]
    return said


def run(spec: Spec, verb: Verb, **rules: Any) -> None:
    """The whole life of a module."""
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True, **rules)
    try:
        result: Mapping[str, Any] = verb(module.params, module.check_mode)
    except (FlinkOpsError, FlinkError) as error:
        module.fail_json(**failure(error))
    for warning in result.get("warnings", ()):
        module.warn(warning)
    module.exit_json(**_shown(result, with_diff=module._diff))  # noqa: SLF001


def _shown(result: Mapping[str, Any], *, with_diff: bool) -> dict[str, Any]:
    hidden = {"warnings"} if with_diff else {"warnings", "diff"}
    return {name: value for name, value in result.items() if name not in hidden}

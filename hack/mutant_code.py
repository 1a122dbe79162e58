"""Small mistakes in functions: a comparison, an `and`, a `not`, a constant, a condition.

A mutant is put into the functions that exist already, by their code alone, so that nothing has
to be imported anew.
"""

from __future__ import annotations

import ast
import gc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import TypeVar

T = TypeVar("T")

OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
Edit = tuple[ast.AST, str, object]
"""A node, its field, and the value that is put there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One mistake in one module: in words, and the module's code with it."""

    words: str
    line: int
    module: ModuleType
    code: Callable[[], CodeType]


def slips(module: ModuleType, source: str) -> Iterator[Slip]:
    """Every mistake that is known, one at a time, in the bodies of functions and lambdas."""
    tree = ast.parse(source)
    told: Counter[str] = Counter()
    for where, node in _within_functions(tree):
        for edit in _edits(node):
            words = f"{where}: {_shown(node)} becomes {_with(edit, partial(_shown, node))}"
            told[words] += 1
            yield Slip(
                words=f"{words} ({told[words]})" if told[words] > 1 else words,
                line=getattr(node, "lineno", 0),
                module=module,
                code=_compiled(tree, edit, module),
            )


def _shown(node: ast.AST) -> str:
    """In one line; of a statement its condition alone."""
    shown = node.test if isinstance(node, ast.If | ast.IfExp) else node
    return " ".join(ast.unparse(shown).split())


def _compiled(tree: ast.Module, edit: Edit, module: ModuleType) -> Callable[[], CodeType]:
    return lambda: _with(edit, lambda: compiled(tree, module))


def compiled(tree: ast.Module | str, module: ModuleType) -> CodeType:
    code: CodeType = compile(tree, str(module.__file__), "exec", dont_inherit=True)
    return code


def _with(edit: Edit, ask: Callable[[], T]) -> T:
    node, name, value = edit
    old = getattr(node, name)
    setattr(node, name, value)
    try:
        return ask()
    finally:
        setattr(node, name, old)


def _within_functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Each node of a body, with the name of the outermost function or table that it is in."""
    for top in tree.body:
        if isinstance(top, ast.ClassDef):
            yield from ((f"{top.name}.{name}", node) for name, node in _bodies(top.body))
        else:
            yield from _bodies([top])


def _bodies(statements: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            for inner in statement.body:
                yield from ((statement.name, node) for node in ast.walk(inner))
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Call):
                    yield from _lambdas_of(node)


def _lambdas_of(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """The lambdas among the arguments of Rule(name="…", …), told by that name."""
    given = {word.arg: word.value for word in call.keywords}
    name = given.get("name")
    called = name.value if isinstance(name, ast.Constant) else ast.unparse(call.func)
    for value in (*call.args, *given.values()):
        if isinstance(value, ast.Lambda):
            yield from ((str(called), node) for node in ast.walk(value.body))


def _edits(node: ast.AST) -> Iterator[Edit]:
    match node:
        case ast.Compare():
            for place, op in enumerate(node.ops):
                yield node, "ops", [*node.ops[:place], OTHER[type(op)](), *node.ops[place + 1 :]]
        case ast.BoolOp():
            yield node, "op", ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        case ast.UnaryOp(op=ast.Not()):
            yield node, "operand", _negated(node.operand)
        case ast.Constant(value=bool() as truth):
            yield node, "value", not truth
        case ast.Constant(value=int() as number):
            yield node, "value", number + 1
        case ast.If() | ast.IfExp() if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            yield node, "test", _negated(node.test)
        case _:
            pass


def _negated(test: ast.expr) -> ast.expr:
    return ast.fix_missing_locations(
        ast.copy_location(ast.UnaryOp(op=ast.Not(), operand=test), test)
    )


def functions_of(module: ModuleType) -> list[FunctionType]:
    """All that live in this process, those that nothing but a rule knows among them."""
    file = module.__file__
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, FunctionType) and found.__code__.co_filename == file
    ]


def put_in_place(slip: Slip, before: CodeType, functions: list[FunctionType]) -> None:
    """Give each function whose code the mistake has changed its new code."""
    pairs = dict(_changed(before, slip.code()))
    for function in functions:
        if function.__code__ in pairs:
            function.__code__ = pairs[function.__code__]


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    for one, two in zip(_codes(old), _codes(new), strict=True):
        if one != two:
            yield one, two
        yield from _changed(one, two)


def _codes(code: CodeType) -> list[CodeType]:
    return [found for found in code.co_consts if isinstance(found, CodeType)]

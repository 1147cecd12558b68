"""Every act that the station's code can write into its journal, and the names of their details.

Found in the source, so that a new act without words fails a test. An act is the fourth argument of
`journal.write`: a text, a member of an enumeration, a choice of such, or something handed in by callers.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TypeGuard

import app

PACKAGE = Path(app.__file__).parent
_ACT = 3


@dataclass
class _Function:
    """A function, the module it is in, and the names of its class and of that one's bases."""

    module: str
    node: ast.FunctionDef
    kin: tuple[str, ...]
    calls: tuple[ast.Call, ...]


class Acts:
    """`names` are all acts, `details` all keys of their details."""

    def __init__(self) -> None:
        self._functions: list[_Function] = []
        for path in sorted((PACKAGE / "station").rglob("*.py")):
            module = ".".join(("app", *path.relative_to(PACKAGE).with_suffix("").parts))
            tree = ast.parse(path.read_text("utf-8"))
            self._functions += [_function(node, module, ()) for node in tree.body if _is_function(node)]
            for owner in tree.body:
                if isinstance(owner, ast.ClassDef):
                    kind = getattr(importlib.import_module(module), owner.name)
                    kin = tuple(one.__qualname__ for one in kind.__mro__)
                    self._functions += [
                        _function(node, module, kin) for node in owner.body if _is_function(node)
                    ]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(
            act for where, call in self._writes() for act in self._values(call.args[_ACT], where)
        )

    @cached_property
    def details(self) -> frozenset[str]:
        return frozenset(key for where, call in self._writes() for key in self._keys(call, where))

    def _writes(self) -> Iterator[tuple[_Function, ast.Call]]:
        for function in self._functions:
            for call in function.calls:
                if ast.unparse(call.func) == "journal.write":
                    yield function, call

    def _values(self, expression: ast.expr, where: _Function) -> set[str]:
        """All texts that an expression may be."""
        match expression:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=one, orelse=other):
                return self._values(one, where) | self._values(other, where)
            case ast.JoinedStr(values=parts):
                told = [self._values(part, where) for part in parts]
                return {"".join(pieces) for pieces in product(*told)}
            case ast.FormattedValue(value=inner) | ast.Attribute(value=inner, attr="value"):
                return self._values(inner, where)
            case ast.Attribute(value=ast.Name(id=name), attr=member):
                kind = getattr(importlib.import_module(where.module), name)
                assert issubclass(kind, Enum), ast.unparse(expression)
                return {kind[member].value}
            case ast.Name(id=name):
                return self._named(name, where)
        raise AssertionError(f"{where.module}: which acts may {ast.unparse(expression)} be?")

    def _named(self, name: str, where: _Function) -> set[str]:
        arguments = where.node.args
        parameters = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        if name in parameters:
            return self._handed_in(name, parameters, where)
        found: set[str] = set()
        for node in ast.walk(where.node):
            if isinstance(node, ast.Assign) and _assigns(node, name):
                found |= self._values(_value_for(node, name), where)
        assert found, f"{where.module}: which acts may {name} be?"
        return found

    def _handed_in(self, name: str, parameters: list[str], where: _Function) -> set[str]:
        is_method = parameters[0] in ("self", "cls")
        position = parameters.index(name) - is_method
        found: set[str] = set()
        for caller, call in self._calls_of(where):
            handed = [key.value for key in call.keywords if key.arg == name]
            handed += call.args[position : position + 1]
            for expression in handed[:1]:
                found |= self._values(expression, caller)
        assert found, f"{where.module}: nobody calls {where.node.name} with {name}"
        return found

    def _calls_of(self, function: _Function) -> Iterator[tuple[_Function, ast.Call]]:
        """Calls of a function from another one; a private one is called within its module or its kin."""
        name, private = function.node.name, function.node.name.startswith("_")
        for caller in self._functions:
            near = caller.module == function.module or bool(function.kin and function.kin[0] in caller.kin)
            if caller.node is function.node or (private and not near):
                continue
            for call in caller.calls:
                if ast.unparse(call.func).rpartition(".")[2] == name:
                    yield caller, call

    def _keys(self, call: ast.Call, where: _Function) -> set[str]:
        """Names of the details that one call writes, those of `**more` from the callers."""
        found = {key.arg for key in call.keywords if key.arg is not None}
        if any(key.arg is None for key in call.keywords):
            own = {one.arg for one in where.node.args.args + where.node.args.kwonlyargs}
            for caller, outer in self._calls_of(where):
                found |= {key for key in self._keys(outer, caller) if key not in own}
        return found


def _is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef)


def _function(node: ast.FunctionDef, module: str, kin: tuple[str, ...]) -> _Function:
    calls = tuple(call for call in ast.walk(node) if isinstance(call, ast.Call))
    return _Function(module, node, kin, calls)


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == name for each in node.targets for one in ast.walk(each)
    )


def _value_for(node: ast.Assign, name: str) -> ast.expr:
    """The part of an assignment's right side that goes to one name."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for one, value in zip(target.elts, node.value.elts, strict=True):
                if isinstance(one, ast.Name) and one.id == name:
                    return value
    return node.value

"""What a function reads of an event, and the functions of its app that it gives the event to."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from eventbus.contracts.changes import Path
from eventbus.contracts.parts import Part, Parts, Row, entries, parts_in, row
from eventbus.contracts.sources import Function, Sources, function_of
from eventbus.field_types import values_in

#: What tells of an event without reading its fields.
_ABOUT = {"id", "occurred_at", "subject", "type", "app", "version", "event_kind", "signal"}
#: Functions whose result holds what they are given, one by one.
_PASSING = {
    *("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "next", "filter"),
    *("min", "max", "chain", "from_iterable", "batched", "values", "get", "copy", "cast"),
    *("masked", "with_typed"),
}
#: Functions that call their first argument with the others.
_CALLING = {"partial", "map"}
#: Functions that ask something about what they are given and do not read it.
_ASKING = {"len", "bool", "isinstance", "type", "any", "all", "because_of"}
#: Methods by which a collection takes something up.
_TAKING = {"append", "add", "extend", "update", "insert", "setdefault"}
#: What yields pairs whose first is no part of an event: a number, or a key.
_NUMBERING = {"enumerate", "items"}
#: Arguments that take ids, also of a dictionary's keys.
_IDS = {"pk", "pk__in"}


@dataclass
class Reads:
    """Fields that are read, and those that are stored or leave the app as a `whole`."""

    fields: set[Path] = field(default_factory=set)
    whole: set[Path] = field(default_factory=set)

    def has(self, path: Path) -> bool:
        """Return whether a field, or something in it, is read by its name."""
        return any(each[: len(path)] == path for each in self.fields)

    def may_have(self, path: Path) -> bool:
        """Return whether a field is in something that is passed on as a whole."""
        return any(path[: len(each)] == each for each in self.whole)


class Reading(ast.NodeVisitor):
    """Follows parts of an event through functions, and notes in `reads` what is read of them.

    Each `visit_` of an expression returns the parts that it is or holds.
    """

    def __init__(
        self, sources: Sources, reads: Reads, followed: dict[Any, Parts] | None = None
    ) -> None:
        self._sources, self._reads = sources, reads
        self._followed: dict[Any, Parts] = {} if followed is None else followed
        self._names: dict[str, Parts] = {}
        self._returned: Parts = set()

    def follow(self, function: Function, given: dict[str, Parts]) -> Parts:
        """Go through a function that has these parts as arguments; return what it returns of them.

        Twice: in a loop something may be named after it was used.
        """
        key = (function, *((name, frozenset(parts)) for name, parts in sorted(given.items())))
        if key in self._followed:
            return self._followed[key]
        inner = Reading(self._sources, self._reads, self._followed)
        self._followed[key] = inner._returned
        inner._names = {name: set(parts) for name, parts in given.items()}
        for _ in range(2):
            inner._each(function.body)
        return inner._returned

    def _parts(self, node: ast.AST) -> Parts:
        return self.visit(node) or set()

    def _each(self, nodes: Iterable[ast.AST]) -> Parts:
        return {part for node in nodes for part in self._parts(node)}

    def generic_visit(self, node: ast.AST) -> Parts:
        """Go through anything else; a part that an expression here is made of is kept by it."""
        for inner in ast.iter_child_nodes(node):
            parts = self._parts(inner)
            if isinstance(inner, ast.expr) and isinstance(node, ast.expr):
                self._keep(parts)
        return set()

    # Statements: what gets a name

    def visit_Return(self, node: ast.Return) -> None:
        if node.value:
            self._returned.update(self._parts(node.value))

    def visit_Assign(self, node: ast.Assign) -> None:
        parts = self._parts(node.value)
        for target in node.targets:
            self._bind(target, parts)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self._bind(node.target, self._parts(node.value))

    def visit_For(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        self._bind(node.target, self._parts(node.iter))
        rest = node.ifs if isinstance(node, ast.comprehension) else [*node.body, *node.orelse]
        self._each(rest)

    visit_AsyncFor = visit_comprehension = visit_For

    def visit_withitem(self, node: ast.withitem) -> None:
        parts = self._parts(node.context_expr)
        if node.optional_vars:
            self._bind(node.optional_vars, parts)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Parts:
        parts = self._parts(node.value)
        self._bind(node.target, parts)
        return parts

    def visit_Match(self, node: ast.Match) -> None:
        parts = self._parts(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                for name in getattr(pattern, "kwd_attrs", ()):
                    self._attribute(parts, name)
            self._each([case.guard, *case.body] if case.guard else case.body)

    def _bind(self, target: ast.expr, parts: Parts) -> None:
        """Name parts; what is assigned to anything but a name is stored, and so kept."""
        match target:
            case ast.Name(id=name):
                self._names.setdefault(name, set()).update(parts)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._bind_each(targets, parts)
            case ast.Starred(value=inner):
                self._bind(inner, parts)
            case _:
                self._parts(target)
                self._keep(parts)

    def _bind_each(self, targets: list[ast.expr], parts: Parts) -> None:
        """Name what is in tuples, place by place; of anything else each name may be anything."""
        for part in parts:
            places: Sequence[Iterable[Part | Row]] = [{part}] * len(targets)
            if isinstance(part, Row) and len(part.places) == len(targets):
                places = part.places
            for target, place in zip(targets, places, strict=True):
                self._bind(target, set(place))

    # Expressions: what they are made of

    def visit_Name(self, node: ast.Name) -> Parts:
        return set(self._names.get(node.id, ()))

    def visit_Attribute(self, node: ast.Attribute) -> Parts:
        return self._attribute(self._parts(node.value), node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> Parts:
        self._keep(self._parts(node.slice))
        return entries(self._parts(node.value))

    def visit_IfExp(self, node: ast.IfExp) -> Parts:
        self._parts(node.test)
        return self._each([node.body, node.orelse])

    def visit_Tuple(self, node: ast.Tuple) -> Parts:
        return row(*map(self._parts, node.elts))

    def visit_List(self, node: ast.List | ast.Set) -> Parts:
        return self._each(node.elts)

    visit_Set = visit_List

    def visit_BoolOp(self, node: ast.BoolOp) -> Parts:
        return self._each(node.values)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Parts:
        return self._each(node.values)

    def visit_Starred(self, node: ast.Starred | ast.Await | ast.FormattedValue) -> Parts:
        return self._parts(node.value)

    visit_Await = visit_FormattedValue = visit_Starred

    def visit_Lambda(self, node: ast.Lambda) -> Parts:
        return self._parts(node.body)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Parts:
        self._each(node.generators)
        return self._parts(node.elt)

    visit_SetComp = visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> Parts:
        self._each([*node.generators, node.key])
        return self._parts(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        self._each([node.left, *node.comparators])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self._parts(node.operand)

    # Calls

    def visit_Call(self, node: ast.Call) -> Parts:
        if _name(node.func) in _CALLING and node.args:
            node = ast.Call(node.args[0], node.args[1:], node.keywords)
        name, of = _name(node.func), self._of(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        match name, arguments, node.func:
            case "getattr", [whole, ast.Constant(value=str(attribute)), *_], _:
                return self._attribute(self._parts(whole), attribute)
            case _, _, ast.Attribute(value=ast.Name() as collection) if name in _TAKING:
                self._bind(collection, self._each(arguments))
                return set()
            case "zip", _, _:
                return row(*map(self._parts, node.args))
        if name in _NUMBERING:
            return row((), of | self._each(node.args))
        if name in _PASSING:
            return of | self._each(arguments)
        if name in _ASKING:
            self._each(arguments)
            return set()
        self._attribute(of, name)
        return self._passed_on(node, name)

    def _of(self, function: ast.expr) -> Parts:
        """Return the parts whose method is called; note what is read to find a function."""
        if isinstance(function, ast.Attribute):
            return self._parts(function.value)
        self._parts(function)
        return set()

    def _passed_on(self, node: ast.Call, name: str) -> Parts:
        """Follow arguments into the app's functions of a name; where none is, they leave it."""
        by_place = [self._parts(each) for each in node.args]
        by_name = {each.arg or "": self._parts(each.value) for each in node.keywords}
        for name_of_ids in _IDS & by_name.keys():
            by_name[name_of_ids] = set()
        everything = set().union(*by_place, *by_name.values())
        if not name:
            self._to_whoever(everything)
            return set()
        functions = self._sources.named(name) if everything else []
        if isinstance(node.func, ast.Name):
            functions = [each for each in functions if not _is_method(each)]
        if not functions:
            self._keep(everything)
        given = ((each, _given(each, by_place, by_name)) for each in functions)
        return {part for each, parts in given for part in self.follow(each, parts)}

    def _to_whoever(self, parts: Parts) -> None:
        """Follow parts into a function chosen when it runs: any that takes their class."""
        for part in parts:
            takers = self._takers(part.model) if isinstance(part, Part) else []
            for function, name in takers:
                self.follow(function, {name: {part}})
            if not takers:
                self._keep({part})

    def _takers(self, model: type[BaseModel]) -> list[tuple[Function, str]]:
        """Return the app's functions that take this class, or else those that take its base."""
        by_class = (list(self._sources.taking(base.__name__)) for base in model.__mro__)
        return next(filter(None, by_class), [])

    # What is read

    def _attribute(self, parts: Parts, name: str) -> Parts:
        """Return the values that an attribute of some parts is made of; note that it is read."""
        found: Parts = set()
        for part in parts:
            if isinstance(part, Row):
                continue
            path, known = (*part.path, name), part.model.model_fields
            if name in known or not hasattr(part.model, name):
                # What is not known is a field that was there, or of another event it may be given.
                self._reads.fields.add(path)
            elif name not in _ABOUT or part.path:
                self._own(part, name)
            if name in known:
                found |= {Part(path, value) for value in values_in(known[name].annotation)}
        return found

    def _own(self, part: Part, name: str) -> None:
        """Go through a property or method of the event's or value's own class."""
        attribute = getattr(part.model, name)
        function = function_of(getattr(attribute, "fget", None) or attribute)
        owner = next(base for base in part.model.__mro__ if name in vars(base))
        if function is None or owner.__module__.partition(".")[0] in ("eventbus", "pydantic"):
            self._keep({part})
        elif function.args.args:
            self._keep(self.follow(function, {function.args.args[0].arg: {part}}))

    def _keep(self, parts: Parts) -> None:
        """Note parts that are stored, or leave the app: with all that is in them."""
        self._reads.whole |= {part.path for part in parts_in(parts)}


def _name(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _given(
    function: Function, by_place: list[Parts], by_name: dict[str, Parts]
) -> dict[str, Parts]:
    """Return the parts that a function is given, by its own names for them."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    every_name = (*names, *(each.arg for each in function.args.kwonlyargs))
    given = dict(zip(names, by_place, strict=False))
    given |= {name: parts for name, parts in by_name.items() if name in every_name}
    return {name: parts for name, parts in given.items() if parts}


def _is_method(function: Function) -> bool:
    """Return whether a function is called on something; a constructor is not."""
    first = function.args.args[:1]
    return function.name != "__init__" and bool(first) and first[0].arg in ("self", "cls")

"""Small faults to seed into a module: the operators of mutmut and of cosmic-ray, as source text.

Both tools are taken at their word: mutmut leaves out decorated functions, `len`, `isinstance` and
annotations; cosmic-ray reaches class bodies too. What does not compile is no mutant, and neither is
what changes only annotations, the type that a cast names, or whether a zip compares lengths: these
are read by no program, or guard what cannot happen.
"""

from __future__ import annotations

import ast
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Mutant", "Tool", "choose", "list_mutants"]

Tool = Literal["mutmut", "cosmic-ray"]


class Mutant(NamedTuple):
    """One fault: the whole text with it, and the lines that differ."""

    line: int
    before: str
    after: str
    text: str


def list_mutants(text: str, tool: Tool) -> list[Callable[[], str]]:
    """Return one maker of mutated text for each fault that a tool knows, in order of the text."""
    return list(_list_mutmut(text) if tool == "mutmut" else _list_cosmic_ray(text))


def choose(text: str, tool: Tool, most: int, seed: str) -> tuple[list[Mutant], int]:
    """Return at most so many mutants, drawn by a seed, and of how many they are drawn."""
    makers = list_mutants(text, tool)
    drawn = Random(seed).sample(range(len(makers)), len(makers))  # noqa: S311  # no secret
    whole = _strip(text)
    found: dict[str, Mutant] = {}
    lost = 0
    for place in drawn:
        if len(found) == most:
            break
        mutated = makers[place]()
        if mutated in found or not _is_a_change(mutated, whole):
            lost += 1
        else:
            found[mutated] = _describe(text, mutated)
    looked_at = len(found) + lost
    share = len(found) / looked_at if looked_at else 0
    return sorted(found.values()), round(share * len(makers))


def _list_mutmut(text: str) -> Iterator[Callable[[], str]]:
    from libcst import FunctionDef, MetadataWrapper, parse_module  # noqa: PLC0415  # only here
    from mutmut.mutation.file_mutation import MutationVisitor  # noqa: PLC0415
    from mutmut.mutation.mutators import mutation_operators  # noqa: PLC0415
    from mutmut.mutation.pragma_handling import IgnoredCode  # noqa: PLC0415

    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper = MetadataWrapper(parse_module(text))
    wrapper.visit(visitor)
    for mutation in visitor.mutations:
        place = mutation.contained_by_top_level_function
        if isinstance(place, FunctionDef):
            yield partial(_replace, wrapper.module, mutation)
        elif place is not None:
            yield lambda: text  # mutmut leaves the bodies of classes alone


def _replace(module: Any, mutation: Any) -> str:  # noqa: ANN401  # of libcst, and of mutmut
    text: str = module.deep_replace(mutation.original_node, mutation.mutated_node).code
    return text


def _list_cosmic_ray(text: str) -> Iterator[Callable[[], str]]:
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415
    from cosmic_ray.mutating import mutate_code  # noqa: PLC0415
    from cosmic_ray.plugins import OPERATOR_PROVIDERS  # noqa: PLC0415

    provider = OPERATOR_PROVIDERS["core"]
    nodes = list(ast_nodes(get_ast(text)))
    for name in provider:
        if provider[name].arguments():
            continue  # an operator that asks for the names of variables, of which there are none
        operator = provider[name]()
        count = sum(1 for node in nodes for _ in operator.mutation_positions(node))
        for index in range(count):
            yield lambda name=name, index=index: mutate_code(  # type: ignore[misc]
                text, provider[name](), index
            )


class _Bare(ast.NodeTransformer):
    """Takes annotations of functions, and the types that casts name, out of a tree."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Return a parameter without its annotation."""
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Return a function that does not say what it returns, or of what type a variable is."""
        node.returns = None
        for each in ast.walk(node):
            if isinstance(each, ast.AnnAssign):
                each.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return a cast to nothing in particular, and a zip that does not compare lengths."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "cast":
            node.args = [ast.Constant(None), *node.args[1:]]
        if name == "zip":
            node.keywords = []
        return self.generic_visit(node)


def _strip(text: str) -> str:
    """Return what of a text is run, as one string."""
    return ast.dump(_Bare().visit(ast.parse(text)))


def _is_a_change(mutated: str, whole: str) -> bool:
    try:
        compile(mutated, "mutant", "exec")
        return _strip(mutated) != whole
    except SyntaxError:
        return False


def _describe(text: str, mutated: str) -> Mutant:
    before, after = text.splitlines(), mutated.splitlines()
    start = next(
        (
            place
            for place, pair in enumerate(zip(before, after, strict=False))
            if pair[0] != pair[1]
        ),
        min(len(before), len(after)) - 1,
    )
    end = 0
    while end < min(len(before), len(after)) - start - 1 and before[-1 - end] == after[-1 - end]:
        end += 1
    changed = after[start : len(after) - end]
    # Lines keep their numbers, so that only what differs is seen as different.
    spare = [""] * (len(before) - len(after))
    padded = [*after[: len(after) - end], *spare, *after[len(after) - end :], ""]
    return Mutant(
        start + 1,
        "\n".join(before[start : len(before) - end]),
        "\n".join(changed),
        "\n".join(padded),
    )

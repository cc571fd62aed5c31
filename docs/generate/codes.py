"""Every code that Corral can print, found in the code itself: none can be added without a meaning in the reference."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import corral
from corral.domain.errors import CorralError
from corral.domain.reasons import CATALOGUE
from docs.generate.markdown import code, table

MEANING: dict[str, str] = {
    "agent-failed": "The node's agent ended with a failure. The operation's output has its last words.",
    "ambiguous": "A name means more than one thing. Use the UUID.",
    "cancelled": "Somebody asked the operation to turn around; what it had done is undone.",
    "deploy-failed": "The source's deployment of a machine did not come about. The message has the source's own words.",
    "disturbed": "The machine is not as it was before the operation. The proof has every difference, and every call.",
    "extension-unavailable": "The cluster names an extension that is not installed, or can't be loaded.",
    "failed": "An operation did not succeed, and its record does not say why.",
    "flavor-ambiguous": "More than one flavor fits the machine's resource class, and none was named.",
    "host-key": "A machine showed another SSH host key than the one that is known; nothing was sent to it.",
    "http": "The request could not be read as HTTP or JSON.",
    "invalid-mapping": "A rule of a mapping can't be used; the message names what was probably meant.",
    "invalid-sync-policy": "The sync policy can't be used; the message names the place, and what could stand there.",
    "layouts-left-behind": "The layouts of the cluster's nodes are with another extension. Migrate them first.",
    "mapping-empty": "A rule of the mapping needs something that the machine has not.",
    "mapping-unfit": "What a rule of the mapping makes for the machine is too long, or has characters that are not allowed.",
    "method-not-allowed": "The path exists, and has no such method. The header `Allow` names those that it has.",
    "migration-differs": "The two extensions say different things of one node; everything stays with the old one.",
    "no-agent": "The node runs no system that has the agent.",
    "no-blocks": "No blocks of the pod that are free, in one zone, make what the flavor wants. The message has what is short.",
    "no-networks": "The machine has no network port plugged in, and none was named.",
    "no-node": "No machine is available that fits the flavor. The message has how many do not, and why.",
    "node-taken": "The node of a composed server is claimed by somebody else: it is not removed, and its hardware stays composed.",
    "signal": "The node's agent was ended by a signal.",
    "ssh-login": "The node does not let Corral in with the keys that it was given.",
    "timed-out": "The node's agent did not end in time, and was ended.",
    "unknown": "Another service refused, and gave no code for why.",
}
"""Those that are no kind of error, and no reason of the catalogue."""

_WITH_CODES_OF_THEIR_OWN = {"layouts", "bareon_api"}
"""Packages that answer to other clients, with codes for what is wrong with a layout."""


def more_codes() -> str:
    """The table of them. Raises LookupError for a code that the program has and this page does not, or the other way round."""
    used = set(_used()) - _explained()
    if unexplained := sorted(used - MEANING.keys()):
        raise LookupError(f"docs/generate/codes.py gives no meaning to {', '.join(unexplained)}.")
    if unused := sorted(MEANING.keys() - used):
        raise LookupError(f"docs/generate/codes.py explains {', '.join(unused)}, which nothing prints.")
    return table(["Code", "Meaning"], ([code(one), MEANING[one]] for one in sorted(MEANING)))


def _explained() -> set[str]:
    return {*CATALOGUE, *(kind.code for kind in _kinds(CorralError))}


def _kinds(kind: type[CorralError]) -> Iterator[type[CorralError]]:
    if kind.__module__ == CorralError.__module__:
        yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


def _used() -> Iterator[str]:
    root = Path(corral.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] in _WITH_CODES_OF_THEIR_OWN:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(_Named(tree).visit(tree)):
            yield from _codes(node)


class _Named(ast.NodeTransformer):
    """Puts the text of a module's constant wherever the module uses its name."""

    def __init__(self, module: ast.Module) -> None:
        self._texts = {
            target.id: one.value
            for one in module.body
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
            for target in one.targets
            if isinstance(target, ast.Name)
        }

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._texts.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def _codes(node: ast.AST) -> Iterator[str]:
    """The codes that a piece of code writes down: `code="…"`, `Reason("…")`, `reason("…")`, `{"code": "…"}`, `code = "…"`."""
    match node:
        case ast.Call(func=ast.Name(id="Reason" | "reason"), args=[first, *_]):
            yield from _texts(first)
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "code":
                    yield from _texts(value)
        case (
            ast.Assign(targets=[ast.Name(id="code")], value=value)
            | ast.AnnAssign(target=ast.Name(id="code"), value=ast.expr() as value)
        ):
            yield from _texts(value)
        case ast.FunctionDef():
            yield from _defaults(node.args)
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == "code":
                yield from _texts(keyword.value)


def _defaults(arguments: ast.arguments) -> Iterator[str]:
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if argument.arg == "code" and default is not None:
            yield from _texts(default)


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts in an expression that gives one of them: a constant, a choice, a look-up in a table that is written there."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from (*_texts(node.body), *_texts(node.orelse))
        case ast.BoolOp():
            for value in node.values:
                yield from _texts(value)
        case ast.Call(func=ast.Attribute(attr="get", value=ast.Dict() as known), args=[_, *rest]):
            for value in (*known.values, *rest):
                yield from _texts(value)

"""The command line: commands, files, exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from corral.cli.batch import COLUMNS
from corral.cli.exits import MEANING
from corral.cli.main import app
from docs.generate.markdown import code, plain, table
from docs.generate.registry import page

_EVERYWHERE = ("help", "install_completion", "show_completion")
"""Options that every such program has; what they say of themselves depends on the shell."""


@page("exit-codes.md", "Exit codes of the command line")
def exit_codes() -> str:
    return "\n\n".join(
        [
            "Scripts may rely on them: a number never changes its meaning.",
            table(["Code", "Meaning"], ([str(one.value), meaning] for one, meaning in MEANING.items())),
        ]
    )


@page("cli.md", "Command line")
def cli() -> str:
    command: Any = typer.main.get_command(app)
    return "\n\n".join(
        [
            "`corral` talks to a running Corral over its [API](api.md); only `serve`, `db`, `token` and `probe` work "
            "without one. Results go to standard output; previews, progress, notes and errors to standard error, so that a pipe "
            "sees results only. See also [Exit codes](exit-codes.md).",
            "## Options before the command",
            _options(command),
            "## Commands",
            *_commands(command, "corral"),
            "## Files for `corral adopt --from`",
            "CSV with a header line, or YAML: a list of mappings, or a mapping with the key `machines` that holds one. An unknown "
            "column is an error.",
            table(["Column", "Meaning"], ([code(name), meaning] for name, meaning in COLUMNS.items())),
        ]
    )


def _commands(command: Any, name: str) -> Iterator[str]:
    for word, found in sorted(command.commands.items()):
        if found.hidden:
            continue
        full = f"{name} {word}"
        if hasattr(found, "commands"):
            yield from _commands(found, full)
        else:
            yield f"### {full}"
            yield plain(found.help)
            yield f"```\n{full}{_usage(found)}\n```"
            if options := _options(found):
                yield options


def _usage(command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    words = [
        one.metavar or one.name.upper() if one.required else f"[{one.metavar or one.name.upper()}]" for one in arguments
    ]
    flags = any(one.param_type_name == "option" for one in command.params)
    return "".join(f" {word}" for word in (*words, *(["[OPTIONS]"] if flags else [])))


def _options(command: Any) -> str:
    found = [one for one in command.params if one.name not in _EVERYWHERE and not getattr(one, "hidden", False)]
    return table(["Option", "Meaning", "Default"], map(_option, found)) if found else ""


def _option(one: Any) -> tuple[str, str, str]:
    if one.param_type_name == "argument":
        return code(one.metavar or one.name.upper()), plain(one.help), "" if one.required else _default(one)
    names = ", ".join(code(name) for name in (*one.opts, *one.secondary_opts))
    envvars = [one.envvar] if isinstance(one.envvar, str) else one.envvar or []
    told = plain(one.help) + (f" Environment: {', '.join(map(code, envvars))}." if envvars else "")
    return names, told, _default(one)


def _default(one: Any) -> str:
    shown = getattr(one, "show_default", None)
    if isinstance(shown, str):
        return shown
    if one.required:
        return "must be given"
    if one.default is None or one.default is False or callable(one.default):
        return ""
    if one.default is True:
        return code(one.opts[0])
    return code(str(getattr(one.default, "value", one.default)))

"""What a command has at hand: where to print, how to reach the API, what the global options said.

Rule: results go to stdout, everything else (previews, progress, notes, errors) to stderr, so that a pipe only sees results.
Tests hand in a `Session` of their own with a transport; nothing here is patched.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TextIO

import httpx
import typer
from rich.console import Console

from corral.cli.api import Api
from corral.cli.identity import Access, access
from corral.cli.readiness import Verdict
from corral.cli.text import plain
from corral.contracts.sources import Query
from corral.domain.errors import Invalid

DEFAULT_URL = "http://127.0.0.1:6688"
Surveyor = Callable[[str, Mapping[str, Any], Query], Iterator[Verdict]]
"""Reads a source: driver, options, query. Tests bring their own machines by it."""

PIPED_WIDTH = 200
"""Columns when nobody's terminal says otherwise: wide enough that a pipe or a log gets one line per machine."""


@dataclass
class Session:
    """One run of the command line. `transport` None: the network. `pause` waits that many seconds."""

    url: str | None = None
    token: str | None = field(default=None, repr=False)
    cloud: str | None = None
    output: str | None = None
    transport: httpx.BaseTransport | None = None
    pause: Callable[[float], None] = time.sleep
    interactive: bool = field(default_factory=lambda: sys.stdin.isatty())
    surveyor: Surveyor | None = None
    log_in: Callable[[str], Access] = access

    @cached_property
    def out(self) -> Console:
        """Where results go."""
        return console(sys.stdout)

    @cached_property
    def err(self) -> Console:
        """Where everything else goes."""
        return console(sys.stderr)

    @cached_property
    def api(self) -> Api:
        """The client; made at first use, because asking Keystone for a token takes a moment."""
        url, token = self.url, self.token
        if self.cloud and not (url and token):
            granted = self.log_in(self.cloud)
            token = token or granted.token
            url = url or granted.endpoint
            if url is None:
                raise Invalid(
                    f"The catalog of cloud {self.cloud} has no endpoint of type baremetal_compute.",
                    fix="Register it there, or say where Corral is: `--url http://HOST:6688`.",
                )
        return Api(url or DEFAULT_URL, token, self.transport)

    def note(self, message: str, style: str = "") -> None:
        """Say something beside the result."""
        self.err.print(plain(message, style), soft_wrap=True)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only with a person's word. Where nobody can answer, `--yes` must have been said."""
        if yes:
            return
        if not self.interactive:
            raise Invalid("Nobody is there to confirm this.", fix="Say `--yes` when you mean it.")
        typer.confirm(plain(question).plain, abort=True, err=True)


def console(stream: TextIO) -> Console:
    """A console that takes text as it is: no markup, no emoji codes, no highlighting."""
    wide = None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
    return Console(file=stream, width=wide, markup=False, emoji=False, highlight=False)


def session(ctx: typer.Context) -> Session:
    """The session of this run; one without options where a command is used outside the app."""
    found = ctx.find_object(Session)
    return found if found is not None else Session()

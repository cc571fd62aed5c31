"""The settings under `extensions.options.bareon`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from corral.domain.errors import Invalid
from corral.layouts.writers.nailgun_simple import DIALECTS, Dialect


@dataclass(frozen=True)
class Options:
    """`address`: where the service is, host:port or a URL. `token_env`: the environment variable with its token. `target`: the
    agent that partitions nodes. `timeout`: seconds for one request."""

    address: str = "127.0.0.1:9322"
    token_env: str | None = None
    target: str = "bareon"
    timeout: float = 10.0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Options:
        """The options. Raises Invalid, naming what is wrong."""
        known = [field.name for field in fields(cls)]
        for key in given:
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                raise Invalid(
                    f"bareon has no option {key!r}.",
                    fix=f"Did you mean {near[0]!r}?" if near else f"It has {', '.join(known)}.",
                )
        options = cls(**given)
        if options.target not in DIALECTS:
            raise Invalid(f"bareon: there is no target {options.target!r}.", fix=f"Choose {', '.join(DIALECTS)}.")
        if (
            isinstance(options.timeout, bool)
            or not isinstance(options.timeout, int | float)
            or not 0 < options.timeout <= 600
        ):
            raise Invalid(f"bareon: the timeout {options.timeout!r} is none.", fix="Give seconds, up to 600.")
        options.url  # noqa: B018 - raises for an address that is none
        return options

    @property
    def dialect(self) -> Dialect:
        """How the agent that partitions nodes reads a layout."""
        return DIALECTS[self.target]

    @property
    def url(self) -> str:
        """The service's URL, without a slash at its end. Raises Invalid."""
        text = str(self.address)
        try:
            parts = urlsplit(text if "://" in text else f"http://{text}")
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.username
        except ValueError:
            usable = False
        if not usable:
            raise Invalid(f"bareon: {text[:100]!r} is no address.", fix="Give host:port, such as 127.0.0.1:9322.")
        return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"

    @property
    def token(self) -> str | None:
        """The token. Raises Invalid when the variable is not there."""
        if self.token_env is None:
            return None
        token = os.environ.get(self.token_env, "").strip()
        if not token:
            raise Invalid(f"The environment has no variable {self.token_env}.", fix="Set it to the service's token.")
        return token

"""The parts that a process has by configuration: board, identity, notifications, agents. Heavy libraries are loaded only when
they are configured."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from corral.config import Settings
from corral.contracts.agents import RunsCommands
from corral.contracts.sources import Source
from corral.domain.errors import Invalid
from corral.engine import BoardUnusable, SharedBoard, open_board
from corral.flows.env import Emit
from corral.identity import Authenticator, EitherAuthenticator, LocalAuthenticator, LoopbackAuthenticator
from corral.store import Tokens

if TYPE_CHECKING:
    from corral.tracing import Traces


def open_job_board(settings: Settings) -> SharedBoard | None:
    """The board that several processes share; None for one process alone. Raises Invalid."""
    wanted = settings.board
    if wanted.url is None:
        return None
    if settings.embedded:
        raise Invalid(
            "A job board shares work between processes, and an embedded database belongs to one.",
            fix="Set `database_url` to a PostgreSQL, or leave out `board.url`.",
        )
    password = None if wanted.password_env is None else secret(wanted.password_env, "the job board's password")
    try:
        return open_board(wanted.url, lease=wanted.lease, password=password)
    except BoardUnusable as exc:
        raise Invalid(str(exc), fix="Correct `board.url`.") from exc


def secret(variable: str, what: str) -> str:
    """What the environment has under that name; it is `what`. Raises Invalid."""
    value = os.environ.get(variable)
    if value is None:
        raise Invalid(f"The environment has no variable {variable}.", fix=f"Set it to {what}.")
    return value


def open_tracing(
    settings: Settings, sources: Mapping[str, Source], closing: list[Callable[[], object]]
) -> Traces | None:
    """What draws traces, of these sources too; None where nobody wants any. `closing` gets what ends it. Raises Invalid."""
    if not settings.tracing.enabled:
        return None
    try:
        from corral.tracing import open_traces
    except ImportError as exc:
        raise Invalid(
            f"Traces need OpenTelemetry, which is not installed: {exc}.", fix="pip install 'corral[otel]'"
        ) from exc
    traces = open_traces()
    traces.watch(sources)
    closing.append(traces.close)
    return traces


def open_agents(settings: Settings) -> RunsCommands | None:
    """What runs commands on nodes; None where its library is not installed."""
    try:
        from corral.drivers.agent.agents import Agents
    except ImportError:
        return None
    return Agents(tuple(settings.extensions.ssh_keys))


def open_authenticator(settings: Settings, tokens: Tokens, clock: Callable[[], datetime]) -> Authenticator:
    """Who says who a caller is: Keystone, local tokens, either, or loopback alone."""
    local = LocalAuthenticator(tokens, clock)
    cloud = settings.identity.keystone_cloud
    if cloud is None:
        return local if settings.identity.tokens else LoopbackAuthenticator()
    from corral.identity.keystone import KeystoneAuthenticator  # loads the middleware: a second
    from corral.identity.keystone_settings import KeystoneSettings

    keystone = KeystoneAuthenticator(KeystoneSettings.from_cloud(cloud))
    return EitherAuthenticator(keystone, local) if settings.identity.tokens else keystone


def open_notifier(settings: Settings, closing: list[Callable[[], object]]) -> Emit:
    """What sends notifications; `closing` gets what ends it."""
    from corral.notify import Notifier  # loads oslo.messaging: half a second

    wanted = settings.notifications
    variable = wanted.transport_url_env
    url = None if variable is None else secret(variable, "the transport URL")
    notifier = Notifier(driver=wanted.driver, transport_url=url, topics=tuple(wanted.topics))
    closing.append(notifier.close)
    return notifier.emit

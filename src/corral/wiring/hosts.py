"""Sources of hypervisor hosts. Their drivers are found by stevedore, as those of machines are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stevedore.driver import DriverManager
from stevedore.exception import NoMatches

from corral.contracts.hosts import HostSource
from corral.domain.errors import Invalid


def open_hosts(name: str, driver: str, options: Mapping[str, Any]) -> HostSource:
    """Hosts by their driver's entry point. Raises Invalid for an unknown driver or unusable options."""
    try:
        found = DriverManager("corral.hosts", driver, invoke_on_load=False, on_load_failure_callback=_raise)
    except NoMatches:
        raise Invalid(
            f"There is no driver of hosts called {driver!r}.",
            fix="Install the package that has it, or correct the name.",
        ) from None
    opened: HostSource = found.driver(name, dict(options))
    return opened


def _raise(_manager: Any, _entry: Any, exc: Exception) -> None:
    raise exc

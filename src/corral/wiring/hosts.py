"""Sources of hypervisor hosts. Their drivers are found by stevedore, as those of machines are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stevedore.driver import DriverManager
from stevedore.exception import NoMatches

from corral.config import HypervisorSettings, Settings
from corral.contracts.border import Call
from corral.contracts.hosts import HostSource
from corral.contracts.pace import Limits, Pace
from corral.domain.errors import Invalid
from corral.services.surveyor import HostGroup
from corral.wiring.hosts_file import read_hosts


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


def host_groups(settings: Settings, listening: Callable[[str], Callable[[Call], None]]) -> tuple[HostGroup, ...]:
    """Every configured source of hosts, not opened yet. `listening`: by a source's name, what is told of each call at it."""
    return tuple(_group(one, listening(one.name)) for one in settings.hypervisors)


def _group(one: HypervisorSettings, heard: Callable[[Call], None]) -> HostGroup:
    pace = Pace(one.name, Limits(**one.limits.model_dump()))

    def opened() -> HostSource:
        try:
            found = open_hosts(one.name, one.driver, _options(one))
        except Invalid as exc:
            raise Invalid(f"Source {one.name}: {exc.message}", fix=exc.fix) from exc
        found.border.heard, found.border.pace = heard, pace
        return found

    return HostGroup(one.name, one.driver, one.survey_every, opened, lambda: file_stamp(one.hosts_file), one.mark, pace)


def _options(one: HypervisorSettings) -> dict[str, Any]:
    if one.hosts_file is None:
        return one.options
    named = one.options.get("hosts", [])
    if not isinstance(named, list):
        raise Invalid("The source's option 'hosts' must be a list of hosts.")
    return {**one.options, "hosts": [*named, *read_hosts(one.hosts_file)]}


def file_stamp(file: Path | None) -> object:
    """Another one when the file is: by its time, size and inode. None while it can't be looked at."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return found and (found.st_mtime_ns, found.st_size, found.st_ino)

"""Sources, from settings. Drivers are found by stevedore, so one may come with a package of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stevedore.driver import DriverManager
from stevedore.exception import NoMatches

from corral.config import Settings
from corral.contracts.enrolling import NodeDefaults
from corral.contracts.pace import Limits, Pace
from corral.contracts.sources import Source
from corral.domain.errors import Invalid


def open_source(name: str, driver: str, options: Mapping[str, Any]) -> Source:
    """A source by its driver's entry point. Raises Invalid for an unknown driver or unusable options."""
    try:
        found = DriverManager("corral.drivers", driver, invoke_on_load=False, on_load_failure_callback=_raise)
    except NoMatches:
        raise Invalid(
            f"There is no driver {driver!r}.", fix="Install the package that has it, or correct `driver`."
        ) from None
    opened: Source = found.driver(name, dict(options))
    return opened


def _raise(_manager: Any, _entry: Any, exc: Exception) -> None:
    raise exc


def open_sources(settings: Settings) -> dict[str, Source]:
    """Every configured source, each with its pace. Raises Invalid."""
    opened = {one.name: open_source(one.name, one.driver, one.options) for one in settings.sources}
    for one in settings.sources:
        opened[one.name].border.pace = Pace(one.name, Limits(**one.limits.model_dump()))
        _check_settings(opened[one.name])
    return opened


def _check_settings(source: Source) -> None:
    """What was written down wrong is said at the start, and not to whoever asks first."""
    try:
        source.check_settings()
    except Invalid as exc:
        raise Invalid(f"Source {source.name}: {exc.message}", fix=exc.fix) from exc


def node_defaults(settings: Settings) -> dict[str, NodeDefaults]:
    """By source, what nodes get that are made of its systems."""
    return {one.name: NodeDefaults(**one.nodes.model_dump()) for one in settings.sources}


def check_default(settings: Settings, sources: Mapping[str, Source]) -> None:
    """Raises Invalid when the default source is none of them."""
    if settings.default_source is not None and settings.default_source not in sources:
        raise Invalid(
            f"default_source is {settings.default_source!r}, which is no source.",
            fix=f"There are: {', '.join(sorted(sources)) or 'none'}.",
        )

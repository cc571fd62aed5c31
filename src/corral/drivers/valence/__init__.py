"""A pod behind Valence, OpenStack's retired service for composing racks: both generations of its REST API.

Rule: Valence chooses the blocks and tells few facts, so what it says it did is read back, and nothing is taken apart that shares
its hardware with another record. What each module knows: `options` the settings, `rules` what may be sent, `client` HTTP,
`reading` its records, `machines` a pod as a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.cloud.nothing import NoImages, NoNetworks
from corral.contracts.border import Border
from corral.contracts.sources import Source
from corral.drivers.valence.client import Client
from corral.drivers.valence.machines import ValencePod
from corral.drivers.valence.options import read_options
from corral.drivers.valence.rules import RULES

__all__ = ["open_source"]


def open_source(name: str, options: Mapping[str, Any]) -> Source:
    """A source over one Valence; `options.Options` says what may be set."""
    chosen = read_options(options)
    border = Border(RULES)
    client = Client(chosen, border)
    return Source(name, "valence", ValencePod(name, chosen, client), NoImages(), NoNetworks(), client.close, border)

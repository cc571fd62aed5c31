"""A pod of disaggregated hardware behind a Redfish CompositionService.

Rule: `open_source` only puts things together and does no I/O. What each module knows: `options` the settings, `rules` what may be
sent, `client` HTTP and login over `lines`, `links` what is followed, `messages` what an error means, `reading` records, `walk` how
far is asked, `pool` blocks and systems, `bodies` and `asking` requests, `judging` what came of them, `compose` composing and taking
apart, `machines` all of it as a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.cloud.nothing import NoImages, NoNetworks
from corral.contracts.border import Border
from corral.contracts.sources import Source
from corral.drivers.redfish.client import Client
from corral.drivers.redfish.machines import RedfishPod
from corral.drivers.redfish.options import read_options
from corral.drivers.redfish.rules import RULES

__all__ = ["open_source"]


def open_source(name: str, options: Mapping[str, Any]) -> Source:
    """A source over one pod; `options.Options` says what may be set."""
    chosen = read_options(options)
    border = Border(RULES)
    client = Client(chosen, border)
    return Source(name, "redfish", RedfishPod(name, chosen, client), NoImages(), NoNetworks(), client.close, border)

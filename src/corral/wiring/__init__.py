"""The one place that builds things: from settings to running services."""

from corral.wiring.build import build
from corral.wiring.clock import now
from corral.wiring.corral import Corral
from corral.wiring.database import open_store
from corral.wiring.extensions import open_extensions, upgrade_all
from corral.wiring.sources import open_source
from corral.wiring.tokens import open_tokens

__all__ = ["Corral", "build", "now", "open_extensions", "open_source", "open_store", "open_tokens", "upgrade_all"]

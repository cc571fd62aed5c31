"""The extension `bareon`: disk layouts are kept by a Bareon-API service, and nothing of them by Corral.

Rule: every call may be repeated and comes to the same end; an outage is told as one, so that the flow tries again.
"""

from corral.extensions.bareon.client import Client
from corral.extensions.bareon.extension import Bareon
from corral.extensions.bareon.options import Options

__all__ = ["Bareon", "Client", "Options"]

"""The agents on nodes that are being deployed: bareon's and fuel-agent's commands, over SSH.

Rule: an agent's command destroys what is on the node's disks, so a connection is made to the very host whose key is known, or not
at all; there is no way to switch that off.
"""

from corral.contracts.agents import Command
from corral.drivers.agent.ssh import Login, run

__all__ = ["Command", "Login", "run"]

"""Which blocks of a pod to take for what somebody wants. Pure: no I/O, and the same answer whatever the order of the input.

Rule: a chooser is given what a pod said and returns ids. Whether the pod agrees is its driver's to find out.
"""

from corral.chooser.choice import Choice, NoFit, Shortage, Surplus
from corral.chooser.choose import choose
from corral.chooser.room import Room, room

__all__ = ["Choice", "NoFit", "Room", "Shortage", "Surplus", "choose", "room"]

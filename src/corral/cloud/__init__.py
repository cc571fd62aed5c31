"""The cloud around the sources: sessions, and look-ups and records in Glance and Neutron.

Rule: everything that leaves goes through `wire.Wire`, whose implementations pass each call by the border first. Answers
are checked in `answers`, once, and become Corral's errors there.
"""

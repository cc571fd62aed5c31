"""What Corral knows, as frozen data and pure functions.

Rule: standard library only; no I/O, no clock, no settings. Whatever needs one of these takes it as an argument.
"""

"""Drivers: how machines of one kind of source are found and adopted, behind `contracts.sources`.

Rule: each is a package with `open_source`, found by its entry point in `corral.drivers`. A driver names every call that it may
make, per purpose, in its rules; foreign errors and SDK objects stay inside. tests/contract holds them all to the same laws.
"""

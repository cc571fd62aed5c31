"""Corral's lab: a real Keystone, Glance, Neutron, Cinder, Ironic and Redfish emulator on 127.0.0.1.

Role: run `python -m lab --help` from the root of a checkout. Everything outside `lab/inside`, `lab/seeding` and
`lab/labml2` uses the standard library only, because it has to work before anything is installed.
"""

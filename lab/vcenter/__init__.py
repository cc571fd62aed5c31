"""A vCenter that is simulated: govmomi's simulator from Debian, built once, on loopback, with an inventory of any size.

Role: what the vSphere driver is tried on. Nothing of it is installed on this machine.
"""

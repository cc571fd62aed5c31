"""A pod of disaggregated hardware: a Redfish service with a CompositionService, by the standard, whose state really changes.

`python -m lab.pod` runs one in a process of its own, `running.running_pod` does so for a test. What each module knows: `stock` the
hardware, `state` what is composed of it, `constrained` and `manifest` the other two ways to ask, `hardware` and `parts` how all
of it looks, `access` who may ask, `events` who is told, `faults` how it fails on demand, `app` HTTP.
Rule: faults are set through /control, outside of /redfish; without them the pod does what the standard says, and nothing else.
"""

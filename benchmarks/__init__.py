"""What adoption and lists cost, measured against the services themselves, on the lab.

Rule: both sides are measured in one run, in turns, at the same concurrency; only their ratio means something elsewhere.
"""

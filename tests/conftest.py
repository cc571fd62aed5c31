"""How much property tests try, and which examples: enough to find things, within seconds, on a busy machine too."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Whoever works on something lets examples vary, and finds things. Where work is accepted the same ones are tried each time: what
# is refused there is refused for what was changed.
SAME = {"derandomize": True, "database": None} if os.environ.get("CORRAL_SAME_EXAMPLES") == "1" else {}

# No deadline, and no limit for making data: a machine that is busy with other tests is no defect of the code under test.
settings.register_profile(
    "corral",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    **SAME,
)
settings.load_profile("corral")

"""How much the property tests try: enough to find things, within seconds, on a busy machine too."""

from __future__ import annotations

from hypothesis import settings

# No deadline: a machine that is busy with other tests is no defect of the code under test.
settings.register_profile("corral", deadline=None, max_examples=50)
settings.load_profile("corral")

"""Is a service answering?

Role: health is decided by HTTP alone. Ironic's process stays alive when its conductor gave up, so a pid proves nothing.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable

# No proxy: the lab is on the loopback interface, whatever http_proxy says.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
GOOD = (200, 300)


def answers(url: str, seconds: float = 2.0) -> bool:
    """True when a GET of the URL gives 200, or 300 (an OpenStack list of versions)."""
    try:
        with OPENER.open(url, timeout=seconds) as reply:
            return reply.status in GOOD
    except urllib.error.HTTPError as error:
        return error.code in GOOD
    except (OSError, ValueError):
        return False


def wait(ready: Callable[[], bool], alive: Callable[[], bool], seconds: float, pause: float = 0.1) -> bool:
    """Wait until `ready`, at most `seconds`; give up at once when the process is no longer `alive`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        if not alive():
            return False
        time.sleep(pause)
    return False

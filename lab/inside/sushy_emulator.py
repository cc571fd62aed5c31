"""sushy_emulator.py CONF: the Redfish emulator, whose machines change their power after one second.

Left alone, its fake machines take 1 to 11 seconds, at random.
"""

import sys
from types import SimpleNamespace

from sushy_tools.emulator import main
from sushy_tools.emulator.resources.systems import fakedriver

fakedriver.random = SimpleNamespace(randint=lambda low, _high: low)
sys.argv = ["sushy-emulator", "--config", sys.argv[1]]
sys.exit(main.main())

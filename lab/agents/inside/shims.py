"""What these agents need to run on Python 3.11: bareon was written for 2.7, and fuel-agent's last release says 3.5.

Role: imported before an agent's modules, in the agent's own environment; `settle` is called after them. Nothing here changes
what the agents read, compute or run.
"""

import subprocess
import sys
import types

import yaml

_load = yaml.load


def load(stream, Loader=yaml.SafeLoader):
    """PyYAML 6 wants a loader to be named."""
    return _load(stream, Loader=Loader)


yaml.load = load


def popen(*args, **kwargs):
    """Programs' output is text, as in Python 2."""
    return subprocess.Popen(*args, universal_newlines=True, **kwargs)


_texts = types.SimpleNamespace(**{**vars(subprocess), "Popen": popen})


def settle(package):
    """Give the package's modules what Python 2 had: a `filter` that makes a list, and programs that answer in text."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == package and module is not None:
            module.filter = lambda wanted, items: [item for item in items if (wanted or bool)(item)]
            if hasattr(module, "subprocess"):
                module.subprocess = _texts

"""Runs an agent's own partitioning command, as its console script would. DESTROYS what is on the disks that the data names, and
every array and volume group that it sees: in the guest only.

Role: run with the agent's packages on the path: `python partition.py bareon|fuel-agent FILE`.
"""

import importlib
import pathlib
import sys

import shims  # comes before the agent's modules

COMMANDS = {"bareon": "bareon.cmd.agent", "fuel-agent": "fuel_agent.cmd.agent"}
DRIVERS = (
    "bareon.drivers.data.simple",
    "bareon.drivers.deploy.nailgun",
    "fuel_agent.drivers.simple",
    "fuel_agent.manager",
)
# The root image's metadata is optional, and nobody serves it here: one try, no waiting.
CONFIG = "[DEFAULT]\nhttp_max_retries = 1\nhttp_retry_delay = 0\nuse_stderr = true\ndebug = true\n"


def main(agent, path):
    if not pathlib.Path("/job").is_dir():
        sys.exit("this is not the guest")
    command = importlib.import_module(COMMANDS[agent])
    package = COMMANDS[agent].partition(".")[0]
    for name in DRIVERS:
        if name.startswith(package + "."):
            importlib.import_module(name)
    shims.settle(package)
    config = pathlib.Path("/tmp/agent.conf")
    config.write_text(CONFIG)
    options = ["--config-file", str(config), "--data_driver", "nailgun_simple", "--input_data_file", path]
    sys.argv = [sys.argv[0], *options]
    command.partition()


main(*sys.argv[1:])

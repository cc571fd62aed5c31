"""Reads provisioning data with an agent's own nailgun_simple driver, and prints what the agent understood, as JSON.

Role: run with an agent's Python: `python parse.py bareon|fuel-agent FOLDER`, for all *.json of the folder. Nothing is partitioned.
"""

import importlib
import json
import pathlib
import sys

import shims  # comes before the agent's modules

MODULES = {"bareon": "bareon.drivers.data.simple", "fuel-agent": "fuel_agent.drivers.simple"}


def understood(driver):
    """The driver's objects, and what it derives from them."""
    scheme = driver.partition_scheme
    return {
        "scheme": scheme.to_dict(),
        "configdrive": scheme.configdrive_device(),
        "boot": scheme.boot_device(driver.grub.version),
        "root": scheme.root_device(),
        "skip_partitioning": bool(scheme.skip_partitioning),
        "devices": [lv.device_name for lv in scheme.lvs],
        "images": {image.target_device: image.uri for image in driver.image_scheme.images},
        "hostname": driver.configdrive_scheme.common.hostname,
    }


def main(agent, folder):
    module = importlib.import_module(MODULES[agent])
    shims.settle(module.__name__.partition(".")[0])
    from oslo_config import cfg

    cfg.CONF([], project=agent)
    # The root image's metadata is optional, and nobody serves it here: one try, no waiting.
    cfg.CONF.set_override("http_max_retries", 1)
    cfg.CONF.set_override("http_retry_delay", 0.0)
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        found[path.stem] = understood(module.NailgunSimpleDriver(json.loads(path.read_text())))
    json.dump(found, sys.stdout)


main(*sys.argv[1:])

"""cinder_all.py CONF: Cinder's API, scheduler and volume service in ONE process.

Then `transport_url = fake://` carries their messages, and no broker is needed.
"""
# ruff: noqa: E402  (the order of these imports is the point)

import sys

from cinder import monkey_patch

monkey_patch.patch()  # before anything else: it replaces sockets and threads by eventlet's

import eventlet
from cinder import objects
from oslo_config import cfg
from oslo_log import log as logging

objects.register_all()  # before any module that names objects.Volume

from cinder import rpc, service, version
from cinder.common import config
from cinder.volume import manager  # noqa: F401  (registers options)

CONF = cfg.CONF
CONF(["--config-file", sys.argv[1]], project="cinder", version=version.version_string())
logging.setup(CONF, "cinder")
config.set_middleware_defaults()
rpc.init(CONF)
scheduler = service.Service.create(binary="cinder-scheduler")
for backend in CONF.enabled_backends:
    volume = service.Service.create(
        host=f"{CONF.host}@{backend}", service_name=backend, binary="cinder-volume", coordination=True
    )
    volume.start()  # before the scheduler, which waits up to 60 s for a backend to report
scheduler.start()
api = service.WSGIService("osapi_volume")
api.start()
while True:
    eventlet.sleep(3600)

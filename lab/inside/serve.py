"""serve.py MODULE PORT [THREADS]: one OpenStack WSGI module under gunicorn.

These modules parse sys.argv themselves (oslo.config), so the server's own options must not stay on the command line.
"""

import importlib
import sys

import sqlite_writers
from gunicorn.app.base import BaseApplication


class Server(BaseApplication):
    """One worker process with threads; it is told everything here and reads no configuration."""

    def __init__(self, module, port, threads):
        self.module = module
        self.options = {
            "bind": f"127.0.0.1:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": threads,
            "timeout": 300,
            "graceful_timeout": 3,
            "keepalive": 15,
            "control_socket_disable": True,
            "proc_name": module,
        }
        super().__init__()

    def load_config(self):
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self):
        # In the worker, after the fork: the module opens its database when it is imported.
        sqlite_writers.install()
        return importlib.import_module(self.module).application


def main():
    module, port, *threads = sys.argv[1:]
    sys.argv = [module]
    Server(module, int(port), int(threads[0]) if threads else 16).run()


main()

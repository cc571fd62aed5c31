"""ironic_part.py api|conductor CONF: one half of Ironic as a process of its own, as large sites run it."""

import importlib
import sys

import kept_logins
import sqlite_writers

part, conf = sys.argv[1:]
sys.argv = [f"ironic-{part}", "--config-file", conf]
sqlite_writers.install()
kept_logins.install()
sys.exit(importlib.import_module(f"ironic.command.{part}").main())

"""ironic_all.py CONF: Ironic's API and conductor in one process, with no broker between them."""

import sys

import kept_logins
import sqlite_writers
from ironic.command.singleprocess import main

conf = sys.argv[1]
sys.argv = ["ironic", "--config-file", conf]
sqlite_writers.install()
kept_logins.install()
sys.exit(main())

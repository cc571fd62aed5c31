"""keystone_setup.py CONF URL: Keystone's tables, keys and first user, by its own tool."""

import getpass
import grp
import os
import subprocess
import sys

conf, url = sys.argv[1:]
tool = [os.path.join(os.path.dirname(sys.executable), "keystone-manage"), "--config-file", conf]
owner = ["--keystone-user", getpass.getuser(), "--keystone-group", grp.getgrgid(os.getgid()).gr_name]
urls = [part for kind in ("public", "internal", "admin") for part in (f"--bootstrap-{kind}-url", url)]

# The keys need no database, so they are made beside it.
keys = [subprocess.Popen([*tool, name, *owner]) for name in ("fernet_setup", "credential_setup")]
subprocess.run([*tool, "db_sync"], check=True)
if any(child.wait() for child in keys):
    sys.exit("keystone-manage could not make its keys")
subprocess.run(
    [*tool, "bootstrap", "--bootstrap-password", "admin", "--bootstrap-region-id", "RegionOne", *urls], check=True
)

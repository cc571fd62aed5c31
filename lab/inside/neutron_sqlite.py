"""neutron_sqlite.py URL: make Neutron's tables on SQLite from its models, because its migrations can't run there."""

import sys

import sqlalchemy
from neutron.db.migration.models import head

head.get_metadata().create_all(sqlalchemy.create_engine(sys.argv[1]))

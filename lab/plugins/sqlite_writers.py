"""Lets several threads of an OpenStack service write to one SQLite file. Imported by the scripts in lab/inside.

oslo.db begins every transaction on SQLite with a plain BEGIN. Two threads that first read and then write within their
transactions can't both go on, so SQLite refuses one of them at once with "database is locked", whatever its busy timeout
says; the services answer 500. A transaction that says at its begin that it will write waits for its turn instead.
"""

from oslo_db.sqlalchemy import enginefacade
from sqlalchemy import event
from sqlalchemy.orm import Session

_create_session = enginefacade._TransactionFactory._create_session


def _create_marked_session(self, mode, bind=None):
    session = _create_session(self, mode, bind=bind)
    if mode is enginefacade._WRITER:
        session.info["writes"] = True
    return session


def _queue_up(session, transaction, connection):
    if session.info.get("writes") and not transaction.nested and connection.dialect.name == "sqlite":
        # Nothing was read or written yet, so beginning anew loses nothing.
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def install():
    """Make writers of this process wait for each other."""
    enginefacade._TransactionFactory._create_session = _create_marked_session
    event.listen(Session, "after_begin", _queue_up)

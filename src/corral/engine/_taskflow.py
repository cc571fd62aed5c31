"""The border to TaskFlow: everything of it that the engine uses is named here, so that an upgrade is read in
one place. Nothing outside corral.engine may know that TaskFlow exists.

Never eventlet: it arrives through another package, and neither its executors nor its monkey-patching are
used.
"""

import warnings

with warnings.catch_warnings():
    # TaskFlow asks oslo.utils whether eventlet is there, and the asking alone is deprecated.
    warnings.filterwarnings("ignore", message="eventletutils module is deprecated", category=DeprecationWarning)
    # futurist imports eventlet, if another package brought it along, only to look whether it is there.
    warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated", category=Warning)
    from taskflow import states
    from taskflow.conductors.backends.impl_nonblocking import NonBlockingConductor
    from taskflow.engines.action_engine.engine import SerialActionEngine
    from taskflow.exceptions import JobFailure, NotFound, UnclaimableJob, WrappedFailure
    from taskflow.jobs.base import Job, JobBoard, JobPriority
    from taskflow.patterns.linear_flow import Flow as LinearFlow
    from taskflow.persistence.backends.impl_sqlalchemy import Connection, SQLAlchemyBackend
    from taskflow.persistence.models import FlowDetail, LogBook, atom_detail_type
    from taskflow.task import Task

__all__ = [
    "Connection",
    "FlowDetail",
    "Job",
    "JobBoard",
    "JobFailure",
    "JobPriority",
    "LinearFlow",
    "LogBook",
    "NonBlockingConductor",
    "NotFound",
    "SQLAlchemyBackend",
    "SerialActionEngine",
    "Task",
    "UnclaimableJob",
    "WrappedFailure",
    "atom_detail_type",
    "states",
]

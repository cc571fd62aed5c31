"""Durable flows on TaskFlow: persistence, job board, workers, fencing, progress.

The engine knows nothing of servers and machines: it imports only the standard library, SQLAlchemy, TaskFlow,
futurist and fasteners. SQL is the truth and the job board is a hint: a lost board costs a few seconds, never
an operation.
"""

from corral.engine.board import LocalBoard
from corral.engine.boards import SharedBoard, open_board
from corral.engine.database import database_clock, open_database, read
from corral.engine.datadir import DataDirectoryLock, lock_data_directory
from corral.engine.engine import Engine
from corral.engine.errors import (
    BoardUnusable,
    Cancelled,
    ClaimLost,
    DatabaseUnusable,
    DataDirectoryBusy,
    EngineError,
    Finished,
    Interrupted,
    KeyReused,
    Postponed,
    Released,
    StillRunning,
    UnknownFlow,
    UnknownOperation,
)
from corral.engine.flow import Flow, Json, Run, Step
from corral.engine.operation import FINAL, UNFINISHED, Event, EventKind, NewOperation, Operation, State, Submission
from corral.engine.patience import BackOff
from corral.engine.records import unfinished_flows
from corral.engine.rehearsal import Rehearsal
from corral.engine.tables import create_all, metadata
from corral.engine.taskflow_rows import upgrade_taskflow
from corral.engine.tracing import Tracing

__all__ = [
    "FINAL",
    "UNFINISHED",
    "BackOff",
    "BoardUnusable",
    "Cancelled",
    "ClaimLost",
    "DataDirectoryBusy",
    "DataDirectoryLock",
    "DatabaseUnusable",
    "Engine",
    "EngineError",
    "Event",
    "EventKind",
    "Finished",
    "Flow",
    "Interrupted",
    "Json",
    "KeyReused",
    "LocalBoard",
    "NewOperation",
    "Operation",
    "Postponed",
    "Rehearsal",
    "Released",
    "Run",
    "SharedBoard",
    "State",
    "Step",
    "StillRunning",
    "Submission",
    "Tracing",
    "UnknownFlow",
    "UnknownOperation",
    "create_all",
    "database_clock",
    "lock_data_directory",
    "metadata",
    "open_board",
    "open_database",
    "read",
    "unfinished_flows",
    "upgrade_taskflow",
]

"""How Corral's own processes log: a constant sentence, and after it what it is about, as `source=racks`."""

from __future__ import annotations

import json
import logging

from corral.cli.text import clean

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OF_EVERY_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_TALKATIVE = ("alembic.runtime.plugins", "oslo_service.backend")


def log(level: int) -> None:
    """Log to standard error, from that level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Telling(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class Telling(logging.Formatter):
    """Adds the fields of a record. They are made safe to print: some come from the world."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        told = ((name, value) for name, value in vars(record).items() if name not in _OF_EVERY_RECORD)
        return " ".join([super().formatMessage(record), *(f"{name}={_value(value)}" for name, value in told)])


def _value(value: object) -> str:
    text = clean(value)
    return text if text and " " not in text and '"' not in text else json.dumps(text, ensure_ascii=False)

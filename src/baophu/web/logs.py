"""What the log may hold."""

from __future__ import annotations

import logging
import re

_NUMBERS = re.compile(r"\d{9,13}")


class NoPersons(logging.Filter):
    """Strike out whatever could be a personal number, and drop the values of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record; it is always let through."""
        record.msg = _NUMBERS.sub("#", record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            frame = record.exc_info[2]
            while frame is not None and frame.tb_next is not None:
                frame = frame.tb_next
            place = f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else ""
            record.msg += f" ({type(record.exc_info[1]).__name__} at {place})"
            record.exc_info = None
        return True

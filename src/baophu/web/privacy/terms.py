"""Within which time the law asks for an answer.

Law 91/2025/QH15 on the protection of personal data, in force since 2026-01-01: the rights of people (article 4), notice
of a breach to the authority within 72 hours of finding it (article 23). Decree 356/2025/NĐ-CP: word to who asks within
two working days, the request done within the days below, which may be extended once by as many. The days are those that
law firms report of the decree (Frasers, 2026-01-19; CDLAF); the decree's own text was not at hand.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from baophu.core.workdays import is_workday

WORD_IN_WORKING_DAYS = 2
DAYS = {"access": 10, "correction": 10, "objection": 15, "restriction": 15, "erasure": 20}
BREACH = timedelta(hours=72)


def word_by(received: date) -> date:
    """Return the last day for the first word: two working days on, holidays of Viet Nam left out."""
    day, left = received, WORD_IN_WORKING_DAYS
    while left:
        day += timedelta(1)
        left -= is_workday(day)
    return day


def done_by(kind: str, received: date, extended: bool = False) -> date:
    """Return the last day for what was asked.

    >>> done_by("access", date(2026, 11, 2)), done_by("access", date(2026, 11, 2), extended=True)
    (datetime.date(2026, 11, 12), datetime.date(2026, 11, 22))
    """
    return received + timedelta(DAYS[kind] * (2 if extended else 1))


def report_by(found: datetime) -> datetime:
    """Return until when the authority has to hear of a breach."""
    return found + BREACH

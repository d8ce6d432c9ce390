"""Within which time the law asks for an answer: Law 91/2025/QH15 on personal data, and its Decree 356/2025/NĐ-CP.

No figure here was held against the official text (chưa đối chiếu với văn bản). What each rests on:

- both in force since 2026-01-01; word to who asks in 2 working days; objection and restriction in 15 days, 15 more
  once: law firms' pages, read in excerpts (Frasers, 2026-01-19; CDLAF);
- the rights of people, law art. 4(1): a law firm's page (DB Legal);
- access and correction in 10 days, 10 more once; erasure in 20 days, 20 more once: written without a source at first.
  CDLAF has "10 to 20 days" for all rights; notes on the decree agree, and place the days in its art. 5(2) to (4);
- a breach within 72 hours of finding it, law art. 23(1): written without a source at first; the same notes agree.

The notes are compliance notes in public code repositories, whose writers say that they read the gazette; nobody vouches
for them. By them, where a processor or a third party has to act the days are 20, 15 and 30 in place of 15, 10 and 20,
and a breach is to be reported where it may do harm (to life, health, honour, property, the country's security): neither
is worked out here. Calendar days are counted; whether the decree means those is not known.
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

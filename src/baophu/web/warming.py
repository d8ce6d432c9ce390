"""What a process of the server does before its first request, so that nobody waits for what is read once."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

from baophu.areas.units import COUNTRY
from baophu.core.errors import BaophuError
from baophu.core.workdays import workdays_until
from baophu.web import figures
from baophu.web.accounts.rights import Right
from baophu.web.accounts.scope import Held, Scope
from baophu.web.reading import NothingIndexed, Reader, newest_indexed

PAGES = ("area", "indicator", "targets", "findings", "employers", "sign_in")


def warm() -> None:
    """Read the addresses, templates, areas, indicators and targets; look at the country's figures once.

    What goes wrong here goes wrong again where somebody can be told, so it only goes to the log.
    """
    _ = get_resolver().url_patterns
    for name in PAGES:
        get_template(f"web/{name}.html")
    run = newest_indexed(settings.HOME)
    if run is None:
        return
    scope = Scope((Held(frozenset({Right.SEE}), frozenset({COUNTRY})),))
    try:
        reader = Reader(settings.HOME, run, scope)
        cards = figures.cards(reader, COUNTRY)
        figures.children(reader, COUNTRY, cards[0].trend)
        workdays_until(run.as_of, run.as_of + timedelta(7))
    except (BaophuError, NothingIndexed, OSError) as error:
        logging.getLogger(__name__).warning("not warmed: %s", type(error).__name__)

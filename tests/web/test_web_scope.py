"""What a role on an area opens: the area and what lies below it, nothing beside or above it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from site_by_hand import COMMUNE, FAR, OTHER_PROVINCE, PROVINCE, SIBLING, employer_id, finding_id, manifest

from baophu.areas.units import COUNTRY
from baophu.core.errors import UnknownName
from baophu.web.accounts import actions
from baophu.web.accounts.rights import RIGHTS, Right, Role
from baophu.web.accounts.scope import Scope, scope_of
from baophu.web.reading import Reader


@pytest.mark.parametrize(
    ("own", "sees", "does_not_see"),
    [
        (COUNTRY, [COUNTRY, PROVINCE, COMMUNE], ["unknown", "99", ""]),
        (PROVINCE, [PROVINCE, COMMUNE, SIBLING], [COUNTRY, OTHER_PROVINCE, FAR]),
        (COMMUNE, [COMMUNE], [COUNTRY, PROVINCE, SIBLING, FAR]),
    ],
)
def test_a_role_holds_below_and_neither_beside_nor_above(
    make_user: Callable[..., Any], own: str, sees: list[str], does_not_see: list[str]
) -> None:
    scope = scope_of(make_user("ministry", own))
    assert all(scope.sees(area) for area in sees)
    assert not any(scope.sees(area) for area in does_not_see)


def test_without_a_role_nothing_is_seen(make_user: Callable[..., Any]) -> None:
    scope = scope_of(make_user(None))
    assert not any(scope.may(right) for right in Right)
    assert scope.home is None
    assert scope_of(None) == Scope()


def test_a_right_holds_only_where_the_role_that_has_it_does(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry", COUNTRY)
    actions.grant(actor="test", user=user, role="commune", area_code=COMMUNE)
    scope = scope_of(user)
    assert scope.sees(SIBLING, Right.SEE)
    assert scope.sees(COMMUNE, Right.PERSONS)
    assert not scope.sees(SIBLING, Right.PERSONS)
    assert scope.communes(Right.PERSONS) == {COMMUNE}
    assert scope.communes(Right.SEE) is None
    assert scope.home == COUNTRY


def test_no_role_brings_ethnicity_poverty_and_benefits(make_user: Callable[..., Any]) -> None:
    assert not any(Right.SENSITIVE in rights for rights in RIGHTS.values())
    assert set(RIGHTS) == set(Role)
    scope = scope_of(make_user("provincial", PROVINCE, sensitive=True))
    assert scope.sees(PROVINCE, Right.SENSITIVE)
    assert not scope.sees(OTHER_PROVINCE, Right.SENSITIVE)


def test_a_role_that_has_ended_or_not_begun_opens_nothing(make_user: Callable[..., Any]) -> None:
    user = make_user("ministry", PROVINCE)
    held = user.grants.get()
    held.since = timezone.now() + timedelta(hours=1)
    held.save()
    assert not scope_of(user).may(Right.SEE)
    held.since = timezone.now() - timedelta(hours=1)
    held.save()
    actions.revoke(actor="test", held=held)
    assert not scope_of(type(user).objects.get(pk=user.pk)).may(Right.SEE)


def test_a_role_is_not_given_on_an_area_that_there_is_not(make_user: Callable[..., Any]) -> None:
    with pytest.raises(UnknownName):
        make_user("ministry", "99999")


def test_a_token_narrows_and_never_widens(make_user: Callable[..., Any]) -> None:
    whole, one = scope_of(make_user("ministry", COUNTRY)), scope_of(make_user("ministry", COMMUNE))
    assert whole.below(PROVINCE).roots(Right.SEE) == {PROVINCE}
    assert one.below(PROVINCE).roots(Right.SEE) == {COMMUNE}
    assert not one.below(SIBLING).may(Right.SEE)


@pytest.mark.parametrize(("own", "inside", "outside"), [(PROVINCE, SIBLING, FAR), (COMMUNE, COMMUNE, SIBLING)])
def test_the_reader_hands_out_nothing_from_outside(
    make_user: Callable[..., Any], home: Any, own: str, inside: str, outside: str
) -> None:
    reader = Reader(home, manifest(), scope_of(make_user("provincial", own)))
    assert reader.finding(finding_id(inside)) is not None
    assert reader.employer(employer_id(inside)) is not None
    assert len(reader.of_employer("dues", employer_id(inside))) == 1
    assert reader.values(inside, "si_total")
    assert reader.finding(finding_id(outside)) is None
    assert reader.employer(employer_id(outside)) is None
    assert reader.values(outside, "si_total") == []
    assert reader.progress(outside) == []
    assert reader.finding_counts(outside) == []
    assert reader.findings(outside).rows == ()
    assert reader.employers(outside, "cong ty").rows == ()
    assert all(
        reader.of_employer(name, employer_id(outside)) == [] for name in ("dues", "charges", "steps", "findings")
    )
    assert {row["employer_id"] for row in reader.employers(own, "rieng").rows} <= {
        employer_id(COMMUNE), employer_id(SIBLING),
    }  # fmt: skip

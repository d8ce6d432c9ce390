"""The description of the API, and what the API does when it is asked whatever the description allows, or does not."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from callers import API, caller_of, key_of
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from site_by_hand import COMMUNE, PROVINCE, SHARE, employer_id, finding_id, person
from test_web_rules import AROUND, Address, addresses, inside, rule

from baophu.areas.units import COUNTRY
from baophu.core.languages import LANGUAGES
from baophu.web.accounts import actions
from baophu.web.accounts.rights import Right, Role
from baophu.web.accounts.scope import scope_of
from baophu.web.accounts.tokens import may_give
from baophu.web.api.description import described

Make = Callable[..., Any]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described("en")["paths"].items():
        for method, one in methods.items():
            yield path, method, one


def of_api() -> list[Address]:
    return [one for one in addresses() if one.path.startswith("api/v1/")]


def test_every_operation_is_described_and_every_description_is_an_operation() -> None:
    paths = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{one.path}") for one in of_api()}
    assert {path for path, _, _ in operations()} == paths - {f"{API}/openapi.json", f"{API}/docs"}


def test_an_operation_without_a_rule_does_not_start() -> None:
    from ninja import Router

    from baophu.web.api import urls

    router = Router()
    router.get("/secret")(lambda request: {"secret": 1})
    before = list(urls.api._routers)
    try:
        urls.api._routers.append(("", router))
        with pytest.raises(TypeError, match="rule"):
            urls._rules()
    finally:
        urls.api._routers[:] = before


def test_every_operation_has_words_an_example_and_its_problems() -> None:
    for path, method, one in operations():
        assert one["summary"] and one["description"] and one["tags"], path
        assert one["responses"]["200"]["content"]["application/json"]["example"], path
        assert {"401", "403", "404", "422", "429", "500"} <= set(one["responses"]), path
        for status, answer in one["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], path
        assert one["security"][0] == {"key": []}
        assert ({"session": []} in one["security"]) == (method == "get"), path


def test_no_two_things_are_described_under_one_name() -> None:
    names = [one.__name__ for one in _models(Schema) if one.__module__.startswith("baophu.web.api")]
    assert len(names) > 30
    assert {name for name, times in Counter(names).items() if times > 1} == set()


def _models(base: type) -> Iterator[type]:
    for one in base.__subclasses__():
        yield one
        yield from _models(one)


def test_the_how_to_lists_the_operations() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "api.md").read_text(encoding="utf-8")
    listed = [f"| `{method.upper()} {path}` | {one['summary']} |" for path, method, one in operations()]
    assert page.split("## The operations")[1].splitlines()[4:] == listed


def spoken(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name in ("summary", "description") and isinstance(value, str):
                yield value
            elif name not in ("example", "examples"):
                yield from spoken(value)
    elif isinstance(tree, list):
        for one in tree:
            yield from spoken(one)


def test_the_description_is_whole_in_both_languages() -> None:
    vi, en = (list(spoken(described(lang))) for lang in LANGUAGES)
    assert len(vi) == len(en) > 300
    assert not [words for words in (*vi, *en) if " / " in words or not words.strip()]
    same = {one for one, other in zip(vi, en, strict=True) if one == other}
    assert same == set()
    letters = re.compile("[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ]", re.IGNORECASE)
    assert not [words for words in en if letters.search(words)]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [COUNTRY, PROVINCE, COMMUNE])
def test_no_key_of_any_role_is_shown_what_lies_outside(make_user: Make, role: Role, own: str) -> None:
    """As the test of all pages does with a cookie; with a key for one commune of whatever the role reaches."""
    user = make_user(role, own)
    if Right.API not in {right for held in scope_of(user).held for right in held.rights}:
        assert may_give(user) == []
        return
    program = caller_of(user, area=COMMUNE)
    scope = scope_of(user).of_token(may_give(user), COMMUNE)
    for address in of_api():
        asked = rule(address)
        for area in AROUND if address.arguments else (own,):
            answer = program.get(address.of(area))
            place = f"{role} on {own} at {address.of(area)}: {answer.status_code}"
            assert answer.status_code < 500, place
            if asked.right is not None and address.arguments:
                # A key that reaches one commune sees of wider areas nothing, and in them what lies in that commune.
                allowed = scope.sees(area if asked.area else inside(area), asked.right)
                assert (answer.status_code not in (401, 403, 404)) == allowed, place
            elif asked.right is not None:
                assert (answer.status_code not in (401, 403, 404)) == scope.may(asked.right), place


# What stands in the small run, where the description has examples of its own.
THERE = {
    "area_code": PROVINCE,
    "month": "2026-10",
    "indicator": SHARE,
    "finding_id": finding_id(COMMUNE),
    "employer_id": employer_id(COMMUNE),
    "person_key": person(COMMUNE),
}
# What a body has to say for an operation to do it, where few values of the right form will do.
DOES = {"NewEntry": {"known": 0, "outcome": "confirmed", "decided_on": "2026-11-02", "takes_back": None,
                     "register_at_fault": "", "why": "", "cost": None}}  # fmt: skip
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


# A code of the right form need not be there; a parameter that nobody knows is passed over, as on pages; keys that do
# not count are the business of `test_api_keys`.
NOT_CHECKED = [positive_data_acceptance, negative_data_rejection, ignored_auth]


@pytest.fixture
def key(make_user: Make) -> str:
    """A key that opens every operation."""
    user = make_user("national", name="everything")
    actions.grant(actor="test", user=user, role="auditor")
    return key_of(user)[1]


@lru_cache(maxsize=1)
def described_to_testers() -> Any:
    """The description as it is tested, with areas and things that there are; other calls ask for others."""
    about: dict[str, Any] = json.loads(json.dumps(described("en")))
    for methods in about["paths"].values():
        for one in methods.values():
            for told in one["parameters"]:
                if told["in"] == "path" and told["name"] in THERE:
                    told["example"] = THERE[told["name"]]
                    told["schema"] = {"enum": [told["example"]]}
    for name, values in DOES.items():
        fields = about["components"]["schemas"][name]["properties"]
        fields.update({field: {"enum": [value]} for field, value in values.items()})
        about["components"]["schemas"][name]["required"] = list(values)
    return schemathesis.openapi.from_dict(about)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", [f"{method} {path}" for path, method, _ in operations()])
@override_settings(API_RATE=10**9)
def test_whatever_is_asked_is_answered_as_described(key: str, operation: str, mode: GenerationMode) -> None:
    # Loaded here: it looks for the styles, which the first test gathers.
    from baophu.web.wsgi import application

    method, path = operation.split(" ")
    schema = described_to_testers()
    schema.app = application
    asked = schema[path][method.upper()].as_strategy(generation_mode=mode)
    answered: Counter[int] = Counter()

    @BOUNDED
    @given(case=asked)
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {key}"}, base_url="http://localhost")
        case.validate_response(answer, excluded_checks=NOT_CHECKED)
        answered[answer.status_code] += 1

    ask()
    assert max(answered) < 500
    if mode is GenerationMode.POSITIVE:
        assert answered[200], answered

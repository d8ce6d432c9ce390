"""What each operation of the API answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsers import browser_of
from callers import API, caller_of, told
from django.test import Client
from site_by_hand import (
    COMMUNE,
    FAR,
    MONTHS,
    OTHER_PROVINCE,
    PROVINCE,
    SHARE,
    SIBLING,
    company,
    employer_id,
    finding_id,
    person,
    person_name,
    pid,
    si_code,
)

from baophu.desk.models import AuditRecord
from baophu.web import reading
from baophu.web.accounts.rights import Right

Make = Callable[..., Any]


@pytest.fixture
def officer(make_user: Make) -> Client:
    """A program of an officer of a province, who may all that the role may."""
    return caller_of(make_user("provincial", PROVINCE), lang="vi")


def test_an_area_is_told_with_those_above_and_below(officer: Client) -> None:
    said = told(officer.get(f"{API}/areas/{PROVINCE}"))
    assert (said["code"], said["level"]) == (PROVINCE, "province")
    assert said["name"] == "Thành phố Hồ Chí Minh"
    assert [one["code"] for one in said["above"]] == ["00"]
    assert {COMMUNE, SIBLING} <= {one["code"] for one in said["below"]}


def test_the_overview_has_the_cards_of_the_page_with_their_months(officer: Client) -> None:
    said = told(officer.get(f"{API}/areas/{COMMUNE}/overview"))
    assert said["run"]["month"] == "2026-10-01"
    assert said["run"]["as_of"] == "2026-10-31"
    cards = {one["indicator"]: one for one in said["cards"]}
    total = cards["si_total"]
    assert total["value"] == total["series"][-1]["value"] == 1_240
    assert len(total["series"]) == len(MONTHS)
    assert total["unit"] == {"code": "person", "words": "người"}
    assert total["on_month"] == pytest.approx(10 / 1_230, abs=1e-6)
    assert total["on_year"] == pytest.approx(120 / 1_120, abs=1e-6)
    share = cards[SHARE]
    assert (share["numerator"], share["denominator"], share["denominator_source"]) == (1_240, 4_000, "NSO 2026")
    assert share["value"] == 0.31
    assert said["findings"] == [
        {"kind": "uninsured_worker", "title": said["findings"][0]["title"], "findings": 1, "amount": 1_000,
         "amount_is": "monthly"},
    ]  # fmt: skip
    assert len(said["duties"]) == 4


def test_figures_without_the_right_to_lists_say_nothing_of_findings(make_user: Make) -> None:
    reader = browser_of(make_user("ministry"))
    assert told(reader.get(f"{API}/areas/{COMMUNE}/overview"))["findings"] == []
    below = told(reader.get(f"{API}/areas/{PROVINCE}/indicators/si_total/children"))["rows"]
    assert all(one["findings"] is None for one in below)


def test_every_indicator_that_was_measured_is_told(officer: Client) -> None:
    rows = told(officer.get(f"{API}/areas/{COMMUNE}/indicators"))["rows"]
    assert {one["indicator"] for one in rows} == {
        "si_total", "si_compulsory", "si_voluntary", "hi_total", "ui_total", SHARE,
    }  # fmt: skip
    assert all(one["completeness"] == 0.97 for one in rows)


def test_an_indicator_is_told_with_its_definition(officer: Client) -> None:
    said = told(officer.get(f"{API}/areas/{COMMUNE}/indicators/{SHARE}"))
    assert said["definition"]["indicator"] == said["now"]["indicator"] == SHARE
    assert said["definition"]["denominator"]
    assert said["series"][0]["month"] == f"{MONTHS[0]}"


def test_the_areas_below_are_ranked(officer: Client) -> None:
    path = f"{API}/areas/{PROVINCE}/indicators/si_total/children"
    falling = [one for one in told(officer.get(path))["rows"] if one["value"] is not None]
    assert {one["area"]["code"] for one in falling} == {COMMUNE, SIBLING}
    rising = [one for one in told(officer.get(f"{path}?sort=name&rising=true"))["rows"] if one["area"]]
    names = [one["area"]["name"] for one in rising]
    assert len(names) == len(set(names)) > 100
    by_findings = told(officer.get(f"{path}?sort=findings"))["rows"]
    assert [one["findings"] for one in by_findings[:2]] == [1, 1]


def test_a_ranking_is_told_with_the_place_before(officer: Client, make_user: Make) -> None:
    said = told(officer.get(f"{API}/areas/{PROVINCE}/ranking"))
    assert said["by"]["code"] == "emulation" and said["period"] == "2026-10"
    places = [(one["area"]["code"], one["rank"], one["before"], one["score"]) for one in said["rows"]]
    assert places == [(COMMUNE, 1, 3, 91.5), (SIBLING, 2, 1, 80)]
    assert said["ways"] == [{"by": said["by"], "indicator": None}]
    assert told(officer.get(f"{API}/areas/{PROVINCE}/ranking?by=achieved&period=2030-12-31"))["rows"] == said["rows"]
    told(officer.get(f"{API}/areas/00/ranking"), 403)
    provinces = told(caller_of(make_user("national")).get(f"{API}/areas/00/ranking"))["rows"]
    assert [one["score"] for one in provinces] == [88, 70.25]


def test_an_indicator_is_told_with_its_forecast_and_its_parts(officer: Client, make_user: Make) -> None:
    said = told(officer.get(f"{API}/areas/{COMMUNE}/indicators/si_total"))
    assert said["ahead"][0] == {"month": "2026-11-01", "low": 1_500, "middle": 1_500, "high": 1_500}
    assert len(said["ahead"]) == 50 and said["ahead_note"]
    (by_sex,) = said["breakdowns"]
    assert {one["name"]: one["people"] for one in by_sex["parts"]} == {"nữ": 744, "nam": 496}
    assert by_sex["parts"][0]["share"] == 0.6
    path = f"{API}/areas/{COMMUNE}/indicators/hi_total"
    few = [one["people"] for one in told(officer.get(path))["breakdowns"][0]["parts"]]
    trusted = caller_of(make_user("provincial", PROVINCE, name="trusted", sensitive=True))
    assert None in few and 3 in [one["people"] for one in told(trusted.get(path))["breakdowns"][0]["parts"]]


def test_targets_are_told_with_the_decision_and_what_was_handed_on(make_user: Make) -> None:
    rows = told(caller_of(make_user("national")).get(f"{API}/areas/00/targets?every=true"))["rows"]
    assert rows
    total = next(one for one in rows if one["indicator"] == "si_total")
    assert total["decision"] and total["words"] and total["state"]["words"]
    assert total["handed_on"]["units"] == 34


def test_the_calendar_has_what_falls_due_the_nearest_first(officer: Client) -> None:
    said = told(officer.get(f"{API}/areas/{PROVINCE}/calendar"))
    days = [one["due"] for one in said["rows"]]
    assert days == sorted(days)
    assert days[0] >= said["today"]
    one_month = told(officer.get(f"{API}/areas/{PROVINCE}/calendar?month={days[0][:7]}"))["rows"]
    assert one_month and all(one["due"].startswith(days[0][:7]) for one in one_month)
    assert told(officer.get(f"{API}/areas/{PROVINCE}/calendar?month=2026-13"), 422)["errors"]


def test_what_indicators_and_kinds_mean_is_told(officer: Client) -> None:
    assert "si_total" in {one["indicator"] for one in told(officer.get(f"{API}/indicators"))["rows"]}
    assert "uninsured_worker" in {one["kind"] for one in told(officer.get(f"{API}/kinds"))["rows"]}


def test_findings_are_filtered_and_paged(officer: Client) -> None:
    path = f"{API}/areas/{PROVINCE}/findings"
    first = told(officer.get(f"{path}?size=1&kind=uninsured_worker&sort=amount"))
    second = told(officer.get(path, {"size": 1, "sort": "amount", "after": first["next"]}))
    assert first["count"] == 2
    assert {first["rows"][0]["finding_id"], second["rows"][0]["finding_id"]} == {
        finding_id(COMMUNE), finding_id(SIBLING),
    }  # fmt: skip
    assert second["next"] is None
    assert told(officer.get(f"{path}?status=resolved"))["rows"] == []
    assert told(officer.get(f"{path}?kind=late_payment"))["rows"] == []


def test_a_finding_is_told_with_its_evidence_and_masked(officer: Client) -> None:
    answer = officer.get(f"{API}/findings/{finding_id(COMMUNE)}")
    said = told(answer)
    assert said["claim"] and said["article"] and said["next_step"]
    assert said["who"].endswith(pid(COMMUNE)[-3:])
    assert pid(COMMUNE) not in answer.content.decode()
    assert [one["points"] for one in said["parts"]] == [150, 650, 800, 650, 600]
    assert said["evidence"][0]["facts"][0]["name"]
    assert said["person"] == person(COMMUNE)


def test_a_key_without_the_right_to_people_is_given_no_way_to_them(make_user: Make) -> None:
    program = caller_of(make_user("provincial", PROVINCE), [Right.SEE, Right.WORK])
    assert told(program.get(f"{API}/findings/{finding_id(COMMUNE)}"))["person"] is None
    told(program.get(f"{API}/persons/{person(COMMUNE)}"), 403)


def test_employers_are_listed_and_found_by_name(officer: Client) -> None:
    path = f"{API}/areas/{PROVINCE}/employers"
    first = told(officer.get(f"{path}?size=1"))
    assert first["count"] == 2
    second = told(officer.get(path, {"size": 1, "after": first["next"]}))
    assert {first["rows"][0]["name"], second["rows"][0]["name"]} == {company(COMMUNE), company(SIBLING)}
    assert told(officer.get(f"{path}?name=xyz"))["rows"] == []
    assert told(officer.get(f"{path}?name=001085 123456"), 422)["errors"][0]["where"] == "query.name"
    assert told(officer.get(f"{path}?name=rieng&step=list&on=2026-11-15"))["rows"]
    assert told(officer.get(f"{path}?step=list&on=2026-11-16"))["rows"] == []


def test_an_employer_is_told_with_dues_charges_and_the_next_step(officer: Client) -> None:
    said = told(officer.get(f"{API}/employers/{employer_id(COMMUNE)}"))
    assert said["name"] == company(COMMUNE)
    assert said["dues"][0]["outstanding"] == 5_000
    assert said["dues"][0]["state"]["words"] == "Chưa đến hạn"
    assert said["charges"][0]["charge"] == 2
    assert said["next_step"]["on"] == "2026-11-15"
    assert said["open_findings"][0]["finding_id"] == finding_id(COMMUNE)
    assert said["workers"][0] == {"month": "2026-10-01", "paid": 9, "declared": 7, "unseen": 2}


def test_a_month_of_an_employer_is_explained(officer: Client) -> None:
    path = f"{API}/employers/{employer_id(COMMUNE)}/months"
    said = told(officer.get(f"{path}/2026-10"))
    assert said["due"] and said["charge"]
    for month in ("2019-01", "2026-13", "x"):
        told(officer.get(f"{path}/{month}"), 404)
    told(officer.get(f"{API}/employers/{employer_id(FAR)}/months/2026-10"), 404)


def test_a_person_is_told_masked_and_the_opening_recorded_with_the_key(make_user: Make) -> None:
    answer = caller_of(make_user("commune", COMMUNE, name="lan", sensitive=True)).get(
        f"{API}/persons/{person(COMMUNE)}"
    )
    told(answer, 401)  # The role has no right to use the API.
    answer = caller_of(make_user("provincial", PROVINCE)).get(f"{API}/persons/{person(COMMUNE)}")
    said = told(answer)
    assert said["full_name"] == person_name(COMMUNE)
    assert not said["revealed"]
    assert pid(COMMUNE) not in answer.content.decode() and si_code(COMMUNE) not in answer.content.decode()
    assert said["ethnic"] is said["poverty"] is None and said["benefits"] == []
    assert len(said["spells"]) == 3 and said["gaps"][0]["months"] == 12
    assert answer.headers["Cache-Control"] == "no-store"
    (opened,) = AuditRecord.objects.filter(action=AuditRecord.Action.OPEN_PERSON)
    assert opened.detail["token"] and opened.subject == f"person:{person(COMMUNE)}"


def test_ethnicity_poverty_and_benefits_need_their_right_in_the_key_too(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE, sensitive=True)
    whole = told(caller_of(user).get(f"{API}/persons/{person(COMMUNE)}"))
    assert whole["ethnic"] and whole["poverty"] and whole["benefits"]
    some = told(caller_of(user, [Right.PERSONS]).get(f"{API}/persons/{person(COMMUNE)}"))
    assert some["ethnic"] is some["poverty"] is None and some["benefits"] == []


def test_numbers_in_full_need_a_right_and_a_purpose_that_is_recorded_first(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    path = f"{API}/persons/{person(COMMUNE)}"
    body = {"purpose": "Đối chiếu hồ sơ giấy theo công văn 12"}
    told(caller_of(user, [Right.PERSONS]).post(path, body, content_type="application/json"), 403)
    program = caller_of(user, [Right.PERSONS, Right.REVEAL])
    for purpose in ("", "xem", f"của {pid(COMMUNE)} cho chắc"):
        said = told(program.post(path, {"purpose": purpose}, content_type="application/json"), 422)
        assert said["errors"][0]["where"] == "body.purpose"
    assert not AuditRecord.objects.filter(action=AuditRecord.Action.REVEAL).exists()
    said = told(program.post(path, body, content_type="application/json"))
    assert said["revealed"] and said["pid"] == pid(COMMUNE) and said["numbers"][0]["number"] == si_code(COMMUNE)
    (revealed,) = AuditRecord.objects.filter(action=AuditRecord.Action.REVEAL)
    assert revealed.detail["purpose"] == body["purpose"]


def test_the_search_finds_within_the_areas_and_takes_numbers_by_post_alone(officer: Client) -> None:
    said = told(officer.get(f"{API}/search?q=rieng"))
    assert {one["name"] for one in said["employers"]} == {company(COMMUNE), company(SIBLING)}
    assert {one["full_name"] for one in said["persons"]} == {person_name(COMMUNE), person_name(SIBLING)}
    assert OTHER_PROVINCE not in {one["code"] for one in told(officer.get(f"{API}/search?q=hanoi"))["areas"]}
    refused = officer.get(f"{API}/search?q={pid(COMMUNE)}")
    assert told(refused, 422)["errors"][0]["where"] == "query.q"
    assert pid(COMMUNE) not in refused.content.decode()
    answer = officer.post(f"{API}/search", {"q": pid(COMMUNE)}, content_type="application/json")
    assert [one["person"] for one in told(answer)["persons"]] == [person(COMMUNE)]
    assert pid(COMMUNE) not in answer.content.decode()
    far = officer.post(f"{API}/search", {"q": pid(FAR)}, content_type="application/json")
    assert told(far)["persons"] == []


def test_loads_runs_and_who_asks_are_told(officer: Client) -> None:
    assert told(officer.get(f"{API}/loads")) == {"count": 0, "rows": [], "next": None}
    (run,) = told(officer.get(f"{API}/runs"))["rows"]
    assert run["shown"] and run["month"] == "2026-10-01"
    me = told(officer.get(f"{API}/me"))
    assert me["home"] == PROVINCE and me["key"]["name"] == "test"
    assert {"see", "work", "reveal"} <= {one["right"] for one in me["rights"]}
    assert "sensitive" not in {one["right"] for one in me["rights"]}


def test_the_record_is_told_to_who_audits(make_user: Make) -> None:
    told(caller_of(make_user("provincial", PROVINCE)).get(f"{API}/persons/{person(COMMUNE)}"))
    auditor = caller_of(make_user("auditor"))
    rows = told(auditor.get(f"{API}/audit?action=persons.open&actor=provincial&since=2026-01-01"))["rows"]
    assert [one["subject"] for one in rows] == [f"person:{person(COMMUNE)}"]
    first = told(auditor.get(f"{API}/audit?size=1"))
    second = told(auditor.get(f"{API}/audit", {"size": 1, "after": first["next"]}))
    assert second["rows"][0]["id"] < first["rows"][0]["id"]
    told(caller_of(make_user("ministry", name="nobody")).get(f"{API}/audit"), 401)


def test_answers_are_in_the_language_that_is_asked_for(make_user: Make) -> None:
    user = make_user("provincial", PROVINCE)
    path = f"{API}/areas/{PROVINCE}"

    def name(program: Client, query: str = "") -> str:
        answer = program.get(path + query)
        assert answer.headers["Content-Language"] in ("vi", "en")
        assert "Accept-Language" in answer.headers["Vary"]
        return str(told(answer)["name"])

    assert name(caller_of(user)) == "Thành phố Hồ Chí Minh"
    english = caller_of(user, accept_language="fr;q=0.9, en-GB;q=0.8, vi;q=0.1")
    assert name(english) == "Ho Chi Minh City"
    assert name(english, "?lang=vi") == "Thành phố Hồ Chí Minh"
    user.language = "en"
    user.save()
    assert name(caller_of(user)) == "Ho Chi Minh City"


def test_articles_are_in_the_language_of_the_answer_and_letters_are_letters(officer: Client) -> None:
    path = f"{API}/findings/{finding_id(COMMUNE)}"
    vi, en = officer.get(path), officer.get(f"{path}?lang=en")
    assert "Luật 41/2024" in told(vi)["article"] and "Law 41/2024" in told(en)["article"]
    assert "Luật" in vi.content.decode()


def test_a_way_of_ranking_is_told_once_however_many_its_days(make_user: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"criterion": "achieved", "indicator": "si_total", "scope": "all", "period": f"2026-{month}"}
        for month in ("11-30", "12-31")
    ]
    monkeypatch.setattr(reading.Reader, "ranked_below", lambda self, area: rows)
    ways = told(caller_of(make_user("national")).get(f"{API}/areas/00/ranking"))["ways"]
    assert [(one["by"]["code"], one["indicator"]) for one in ways] == [("achieved", "si_total")]

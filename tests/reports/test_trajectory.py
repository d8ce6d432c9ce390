"""Trajectories: the title is the sentence the chart proves; what is drawn is in the table too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from baophu.reports.charts import svg
from baophu.reports.trajectory import sparkline, trajectory
from baophu.reports.view import View, farthest, headline, in_view, lead, view_of


def view(tmp_path: Path, as_of: date = date(2025, 11, 30), area: str = "00") -> View:
    return view_of(area, as_of, "en", tmp_path)


def test_the_title_says_how_far_it_is(tmp_path: Path) -> None:
    shown = view(tmp_path)
    row = farthest(shown.rows, "si_total")
    assert row is not None
    drawing = trajectory(row, shown.targets, "vi")
    assert drawing.title == "Người tham gia BHXH: còn thiếu 9,29\u00a0triệu người so với chỉ tiêu 2030"
    assert "20.040.000\u00a0người (30/11/2025)" in drawing.alternative
    assert ("31/12/2030", "29.334.000\u00a0người", "chỉ tiêu") in drawing.rows


def test_a_share_is_short_by_points_and_its_axis_says_where_it_begins(tmp_path: Path) -> None:
    shown = view(tmp_path)
    row = farthest(shown.rows, "si_coverage_working_age_lf")
    assert row is not None
    drawing = trajectory(row, shown.targets, "en")
    assert drawing.title == "SI coverage (working-age LF): 17.6 points short of the target of 2030"
    text = svg(drawing)
    assert "does not begin at 0" in text
    for label in ("2022: 37", "2023: 40.2", "2025: 45", "2030: 60", "883-CTr/BCSĐ"):
        assert label in text


def test_a_sparkline_needs_two_values(tmp_path: Path) -> None:
    shown = view(tmp_path)
    row, _ = headline(shown.rows, "late_payment_rate")
    assert row is not None
    assert row.figure is not None
    assert sparkline([row.figure], row.goal, row.target.period_end, shown.as_of, "vi") is None


def test_a_card_is_about_the_next_target_and_the_milestone_before(tmp_path: Path) -> None:
    row, milestone = headline(view(tmp_path, date(2026, 11, 22)).rows, "si_coverage_working_age_lf")
    assert row is not None
    assert milestone is not None
    assert (row.target.period_end.year, milestone.target.period_end.year) == (2030, 2025)
    assert milestone.state == "met"


def test_what_the_press_reports_is_no_headline_where_something_was_decided(tmp_path: Path) -> None:
    row, _ = headline(view(tmp_path).rows, "si_total")
    assert row is not None
    assert row.target.decision.id == "nq-403-2025"


def test_long_ended_targets_leave_the_view(tmp_path: Path) -> None:
    shown = view(tmp_path, date(2026, 11, 22))
    years = {row.target.period_end.year for row in in_view(shown.rows, shown.as_of)}
    assert years == {2025, 2030}
    assert 2022 in {row.target.period_end.year for row in shown.rows}


def test_the_lead_says_value_share_gap_and_pace(tmp_path: Path) -> None:
    assert lead(view(tmp_path)).replace("\u00a0", " ") == (
        "Social insurance: over 20,040,000 people (30 Nov 2025), 68.3 % of the target of 2030; "
        "9,294,000 people short. From now on 152,361 people more are needed each month to the end of 2030."
    )
    assert "No target of participants" in lead(view(tmp_path, area="46"))


def test_the_lead_of_an_area_whose_target_has_no_value_still_tells_the_target(tmp_path: Path) -> None:
    assert "the target of 2030 is at least 1,665,856" in lead(view(tmp_path, area="75")).replace("\u00a0", " ")


def test_the_lead_needs_no_pace_from_a_value_of_years_ago(tmp_path: Path) -> None:
    told = lead(view(tmp_path, area="01"))  # Hà Nội's last figure is of October 2021
    assert "30 Oct 2021" in told
    assert "each month" not in told


def test_the_pace_counts_from_the_as_of_date(tmp_path: Path) -> None:
    row, _ = headline(view(tmp_path, date(2026, 11, 22)).rows, "si_total")
    assert row is not None
    assert row.pace is not None
    assert row.pace.months_left == 49

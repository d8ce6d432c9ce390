"""Forecasts: they add up, stay within bounds, mind Tết and known shocks, and use no model that is not better."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from baophu.areas.units import tree
from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.core.months import months_later
from baophu.targets.forecast.backtest import origins_of
from baophu.targets.forecast.counts_by_area import counts_of
from baophu.targets.forecast.events import Event, declared, share_of_tet
from baophu.targets.forecast.forecasting import Forecast, forecast_scheme, months_ahead
from baophu.targets.forecast.methods import NAIVE

LAST = date(2026, 10, 1)
# Six communes of two provinces.
COMMUNES = [area.code for province in tree().provinces[:2] for area in tree().children(province.code)[:3]]


def months_to(last: date, known: int) -> list[date]:
    return [months_later(last, step - known + 1) for step in range(known)]


def table(values: np.ndarray, last: date = LAST, codes: list[str] = COMMUNES) -> pl.DataFrame:
    """The rows of (communes, months)."""
    months = months_to(last, values.shape[1])
    rows = [
        (code, month, int(people))
        for code, own in zip(codes, values, strict=False)
        for month, people in zip(months, own, strict=True)
    ]
    return pl.DataFrame(rows, schema={"area_code": pl.String, "month": pl.Date, "participants": pl.Int64}, orient="row")


def walks(known: int, seed: int = 1, start: int = 4000, drift: float = 5.0, noise: float = 20.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = rng.normal(drift, noise, (len(COMMUNES), known))
    return np.maximum(start + np.cumsum(steps, axis=1), 0).round()


def of(made: Forecast, area: str) -> pl.DataFrame:
    return made.rows.filter(pl.col("area_code") == area).sort("month")


@pytest.fixture(scope="module")
def made() -> Forecast:
    return forecast_scheme(table(walks(72)), "compulsory", LAST)


def test_every_area_and_month_to_december_2030_has_a_row(made: Forecast) -> None:
    areas = 1 + len(tree().provinces) + len(tree().communes)
    assert made.rows.height == areas * 50
    assert made.rows["month"].min() == date(2026, 11, 1)
    assert made.rows["month"].max() == date(2030, 12, 1)
    assert sum(made.rows.null_count().row(0)) == 0


def test_communes_sum_to_provinces_and_the_country_to_the_last_person(made: Forecast) -> None:
    parents = {area.code: str(area.parent) for area in tree().communes}
    leaves = made.rows.filter(pl.col("area_code").is_in(list(parents)))
    by_province = (
        leaves.with_columns(pl.col("area_code").replace(parents))
        .group_by("area_code", "month")
        .agg(pl.col("p50").sum().alias("sum"))
    )
    provinces = made.rows.join(by_province, on=["area_code", "month"])
    assert provinces.height == 34 * 50
    assert (provinces["p50"] == provinces["sum"]).all()
    country = provinces.group_by("month").agg(pl.col("p50").sum()).sort("month")
    assert country["p50"].to_list() == of(made, "00")["p50"].to_list()


def test_low_middle_and_high_are_in_order_and_nobody_is_below_zero(made: Forecast) -> None:
    assert (made.rows["p10"] >= 0).all()
    assert (made.rows["p10"] <= made.rows["p50"]).all()
    assert (made.rows["p50"] <= made.rows["p90"]).all()


def test_the_same_counts_give_the_same_forecast(made: Forecast) -> None:
    again = forecast_scheme(table(walks(72)).reverse(), "compulsory", LAST)
    assert again.rows.equals(made.rows)
    assert again.trials.equals(made.trials)


def test_no_more_participate_than_exist() -> None:
    counted = walks(72)
    country, commune = int(counted.sum(axis=0)[-12:].max()) + 20, int(counted[:, -12:].max()) + 5
    most = {("labour_force_15plus", code): commune for code in COMMUNES} | {("labour_force_15plus", "00"): country}
    made = forecast_scheme(table(counted), "compulsory", LAST, people=most)
    for code in COMMUNES:
        assert of(made, code)["p90"].max() <= commune
    assert of(made, "00")["p50"].max() == country
    assert of(made, "00")["p90"].max() == country


def test_where_more_work_than_live_there_is_no_ceiling_and_this_is_told() -> None:
    most = {("labour_force_15plus", COMMUNES[0]): 100}
    made = forecast_scheme(table(walks(72)), "compulsory", LAST, people=most)
    assert of(made, COMMUNES[0])["p50"].min() > 1000
    assert any("no ceiling" in note.en for note in made.notes)


def test_a_shrinking_commune_does_not_fall_below_nobody() -> None:
    falling = np.maximum(600 - 10 * np.arange(48.0), 0)[None, :].repeat(len(COMMUNES), axis=0)
    made = forecast_scheme(table(falling), "voluntary", LAST)
    assert made.rows["p10"].min() == 0
    assert of(made, "00")["p50"][-1] >= 0


@pytest.mark.parametrize("known", [2, 5, 12, 24, 35])
def test_a_short_history_is_forecast_by_a_naive_method_and_says_so(known: int) -> None:
    made = forecast_scheme(table(walks(known)), "compulsory", LAST)
    rows = of(made, COMMUNES[0])
    assert rows["model"][0] in NAIVE
    assert not made.rows["beats_naive"].any()
    assert rows["why"][0] == ("short" if known >= 6 else "untried")
    widths = (rows["p90"] - rows["p10"]).to_list()
    assert widths[0] > 0
    assert widths[-1] > 3 * widths[0]


def test_of_twelve_months_the_ranges_are_wider_than_chance_alone() -> None:
    rows = of(forecast_scheme(table(walks(12)), "compulsory", LAST), "00")
    of_chance = 2 * 1.2816 * 20 * (6 * 12) ** 0.5
    assert (rows["p90"] - rows["p10"])[11] > 1.5 * of_chance


def test_one_month_alone_goes_on() -> None:
    made = forecast_scheme(table(walks(1)), "compulsory", LAST)
    assert set(of(made, COMMUNES[0])["p50"]) == {int(walks(1)[0, 0])}


def test_a_model_is_used_only_where_it_was_nearer_than_every_naive_method(made: Forecast) -> None:
    error = made.trials.with_columns(is_naive=pl.col("model").is_in(NAIVE))
    best = error.filter("is_naive").group_by("area_code").agg(pl.col("error").min().alias("naive"))
    used = error.filter("used").join(best, on="area_code")
    models = used.filter(~pl.col("is_naive"))
    assert (models["error"] < models["naive"]).all()
    assert (used.filter("is_naive")["error"] == used.filter("is_naive")["naive"]).all()
    why = made.rows.select("area_code", "beats_naive", "why").unique()
    assert set(why.filter("beats_naive")["why"]) <= {"better"}
    assert set(why.filter(~pl.col("beats_naive"))["why"]) <= {"no_better", "nobody", "constant"}


def test_of_pure_chance_no_model_makes_a_forecast() -> None:
    rng = np.random.default_rng(4)
    chance = (3000 + np.cumsum(rng.normal(0, 40, (6, 72)), axis=1)).round()
    made = forecast_scheme(table(chance), "compulsory", LAST)
    used = made.rows.filter(pl.col("area_code").is_in(COMMUNES)).select("area_code", "beats_naive").unique()
    assert used["beats_naive"].sum() <= 2


def test_eight_of_ten_months_lay_between_low_and_high() -> None:
    rng = np.random.default_rng(5)
    codes = [area.code for area in tree().communes[:60]]
    chance = (3000 + np.cumsum(rng.normal(0, 40, (60, 72)), axis=1)).round()
    made = forecast_scheme(table(chance, codes=codes), "compulsory", LAST)
    within = made.trials.filter(pl.col("used") & pl.col("area_code").is_in(codes))["coverage"].mean()
    assert isinstance(within, float)
    assert 0.7 < within < 0.9


def test_a_pace_that_changes_for_all_widens_the_ranges_of_all() -> None:
    rng = np.random.default_rng(6)
    codes = [area.code for area in tree().communes[:60]]
    chance = 3000 + np.cumsum(rng.normal(0, 40, (60, 84)), axis=1)
    # The pace turns every 18 months, here and there by another share of the people.
    pace = np.repeat(rng.normal(0, 60, 5), 18)[:84]
    turning = np.maximum(chance + np.cumsum(pace)[None, :], 0).round()

    def width(values: np.ndarray, area: str) -> int:
        rows = of(forecast_scheme(table(values, codes=codes), "compulsory", LAST), area)
        return int((rows["p90"] - rows["p10"])[24])

    for area in ("00", codes[0]):
        assert width(turning, area) > 1.5 * width(chance.round(), area)


def test_what_grows_ever_faster_lies_within_the_range_that_was_told() -> None:
    # Each year twice the gain of the year before: told from two years ago, held against what came.
    month = np.arange(84.0)
    faster = (2000 + 400 * 1.4 ** (month / 12))[None, :].repeat(6, axis=0)
    noise = np.random.default_rng(7).normal(0, 15, (6, 84))
    counted = (faster + np.cumsum(noise, axis=1)).round()
    then = months_later(LAST, -24)
    rows = of(forecast_scheme(table(counted[:, :60], last=then), "voluntary", then), "00")[:24]
    came = counted[:, 60:].sum(axis=0)
    within = (rows["p10"].to_numpy() <= came) & (came <= rows["p90"].to_numpy())
    assert within.mean() >= 0.8


def test_tet_lowers_the_months_of_tet_to_come() -> None:
    months = months_to(LAST, 84)
    dip = np.array([1 - 0.1 * share_of_tet(month) for month in months])
    made = forecast_scheme(table(np.full((6, 84), 5000.0) * dip), "compulsory", LAST)
    by_month = dict(zip(of(made, "00")["month"], of(made, "00")["p50"], strict=True))
    # Tết is on 2027-02-06 and on 2028-01-26: in these two years the dip is in different months.
    assert by_month[date(2027, 2, 1)] < 0.94 * by_month[date(2026, 12, 1)]
    assert by_month[date(2028, 1, 1)] < 0.94 * by_month[date(2027, 12, 1)]
    assert by_month[date(2028, 3, 1)] > 0.99 * by_month[date(2027, 12, 1)]


def shocked(kind: str, months: int) -> Event:
    return Event(
        id="reform", name=Text("Cải cách", "Reform"), start=date(2026, 3, 1), months=months, kind=kind,
        schemes=("compulsory",), sources=("a test",),
    )  # fmt: skip


def test_a_lasting_event_lifts_the_level_and_not_the_trend() -> None:
    steady = 3000 + 10.0 * np.arange(72)
    months = months_to(LAST, 72)
    event = shocked("level", 2)
    lifted = steady + np.array([900 * event.share(month) for month in months])
    made = forecast_scheme(table(lifted[None, :].repeat(6, axis=0)), "compulsory", LAST, events=[event])
    expected = 6 * (3000 + 10 * (71 + 50) + 900)
    assert of(made, "00")["p50"][-1] == pytest.approx(expected, rel=0.02)
    untold = forecast_scheme(table(lifted[None, :].repeat(6, axis=0)), "compulsory", LAST, events=[])
    assert untold.rows.filter(pl.col("area_code") == "00")["p50"].max() > expected * 1.05


def test_what_a_temporary_event_took_comes_back() -> None:
    steady = 3000 + 10.0 * np.arange(72)
    months = months_to(LAST, 72)
    event = shocked("temporary", 12)
    down = steady - np.array([900 * event.share(month) for month in months])
    made = forecast_scheme(table(down[None, :].repeat(6, axis=0)), "compulsory", LAST, events=[event])
    by_month = dict(zip(of(made, "00")["month"], of(made, "00")["p50"], strict=True))
    assert by_month[date(2027, 3, 1)] - by_month[date(2027, 2, 1)] > 4000


def test_a_missing_month_is_told_and_no_zero() -> None:
    gone = date(2026, 5, 1)
    counts = counts_of(table(walks(48)).filter(pl.col("month") != gone), "health", LAST)
    at = counts.months.index(gone)
    before, here, after = counts.values[0, at - 1 : at + 2]
    assert here == pytest.approx((before + after) / 2)
    assert any("1 months are missing (2026-05)" in note.en for note in counts.notes)


def test_codes_of_earlier_times_go_to_the_communes_of_today_and_what_cannot_be_placed_is_unknown() -> None:
    from baophu.areas.conversion import convert, mapping

    moved = next(row for row in mapping() if row.level == "commune" and convert(row.old_code).status == "moved")
    now = convert(moved.old_code).units[0]
    rows = table(np.full((4, 12), 10.0), codes=[moved.old_code, now.code, "99999", "52-unknown"])
    counts = counts_of(rows, "compulsory", LAST)
    place = counts.tree.codes.index
    assert counts.values[place(now.code)].tolist() == [20.0] * 12
    assert counts.values[place("unknown")].tolist() == [10.0] * 12
    assert counts.values[place("52-unknown")].tolist() == [10.0] * 12
    assert counts.values[place("52")].sum() == 120.0 + (120.0 * 2 if now.parent == "52" else 0)
    assert counts.values[0].tolist() == [40.0] * 12
    assert any("were added to the communes of today" in note.en for note in counts.notes)
    assert any("stand under 'unknown'" in note.en for note in counts.notes)


def test_the_unknown_are_forecast_beside_the_communes() -> None:
    rows = pl.concat([table(walks(40)), table(np.full((1, 40), 7.0), codes=["unknown"])])
    made = forecast_scheme(rows, "compulsory", LAST)
    assert set(of(made, "unknown")["p50"]) == {7}
    assert set(of(made, "unknown")["why"]) == {"constant"}


def test_nothing_counted_is_an_error_that_says_how_to_mend_it() -> None:
    with pytest.raises(BaophuError) as error:
        forecast_scheme(table(walks(12)).clear(), "health", LAST)
    assert error.value.mend is not None


def test_counts_that_end_early_are_told() -> None:
    made = forecast_scheme(table(walks(12), last=date(2026, 8, 1)), "compulsory", LAST)
    assert made.rows["month"].min() == date(2026, 9, 1)
    assert any("reach 2026-08 only" in note.en for note in made.notes)


@pytest.mark.parametrize(
    ("last", "ahead"),
    [(date(2025, 10, 1), 62), (date(2024, 1, 1), 62), (date(2026, 10, 1), 50), (date(2030, 1, 1), 24)],
)
def test_forecasts_reach_to_december_2030_24_to_62_months_ahead(last: date, ahead: int) -> None:
    assert len(months_ahead(last)) == ahead


def test_nothing_is_tried_on_what_it_has_seen() -> None:
    assert origins_of(48) == (36, 24)
    made = forecast_scheme(table(walks(48)), "compulsory", LAST)
    changed = walks(48)
    changed[:, 36:] += 5000
    # From the earlier origins nothing of the last year is known: only what came is different.
    assert not made.trials.is_empty()
    other = forecast_scheme(table(changed), "compulsory", LAST)
    first = made.trials.filter(pl.col("area_code") == COMMUNES[0], pl.col("model") == "naive")["error"][0]
    then = other.trials.filter(pl.col("area_code") == COMMUNES[0], pl.col("model") == "naive")["error"][0]
    # 12 months from either origin are compared with what was lifted, and 12 of one with what was not.
    assert then == pytest.approx(5000 * 24 / 36, rel=0.1)
    assert first < 300


def test_every_declared_event_has_a_source_and_a_scheme() -> None:
    for event in declared():
        assert event.sources
        assert set(event.schemes) <= {"compulsory", "voluntary", "unemployment", "health", "any_si"}
    assert {"law-41-2024", "two-level-government"} <= {event.id for event in declared()}


def test_a_step_of_a_run_writes_both_tables(tmp_path: Path) -> None:
    from types import SimpleNamespace

    from baophu.targets.forecast.steps import STEPS

    folder = tmp_path / "series"
    folder.mkdir()
    rows = table(walks(40)).with_columns(scheme=pl.lit("compulsory"), place=pl.lit("managed"))
    resident = rows.with_columns(place=pl.lit("resident"), participants=pl.lit(1, pl.Int64))
    pl.concat([rows, resident]).write_parquet(folder / "part-0000.parquet")

    def out(name: str) -> Path:
        (tmp_path / name).mkdir(exist_ok=True)
        return tmp_path / name

    shares: list[float] = []
    work = SimpleNamespace(
        result=lambda name: [folder / "part-0000.parquet"], registers=lambda name: [], month=LAST, out=out,
        progress=shares.append, note=lambda text: None,
    )  # fmt: skip
    step = next(step for step in STEPS if step.name == "forecast compulsory")
    said = step.do(work)  # type: ignore[arg-type]
    written = pl.read_parquet(tmp_path / "forecasts" / "part-compulsory.parquet")
    assert said == {"forecasts": written.height, "backtest": pl.read_parquet(tmp_path / "backtest" / "*").height}
    assert written.filter(pl.col("area_code") == "00")["p50"][0] > 10_000
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1

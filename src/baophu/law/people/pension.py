"""The rate and amount of a pension, its floor, the grant on retirement, and the average base.

Law 41/2024 arts 5(6), 66, 68, 72-73, 98-104, 141(11); Decrees 158/2025 and 159/2025. Both schemes have one formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Day
from fractions import Fraction

from baophu.core.errors import BaophuError
from baophu.core.languages import Text
from baophu.law.parameters import Book, Value
from baophu.law.people.telling import LAW_2024, YEAR, Figures, amount_of, fraction_of, month_words, teller, whole
from baophu.law.trace import Failed, Step

HALF = Fraction(1, 2)


def years_of(book: Book, months: int, on: Day = LAW_2024) -> Fraction:
    """Return the years that months count for in amounts: a few odd months are half a year, more of them a whole one."""
    years, odd = divmod(months, YEAR)
    if odd >= book.value("odd_months_full_year_least", on).amount:
        return Fraction(years + 1)
    return Fraction(years) + (HALF if odd >= book.value("odd_months_half_year_least", on).amount else 0)


def counted_years(book: Book, *, contribution_months: int, on: Day = LAW_2024) -> Figures:
    """Return the figure of topic `counted_years`."""
    tell = teller("counted_years")
    years = tell.figure(
        "years_counted",
        years_of(book, contribution_months, on),
        article="Law 41/2024/QH15 art. 5(6)",
        parameters=[book.value(f"odd_months_{part}_year_least", on) for part in ("half", "full")],
        parts=[tell.given("contribution_months", contribution_months)],
    )
    return {"years_counted": years}


def pension_rate(
    book: Book, *, sex: str, contribution_months: int, months_early: int = 0, on: Day = LAW_2024
) -> Figures:
    """Return the figures of topic `pension_rate`: the rate after the reduction for retiring early."""
    tell = teller("pension_rate")
    years = counted_years(book, contribution_months=contribution_months, on=on)["years_counted"]
    full = _full_rate(book, sex, contribution_months, years, on)
    reduction = _reduction(book, months_early, on)
    rate = tell.figure(
        "rate",
        max(fraction_of(full) - fraction_of(reduction), Fraction(0)),
        article="Law 41/2024/QH15 art. 66(3)" if months_early else "Law 41/2024/QH15 arts 66(1), 99",
        parts=[full, reduction],
    )
    return {"rate": rate, "early_reduction": reduction}


def _full_rate(book: Book, sex: str, months: int, years: Step, on: Day) -> Step:
    """Return the rate for the years paid. Whether a man has 20 years is asked by full years of twelve months."""
    start, most = book.value("pension_base_years", on, sex=sex), book.value("pension_most_rate", on)
    failed: list[Failed] = []
    names = ("pension_base_rate", "pension_step")
    if months < start.amount * YEAR:
        words = Text(f"đóng đủ {start.amount} năm trở lên", f"{start.amount} full years or more were paid")
        failed.append(Failed("pension.full_years", words, start.basis))
        start, names = book.value("pension_short_years", on), ("pension_short_rate", "pension_short_step")
    base, step = (book.value(name, on) for name in names)
    computed = base.fraction + (fraction_of(years) - start.amount) * step.fraction
    return Step(
        "full_rate",
        Text("Tỷ lệ theo số năm đóng", "Rate for the years paid"),
        min(computed, most.fraction),
        "fraction",
        rule="pension.full_rate",
        article=base.basis,
        parameters=(start, base, step, most),
        parts=(years,),
        counted="ceiling" if computed > most.fraction else None,
        failed=tuple(failed),
    )


def _reduction(book: Book, months_early: int, on: Day) -> Step:
    """Two points for each year early; an odd part of six months or more one point, a shorter one nothing."""
    tell = teller("pension_rate")
    years, odd = divmod(months_early, YEAR)
    a_year, a_part = book.value("pension_early_reduction", on), book.value("pension_early_half_year_reduction", on)
    least = book.value("pension_early_half_year_months", on)
    taken = years * a_year.fraction + (a_part.fraction if odd >= least.amount else 0)
    return tell.figure(
        "early_reduction",
        taken,
        article="Law 41/2024/QH15 art. 66(3)",
        parameters=[a_year, a_part, least] if months_early else [],
        parts=[tell.given("months_early", months_early)],
    )


def pension_amount(
    book: Book,
    *,
    sex: str,
    contribution_months: int,
    average_base: int,
    months_early: int = 0,
    on: Day = LAW_2024,
) -> Figures:
    """Return the figures of topic `pension_amount`: rate times average, half up, in VND a month."""
    tell = teller("pension_amount")
    found = pension_rate(book, sex=sex, contribution_months=contribution_months, months_early=months_early, on=on)
    monthly = tell.figure(
        "monthly",
        whole(fraction_of(found["rate"]) * average_base),
        article="Law 41/2024/QH15 arts 66, 99",
        parts=[found["rate"], tell.given("average_base", average_base)],
    )
    return {"rate": found["rate"], "monthly": monthly}


def pension_floor(
    book: Book, *, group: str, first_joined: Day, compulsory_months: int, computed_pension: int, month: Day
) -> Figures:
    """Return the figure of topic `pension_floor`: the reference level, for those who joined in time and paid enough."""
    tell = teller("pension_floor")
    covered = book.value("pension_floor_group", month, group=group)
    joined, years = book.value("pension_floor_joined_before", month), book.value("pension_floor_years", month)
    conditions = (
        (covered.choice == "yes", Text("nhóm được bảo đảm mức thấp nhất", "a group that the floor covers"), covered),
        (
            first_joined < joined.day,
            Text(f"tham gia trước ngày {joined.day:%d/%m/%Y}", f"joined before {joined.day.isoformat()}"),
            joined,
        ),
        (
            compulsory_months >= years.amount * YEAR,
            Text(f"đóng bắt buộc từ đủ {years.amount} năm", f"{years.amount} compulsory years or more"),
            years,
        ),
    )
    failed = [Failed("pension.floor", words, value.basis) for holds, words, value in conditions if not holds]
    floor, parameters = 0, [value for _, _, value in conditions]
    if not failed:
        level, times = book.value("reference_level", month), book.value("pension_floor_multiple", month)
        floor = whole(level.fraction * times.fraction)
        parameters += [level, times]
    monthly = tell.figure(
        "monthly",
        max(computed_pension, floor),
        article="Law 41/2024/QH15 art. 141(11)",
        parameters=parameters,
        parts=[tell.given("computed_pension", computed_pension), tell.given("first_joined", month_words(first_joined))],
        counted="floor" if floor > computed_pension else None,
        failed=failed,
    )
    return {"monthly": monthly}


def retirement_grant(
    book: Book,
    *,
    sex: str,
    contribution_months: int,
    average_base: int,
    months_after_retirement_age: int = 0,
    on: Day = LAW_2024,
) -> Figures:
    """Return the figures of topic `retirement_grant`.

    The years beyond the full rate are counted as one sum; of them, those paid after the retirement age earn more.
    """
    tell = teller("retirement_grant")
    start = book.value("retirement_grant_from_years", on, sex=sex)
    before, after = book.value("retirement_grant_months", on), book.value("retirement_grant_after_age_months", on)
    extra_months = max(contribution_months - start.amount * YEAR, 0)
    extra = years_of(book, extra_months, on)
    late = min(years_of(book, min(months_after_retirement_age, extra_months), on), extra)
    extra_years = tell.figure(
        "extra_years",
        extra,
        article="Law 41/2024/QH15 arts 68(1), 5(6)",
        parameters=[start],
        parts=[tell.given("contribution_months", contribution_months)],
    )
    after_age = Step(
        "extra_years_after_age",
        Text("Trong đó đóng sau tuổi nghỉ hưu", "Of them paid after the retirement age"),
        late,
        "years",
        article="Law 41/2024/QH15 art. 68(2)",
    )
    grant = tell.figure(
        "grant",
        whole((before.fraction * (extra - late) + after.fraction * late) * average_base),
        article="Law 41/2024/QH15 arts 68(2), 100",
        parameters=[before, after],
        parts=[extra_years, after_age, tell.given("average_base", average_base)],
    )
    rate = pension_rate(book, sex=sex, contribution_months=contribution_months, on=on)["rate"]
    return {"extra_years": extra_years, "grant": grant, "rate": rate}


def indexation(
    book: Book,
    *,
    scheme: str,
    award_year: int,
    periods: Sequence[Mapping[str, int]],
    override: Mapping[str, Mapping[int, Fraction]] | None = None,
) -> Figures:
    """Return the figures of topic `indexation`: each period's total, half up to the dong, and the average of all."""
    tell = teller("indexation")
    by_hand = override["coefficients"] if override else None
    rows = [_row(book, scheme, award_year, period, by_hand) for period in periods]
    months = sum(period["months"] for period in periods)
    total = sum(amount_of(row) for row in rows)
    row_totals = tell.figure("row_totals", total, article="Law 41/2024/QH15 arts 73, 104", parts=rows)
    all_months = tell.figure("months", months, article="Law 41/2024/QH15 arts 72, 104")
    sum_of_all = tell.figure("total", total, parts=[row_totals])
    average = tell.figure(
        "average",
        Fraction(total, months),
        article="Law 41/2024/QH15 arts 72, 104",
        parts=[sum_of_all, all_months],
    )
    return {"row_totals": row_totals, "total": sum_of_all, "months": all_months, "average": average}


def _row(
    book: Book, scheme: str, award_year: int, period: Mapping[str, int], by_hand: Mapping[int, Fraction] | None
) -> Step:
    year, value = period["year"], None
    if by_hand is None:
        value = coefficient(book, scheme, award_year, year)
        factor = value.fraction
    elif year in by_hand:
        factor = by_hand[year]
    else:
        raise BaophuError(
            Text(f"Chưa cho hệ số của năm {year}.", f"No coefficient is given for {year}."),
            Text("Thêm năm đó vào override.coefficients.", "Add the year to override.coefficients."),
        )
    title = Text("Hệ số điều chỉnh", "Coefficient")
    return Step(
        f"row_total_{year}",
        Text(f"Năm {year}: {period['months']} tháng", f"{year}: {period['months']} months"),
        whole(factor * period["income"] * period["months"]),
        "vnd",
        rule="indexation.row_total",
        parameters=(value,) if value else (),
        parts=(
            Step(f"coefficient_{year}", title, factor, "times"),
            Step(f"income_{year}", Text("Thu nhập mỗi tháng", "Monthly income"), period["income"], "vnd_per_month"),
        ),
    )


def coefficient(book: Book, scheme: str, award_year: int, year: int) -> Value:
    """Return the coefficient of a year for an award; the first year held stands for all wages before it."""
    held = book.history("indexation", scheme=scheme, award_year=str(award_year))
    years = {int(value.dims["year"]): value for value in held}
    if scheme == "employer_set_wage" and years:
        year = max(year, min(years))
    if year not in years:
        raise BaophuError(
            Text(
                f"Không có hệ số của năm {year} cho người hưởng năm {award_year}.",
                f"No coefficient of {year} is held for awards of {award_year}.",
            )
        )
    return years[year]


def mixed_average(
    book: Book,
    *,
    compulsory_average: int,
    compulsory_months: int,
    indexed_voluntary_total: int,
    voluntary_months: int,
) -> Figures:
    """Return the figure of topic `mixed_average` (Decree 159/2025 art. 11(4)); the book has no part in it."""
    tell = teller("mixed_average")
    total = compulsory_average * compulsory_months + indexed_voluntary_total
    average = tell.figure(
        "average",
        Fraction(total, compulsory_months + voluntary_months),
        article="Decree 159/2025/NĐ-CP art. 11(4)",
        parts=[
            tell.given("compulsory_average", compulsory_average),
            tell.given("compulsory_months", compulsory_months),
            tell.given("indexed_voluntary_total", indexed_voluntary_total),
            tell.given("voluntary_months", voluntary_months),
        ],
    )
    return {"average": average}


def target_income(
    book: Book, *, sex: str, contribution_months: int, target_pension: int, on: Day = LAW_2024
) -> Figures:
    """Return the figures of topic `target_income`: the income to choose, without indexation and support."""
    tell = teller("target_income")
    rate = pension_rate(book, sex=sex, contribution_months=contribution_months, on=on)["rate"]
    exact, share = target_pension / fraction_of(rate), book.value("voluntary_rate", on)
    income = tell.figure(
        "income",
        whole(exact),
        article="Law 41/2024/QH15 art. 99",
        parts=[tell.given("target_pension", target_pension), rate],
    )
    contribution = tell.figure(
        "contribution",
        whole(share.fraction * exact),
        article="Law 41/2024/QH15 art. 36(1)",
        parameters=[share],
        parts=[income],
    )
    return {"income": income, "contribution": contribution}

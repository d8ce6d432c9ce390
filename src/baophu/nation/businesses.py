"""Who pays wages: state bodies, enterprises, cooperatives, business households; which of them the insurance knows.

The employers of a block are its first businesses, so that an employer and its business have one number. A branch is
insured under its own code of 13 digits while the head office pays the wages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from baophu.nation.calendar_of_life import DECLARING, NEW_LAW
from baophu.nation.made_numbers import digits, serials, tax_codes
from baophu.nation.marginals import marginals
from baophu.nation.people import ALIVE, People, as_dates, first_days
from baophu.nation.places import REGIONS, Places

if TYPE_CHECKING:
    import polars as pl

KINDS = ("enterprise", "cooperative", "household", "state", "other")
SECTORS = ("state", "foreign", "private", "cooperative", "household", "other")
STATUSES = ("active", "suspended", "closed")
PAY_METHODS = ("monthly", "quarterly", "half_yearly")
_KIND_OF = np.array([3, 0, 0, 1, 2, 4], np.int8)
_FILES = 1995 * 12
_STATE, _FOREIGN, _PRIVATE, _COOPERATIVE, _HOUSEHOLD, _OTHER = range(6)
# Shares of the employers that are no household, and how much more people one of a sector has.
_OF_SECTOR = (0.10, 0.05, 0.78, 0.04, 0.0, 0.03)
# The fifth employer is a private firm, see below, and always a branch.
_A_BRANCH = 4
_LETTERS = ("HC", "NN", "DN", "HT", "HK", "TC")


@dataclass
class Businesses:
    """The businesses of a block; the first `employers` of them are known to the insurance. Months since year 0."""

    employers: int
    sector: Any
    commune: Any
    weight: Any
    """How many people it would have, relative to the others."""
    tax: Any
    """The tax code as an integer of 10 digits, or the owner's number of 12; see `width`."""
    width: Any
    opened: Any
    closed: Any
    """The first month in which it is closed, ALIVE where it is open."""
    pause: Any
    """(businesses, 2): the months from and before which it was closed for a time; ALIVE where it was not."""
    owner: Any
    """The person who owns a household, else -1."""
    declares: Any
    """Since which month a household is taxed by declaration; ALIVE where it still is by the presumptive method."""
    branch: Any
    """Whether the insurance knows it under the code of a branch."""
    pays: Any
    """Whether it pays wages without being known to the insurance."""
    pay_method: Any
    region: Any
    employer_number: Any
    understates: Any
    """Whether it registers lower wages than it pays."""
    yearly: Any
    """Whether its wages come to the tax register once a year."""
    silent: Any
    """0: the tax register has pay and deductions; 1: no deductions; 2: no pay either."""

    def __len__(self) -> int:
        return len(self.sector)

    def codes(self) -> pl.Series:
        """Return the tax codes as texts."""
        return digits(self.tax, 10).zip_with(_series(self.width == 10), digits(self.tax, 12))

    def insured_codes(self) -> pl.Series:
        """Return the tax codes under which the employers are insured: a branch has 13 digits."""
        codes = self.codes().head(self.employers)
        return (codes + "001").zip_with(_series(self.branch[: self.employers]), codes)

    def employer_ids(self) -> pl.Series:
        """Return the ids of the employers."""
        import polars as pl

        sector = pl.Series(_LETTERS).gather(self.sector[: self.employers])
        return (sector + digits(self.employer_number, 7)).alias("employer_id")


def _series(values: Any) -> pl.Series:
    import polars as pl

    return pl.Series(values)


def make_businesses(
    places: Places, people: People, willing: Any, end: int, months: int, seed: int, block: int, blocks: int
) -> Businesses:
    """Return the businesses of a block; `willing` is how likely each person is to own a household, 0 for never."""
    rng = np.random.Generator(np.random.PCG64([seed, block, 2]))
    count = len(people)
    share = marginals().share
    households = min(round(share("business_households") * count), int((willing > 0).sum()))
    known_households = min(max(int(0.0032 * count), 2), households // 3)
    firms = max(int(share("employers") * count) - known_households, 12)
    unknown_firms = max(int(0.0012 * count), 3)
    unknown_households = min(max(int(0.0009 * count), 2), households // 3)
    empty_firms = max(int(share("businesses") * count) - households - firms - unknown_firms, 2)
    plain_households = households - known_households - unknown_households
    parts = (firms, known_households, unknown_firms, unknown_households, empty_firms, plain_households)
    is_household = np.repeat(np.array([False, True, False, True, False, True]), parts)
    total = len(is_household)

    of_firms = np.searchsorted(np.cumsum(_OF_SECTOR)[:-1], rng.random(total)).astype(np.int8)
    # Even the smallest country has each sector.
    of_firms[: len(_OF_SECTOR)] = (_STATE, _FOREIGN, _PRIVATE, _COOPERATIVE, _PRIVATE, _OTHER)
    unknown = np.arange(total) >= firms + known_households
    of_firms = np.where(unknown & np.isin(of_firms, (_STATE, _OTHER)), _PRIVATE, of_firms)
    sector = np.where(is_household, _HOUSEHOLD, of_firms).astype(np.int8)
    drawn = places.weight * np.where(places.ward, 1.8, 0.8) * places.wage**2
    commune = np.searchsorted(np.cumsum(drawn / drawn.sum())[:-1], rng.random(total)).astype(np.int32)
    owner = np.full(total, -1, np.int32)
    owner[is_household] = _owners(willing, households, rng)
    commune[is_household] = people.commune[owner[is_household]]

    tax = tax_codes(np.array([int(code) for code in places.provinces])[places.province[commune]], block, blocks, seed)
    by_owner = is_household & (rng.random(total) < 0.7)
    tax[by_owner] = people.pid[owner[by_owner]]
    opened = end - 2 - np.minimum(rng.exponential(110, total), 500).astype(np.int32)
    first = end - months + 1
    drawn_end = rng.random(total)
    paused = drawn_end > 0.99
    pause = np.full((total, 2), ALIVE, np.int32)
    if months >= 6:
        pause[paused, 0] = first + rng.integers(1, months - 4, paused.sum())
        pause[paused, 1] = pause[paused, 0] + rng.integers(1, 4, paused.sum())
    closed = np.where(drawn_end < 0.03, first + 1 + (rng.random(total) * (months - 1)).astype(np.int32), ALIVE)
    closed = np.where((drawn_end > 0.05) & (drawn_end < 0.07) & unknown, opened + 1, closed)
    opened = np.minimum(opened, np.where(closed == ALIVE, ALIVE, closed - 1)).astype(np.int32)
    declaring = rng.random(total)
    declares = np.where(
        declaring < 0.25, np.maximum(opened, 0), np.where(declaring < 0.85, np.maximum(opened, DECLARING), ALIVE)
    )
    private = np.isin(sector, (_PRIVATE, _COOPERATIVE, _HOUSEHOLD))
    branch = ~is_household & ~unknown & (sector == _PRIVATE) & (rng.random(total) < 0.012)
    branch[_A_BRANCH] = True
    closed[_A_BRANCH], pause[_A_BRANCH] = ALIVE, ALIVE
    return Businesses(
        employers=firms + known_households,
        sector=sector,
        commune=commune,
        weight=np.minimum(rng.pareto(1.15, total), 250) + 0.35,
        tax=tax,
        width=np.where(by_owner, 12, 10).astype(np.int8),
        opened=opened,
        closed=closed,
        pause=pause,
        owner=owner,
        declares=np.where(is_household, declares, 0).astype(np.int32),
        branch=branch,
        pays=unknown & (np.arange(total) < firms + known_households + unknown_firms + unknown_households),
        pay_method=np.where(
            sector == _COOPERATIVE, rng.integers(0, 3, total), np.where(rng.random(total) < 0.03, 1, 0)
        ).astype(np.int8),
        region=places.region[commune],
        employer_number=serials(firms + known_households, block, blocks, 10**7, 3_874_207, seed * 31 + 3),
        understates=private & (rng.random(total) < 0.07),
        yearly=(rng.random(total) < 0.04) & (sector != _STATE),
        silent=np.searchsorted([0.86, 0.97], rng.random(total)).astype(np.int8),
    )


def _owners(willing: Any, count: int, rng: Any) -> Any:
    """Draw different people, each with a chance that goes with his weight, in random order."""
    there = np.flatnonzero(willing > 0)
    keys = -np.log(rng.random(len(there))) / willing[there]
    return there[np.argsort(keys, kind="stable")[:count]]


_FORMS = ("Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH MTV", "Doanh nghiệp tư nhân")
_FIELDS = (
    "Thương mại", "Xây dựng", "Dịch vụ", "Sản xuất", "Vận tải", "May mặc", "Thực phẩm", "Cơ khí", "Điện tử", "Nội thất",
    "Du lịch", "Nông sản", "Thủy sản", "Bao bì", "In ấn", "Dược phẩm", "Phần mềm", "Giáo dục", "Nhà đất", "Da giày",
)  # fmt: skip
_WORDS = (
    "An", "Bảo", "Bình", "Cường", "Đại", "Đông", "Gia", "Hà", "Hải", "Hoàng", "Hòa", "Hưng", "Khải", "Kim", "Lộc",
    "Long", "Minh", "Nam", "Ngọc", "Phát", "Phú", "Phúc", "Quang", "Sơn", "Tân", "Thành", "Thịnh", "Thuận", "Tiến",
    "Việt",
)  # fmt: skip
_BODIES = (
    "Trường Tiểu học", "Trường Mầm non", "Trường THCS", "Trường THPT", "Trung tâm Y tế", "Ủy ban nhân dân",
    "Chi cục Thuế",
    "Ban Quản lý dự án", "Trạm Y tế", "Trung tâm Văn hóa",
)  # fmt: skip


def business_names(businesses: Businesses, people: People, places: Places, rng: Any) -> pl.Series:
    """Return the names as the business register has them."""
    import polars as pl

    total = len(businesses)
    words = pl.Series([f"{one} {two}" for one in _WORDS for two in _WORDS])
    own = words.gather(rng.integers(0, len(words), total))
    fields = pl.Series(_FIELDS).gather(rng.integers(0, len(_FIELDS), total))
    commune = pl.Series([name.split(" ", 1)[-1] for name in places.name]).gather(businesses.commune)
    owner = people.name.gather(np.maximum(businesses.owner, 0))
    household = "Hộ kinh doanh " + owner
    firm = pl.Series(_FORMS).gather(rng.integers(0, len(_FORMS), total)) + " " + fields + " " + own
    by_sector = [
        pl.Series(_BODIES).gather(rng.integers(0, len(_BODIES), total)) + " " + commune,
        "Công ty TNHH " + fields + " " + pl.Series(["Sunrise", "Daewon", "Yamato", "Formost", "Everwin"]).gather(
            rng.integers(0, 5, total)
        ) + " " + own,
        firm,
        "Hợp tác xã " + fields + " " + own,
        household,
        "Hội " + fields + " " + commune,
    ]  # fmt: skip
    name = firm
    for sector, names in enumerate(by_sector):
        name = names.zip_with(_series(businesses.sector == sector), name)
    return name.alias("name")


def status_at(businesses: Businesses, month: int) -> Any:
    """Return an index of STATUSES: a pause that runs is a suspension."""
    paused = (businesses.pause[:, 0] <= month) & (month < businesses.pause[:, 1])
    return np.where(businesses.closed <= month, 2, np.where(paused, 1, 0))


def business_frame(businesses: Businesses, names: pl.Series, people: People, places: Places, end: int) -> pl.DataFrame:
    """Return the rows of the register of businesses; the branches come last."""
    import polars as pl

    codes = businesses.codes()
    household = businesses.sector == SECTORS.index("household")
    owners = digits(people.pid, 12).gather(np.maximum(businesses.owner, 0))
    method = np.where(~household, 2, np.where(businesses.declares <= end, 0, 1))
    frame = pl.DataFrame(
        {
            "tax_code": codes,
            "name": names,
            "kind": pl.Series(KINDS).gather(_KIND_OF[businesses.sector]),
            "status": pl.Series(STATUSES).gather(status_at(businesses, end)),
            "commune_code": pl.Series(places.code).gather(businesses.commune),
            "registered_on": registered_on(businesses.opened, np.full(len(codes), 9)),
            "closed_on": as_dates(
                np.where(
                    businesses.closed <= end,
                    first_days(np.where(businesses.closed <= end, businesses.closed, 0)),
                    ALIVE,
                )
            ),
            "owner_pid": owners.zip_with(
                _series(household), pl.Series([None], dtype=pl.String).new_from_index(0, len(codes))
            ),
            "tax_method": pl.Series(["declaration", "presumptive", None]).gather(method),
        }
    )
    branches = np.flatnonzero(businesses.branch)
    of_branches = frame[branches].with_columns(tax_code=pl.col("tax_code") + "001", name="Chi nhánh " + pl.col("name"))
    return pl.concat([frame, of_branches])


def employer_frame(
    businesses: Businesses, names: pl.Series, people: People, places: Places, active: Any, end: int, rng: Any
) -> pl.DataFrame:
    """Return the rows of the insurance's file of employers; `active` is who declares anybody in the last month."""
    import polars as pl

    count = businesses.employers
    status = status_at(businesses, end)[:count]
    status = np.where((status == 0) & ~active, 1, status)
    codes = businesses.insured_codes()
    phone = digits(900_000_000 + rng.integers(0, 99_999_999, count), 10)
    return pl.DataFrame(
        {
            "employer_id": businesses.employer_ids(),
            "tax_code": codes,
            "name": names.head(count),
            "commune_code": pl.Series(places.code).gather(businesses.commune[:count]),
            "address": pl.Series([f"Số {number}" for number in range(1, 500)]).gather(rng.integers(0, 499, count))
            + ", "
            + pl.Series(places.name).gather(businesses.commune[:count]),
            "phone": phone.set(_series(rng.random(count) < 0.3), None),
            "region": pl.Series(REGIONS).gather(businesses.region[:count]),
            "sector": pl.Series(SECTORS).gather(businesses.sector[:count]),
            "pay_method": pl.Series(PAY_METHODS).gather(businesses.pay_method[:count]),
            "status": pl.Series(STATUSES).gather(status),
            "registered_on": registered_on(businesses.opened[:count], rng.integers(9, 27, count)),
        }
    )


def registered_on(opened: Any, day: Any) -> pl.Series:
    """Return the days of registration; old files, of before the insurance of 1995, do not say."""
    return as_dates(np.where(opened < _FILES, ALIVE, first_days(opened) + day))


def owes_as_owner(businesses: Businesses, first: int) -> Any:
    """Return since which month the owner of each household must be insured; ALIVE where he need not yet."""
    since = np.maximum(np.maximum(businesses.declares, businesses.opened + 1), np.maximum(first, NEW_LAW))
    owned = businesses.owner >= 0
    return np.where(owned & (businesses.declares != ALIVE), since, ALIVE).astype(np.int32)

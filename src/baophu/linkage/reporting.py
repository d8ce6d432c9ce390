"""How well linking went: links by rule and by area, and how many of them are right, as far as people looked at them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from baophu.core.languages import Text
from baophu.linkage.places import communes

# Two-sided, 95 percent.
_Z = 1.959964

RULES: dict[str, Text] = {
    "decision": Text("người quyết định", "decided by people"),
    "number": Text("số định danh, có tên và ngày sinh xác nhận", "personal number that name and birth bear out"),
    "old_number": Text("số CMND cũ, có tên và ngày sinh xác nhận", "old card that name and birth bear out"),
    "number_mistyped": Text("số định danh sai một chữ số", "personal number one slip away"),
    "name_birth_commune": Text("tên, ngày sinh, giới, xã: duy nhất", "name, birth, sex, commune: unique"),
    "model": Text("mô hình", "model"),
    "tax_code": Text("mã số thuế, có tên hoặc xã xác nhận", "tax code that name or commune bears out"),
    "owner": Text("số định danh của chủ hộ", "number of the household's owner"),
    "head_office": Text("mã số thuế của trụ sở chính", "tax code of the head office"),
    "name_commune": Text("tên và xã: duy nhất hai phía", "name and commune: alone on both sides"),
    "name_close": Text("tên gần giống, cùng xã", "name all but two letters, same commune"),
    "number_letters": Text("số định danh, tên sai không quá hai chữ cái", "personal number, name all but two letters"),
    "payer_name_birth": Text("tên và ngày sinh trong số người của nơi trả", "name and birth among the payer's people"),
    "payer_name": Text("tên trong số người của nơi trả", "name among the payer's people"),
    "payer_letters": Text("ngày sinh và tên gần giống, cùng nơi trả", "birth and a close name at the payer"),
    "name_birth": Text("tên và ngày sinh trong cả nước", "name and birth in the whole country"),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """How many links a rule made, and how many of those that people looked at, drawn at random, are right."""

    rule: str
    accepted: int
    review: int
    looked_at: int = 0
    right: int = 0

    @property
    def interval(self) -> tuple[float, float]:
        """Return between which shares the right links lie, at 95 percent."""
        return wilson(self.right, self.looked_at)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of all accepted links that are right: each rule's share by its number of links."""

    share: float
    low: float
    high: float


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the interval of a share of which a sample is known (Wilson, J. Am. Stat. Assoc. 22, 1927, page 209).

    >>> low, high = wilson(1000, 1000)
    >>> round(low, 4), high
    (0.9962, 1.0)
    """
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, _Z * _Z / of
    middle, half = share + square / 2, _Z * math.sqrt((share * (1 - share) + square / 4) / of)
    low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
    return (0.0 if right == 0 else low), (1.0 if right == of else high)


def estimate(rates: Iterable[Rate]) -> Estimate | None:
    """Put the rules' shares together, each by its links; None where people looked at none of some rule's links.

    The interval joins those of the rules (Zou and Donner, Stat. Med. 27, 2008, page 1693). What people decided
    themselves is left out.
    """
    every = [one for one in rates if one.accepted and one.rule != "decision"]
    total = sum(one.accepted for one in every)
    if not total or any(not one.looked_at for one in every):
        return None
    parts = [(one.accepted / total, one.right / one.looked_at, *one.interval) for one in every]
    share = sum(weight * middle for weight, middle, _, _ in parts)
    below = math.sqrt(sum((weight * (middle - low)) ** 2 for weight, middle, low, _ in parts))
    above = math.sqrt(sum((weight * (high - middle)) ** 2 for weight, middle, _, high in parts))
    return Estimate(share, max(share - below, 0.0), min(share + above, 1.0))


def rates(files: Sequence[Path], looked_at: Mapping[str, tuple[int, int]] | None = None) -> list[Rate]:
    """Return the links of a table by rule, the most first; `looked_at` gives of each rule how many, how many right."""
    import duckdb

    seen = looked_at or {}
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT rule, count(*) FILTER (status = 'accepted'), count(*) FILTER (status = 'review') "
            "FROM read_parquet(?) GROUP BY rule ORDER BY 2 DESC, rule",
            [[str(path) for path in files]],
        ).fetchall()
    return [Rate(rule, accepted, review, *seen.get(rule, (0, 0))) for rule, accepted, review in found]


def areas(
    links: Sequence[Path], participants: Sequence[Path], province: str | None = None
) -> list[tuple[str, int, int]]:
    """Return of each province, or each commune of one, how many participants it has and how many are linked."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("communes", communes())
        return connection.execute(
            """
            SELECT CASE WHEN $province IS NULL THEN province ELSE commune_code END AS area,
                count(*), count(link.si_code)
            FROM read_parquet($participants) AS one
            LEFT JOIN communes ON communes.commune = one.commune_code
            LEFT JOIN (SELECT si_code FROM read_parquet($links) WHERE status = 'accepted') AS link USING (si_code)
            WHERE $province IS NULL OR province = $province
            GROUP BY area ORDER BY area
            """,
            {
                "participants": [str(path) for path in participants],
                "links": [str(path) for path in links],
                "province": province,
            },
        ).fetchall()


def sampled(home: Path) -> dict[str, tuple[int, int]]:
    """Return of each rule how many of its links people looked at, drawn at random, and how many were right."""
    from baophu.desk.database import has_desk

    if not has_desk(home):
        return {}
    from baophu.desk.start import start

    start(home)
    from baophu.desk.models import LinkDecision

    found: dict[str, tuple[int, int]] = {}
    for rule, accepted in LinkDecision.objects.standing().filter(sampled=True).values_list("rule", "accepted"):
        seen, right = found.get(rule, (0, 0))
        found[rule] = (seen + 1, right + int(accepted))
    return found

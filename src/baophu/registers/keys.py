"""What loading adds to a table beside its contract's columns: clean names and their keys, numbers as integers.

A name column `full_name` holds the clean name, and `full_name_original` what came where that differs. `full_key` and
`set_key`, for persons also `family_key` and `given_key`, are its keys (see `names`). A number column `pid` is followed
by `pid_number`, the integer to join on, and `pid_state`, what was found of it (see `numbers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from baophu.core.languages import Text
from baophu.registers.contracts import Column, Contract

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

FULL, ORDER_FREE, FAMILY, GIVEN = "full_key", "set_key", "family_key", "given_key"

_KEY_TITLES = {
    FULL: Text("Khóa của cả tên", "Key of the whole name"),
    ORDER_FREE: Text("Khóa của tên, không kể thứ tự chữ", "Key of the name whatever the order of its words"),
    FAMILY: Text("Khóa của họ", "Key of the family name"),
    GIVEN: Text("Khóa của tên gọi", "Key of the given name"),
}


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that loading adds."""

    name: str
    of: str
    kind: Literal["text", "key", "number", "state"]
    title: Text


def derived(contract: Contract) -> tuple[Derived, ...]:
    """Return the columns that loading adds to a table, in the order in which they are stored.

    >>> from baophu.registers.contracts import contract
    >>> [one.name for one in derived(contract("employers"))]
    ['tax_code_number', 'tax_code_state', 'name_original', 'full_key', 'set_key']
    """
    return tuple(one for column in contract.columns for one in _derived(column))


def _derived(column: Column) -> Iterator[Derived]:
    if column.type == "name":
        title = Text(
            "Tên như được gửi đến; trống khi không khác tên đã chuẩn hóa",
            "The name as it came; empty where it is the clean name",
        )
        yield Derived(f"{column.name}_original", column.name, "text", title)
        for key in (FULL, ORDER_FREE, FAMILY, GIVEN) if column.personal else (FULL, ORDER_FREE):
            yield Derived(key, column.name, "key", _KEY_TITLES[key])
    if column.number:
        title = Text("Số nguyên để ghép; trống khi số không dùng được", "Integer to join on; empty where it has no use")
        yield Derived(f"{column.name}_number", column.name, "number", title)
        title = Text(
            "Kết quả kiểm tra số: ok, suspect, wrong, missing", "What was found of it: ok, suspect, wrong, missing"
        )
        yield Derived(f"{column.name}_state", column.name, "state", title)


def with_keys(batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    """Return checked rows with the derived columns behind the contract's, and what was found in `_flags`."""
    import pyarrow as pa

    columns = {name: batch.column(name) for name in (column.name for column in contract.columns)}
    added: dict[str, Any] = {}
    told: list[tuple[Any, str]] = []
    for column in contract.columns:
        if column.type == "name":
            _name(column, columns, added, told)
        if column.number:
            _number(column, columns, batch.column("_flags"), added, told)
    if not added:
        return batch
    rest = {name: batch.column(name) for name in batch.schema.names if name not in columns}
    rest["_flags"] = _flagged(rest["_flags"], told)
    return pa.RecordBatch.from_pydict(columns | added | rest)


def _name(column: Column, columns: dict[str, Any], added: dict[str, Any], told: list[tuple[Any, str]]) -> None:
    import numpy as np

    from baophu.registers.names import name_keys

    found = name_keys(columns[column.name])
    columns[column.name] = found.clean
    for one in _derived(column):
        if one.kind in ("text", "key"):
            added[one.name] = found.original if one.kind == "text" else getattr(found, one.name)
    encodings = found.encoding.indices.fill_null(0).to_numpy(zero_copy_only=False)
    told.append((np.flatnonzero(encodings), f"{column.name}|decoded"))


def _number(
    column: Column, columns: dict[str, Any], flags: Any, added: dict[str, Any], told: list[tuple[Any, str]]
) -> None:
    """Add a number's columns; a row's sex and year of birth are held against a personal number."""
    import numpy as np
    import pyarrow as pa

    from baophu.registers.numbers import STATES, check_numbers

    assert column.number is not None  # noqa: S101  # the caller's condition, for the type checker
    found = check_numbers(column.number, columns[column.name], sex=columns.get("sex"), birth_year=_birth_year(columns))
    value, state = found.value, found.state
    states = state.indices.to_numpy()
    odd = np.flatnonzero((states == STATES.index("suspect")) | (states == STATES.index("wrong")))
    if odd.size:
        codes = found.reason.indices.take(pa.array(odd)).to_numpy()
        if column.number == "pid":
            # Zeros were put back before the row was known; where it does not bear them out, the number is no key.
            doubtful = np.isin(odd, _with_flag(flags, f"{column.name}|zeros_restored"))
            if doubtful.any():
                mask = value.is_null().to_numpy(zero_copy_only=False)
                mask[odd[doubtful]] = True
                value = pa.array(value.fill_null(0).to_numpy(), mask=mask)
                told.append((odd[doubtful], f"{column.name}|zeros_uncertain"))
                odd, codes = odd[~doubtful], codes[~doubtful]
        for code in np.unique(codes):
            rows = odd[codes == code]
            told += [(rows, f"{column.name}|{part}") for part in found.reason.dictionary[int(code)].as_py().split("+")]
    added[f"{column.name}_number"], added[f"{column.name}_state"] = value, state


def _birth_year(columns: dict[str, Any]) -> Any:
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    if "birth_year" in columns:
        return columns["birth_year"]
    return pc.year(columns["birth_date"]) if "birth_date" in columns else None


def _with_flag(flags: Any, flag: str) -> Any:
    """Return the rows that have a flag."""
    import pyarrow.compute as pc

    rows = pc.list_parent_indices(flags).to_numpy()
    return rows[pc.equal(flags.flatten(), flag).to_numpy(zero_copy_only=False)]


def _flagged(flags: Any, told: list[tuple[Any, str]]) -> Any:
    """Return a column of lists of flags with more of them: each a number of rows and a flag."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    told = [(rows, flag) for rows, flag in told if rows.size]
    if not told:
        return flags
    which = np.repeat(np.arange(len(told)), [rows.size for rows, _ in told])
    words = pa.array([flag for _, flag in told], flags.type.value_type).take(pa.array(which))
    rows = np.concatenate([pc.list_parent_indices(flags).to_numpy(), *(rows for rows, _ in told)])
    order = np.argsort(rows, kind="stable")
    values = pa.concat_arrays([flags.flatten(), words]).take(pa.array(order))
    counts = np.bincount(rows, minlength=len(flags))
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), values, type=flags.type, mask=pa.array(counts == 0))

"""What tells a person is hidden in what leaves the program; amounts, firms and places are not."""

from __future__ import annotations

import json

import pyarrow as pa

from baophu.results.masking import masked


def hidden(**columns: list[object]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = masked(pa.table(columns)).to_pydict()
    return found


def test_personal_numbers_keep_their_last_three_digits() -> None:
    found = hidden(pid=["001085123456", None], si_code=["0100000017", "0100000025"], old_id=["012345678", None])
    assert found == {
        "pid": ["*********456", None],
        "si_code": ["*******017", "*******025"],
        "old_id": ["******678", None],
    }


def test_numbers_kept_as_integers_are_hidden_too() -> None:
    assert hidden(pid_number=[1085123456])["pid_number"] == ["*********456"]


def test_only_a_household_s_tax_code_is_a_person_s() -> None:
    assert hidden(tax_code=["0101234567", "0101234567001", "001085123456"])["tax_code"] == [
        "0101234567",
        "0101234567001",
        "*********456",
    ]


def test_names_addresses_and_phones_show_nothing() -> None:
    found = hidden(full_name=["Nguyễn Văn An"], person_full_name=["Trần Thị Bé"], phone=["0912345678"])
    assert [value for column in found.values() for value in column] == ["***"] * 3


def test_evidence_hides_persons_and_keeps_amounts_and_firms() -> None:
    evidence = {
        "pid": "001085123456",
        "rows": [{"si_code": "0100000017", "income": 1234567890, "full_name": "Lê Văn Cường"}],
        "employer_id": "0123456789",
        "tax_code": "0101234567",
        "amount": 123456789,
        "said": "số 001085123456 đã đóng 5.000.000 đồng",
    }
    (found,) = hidden(evidence=[json.dumps(evidence)])["evidence"]
    assert json.loads(str(found)) == {
        "pid": "*********456",
        "rows": [{"si_code": "*******017", "income": 1234567890, "full_name": "***"}],
        "employer_id": "0123456789",
        "tax_code": "0101234567",
        "amount": 123456789,
        "said": "số *********456 đã đóng 5.000.000 đồng",
    }


def test_a_list_of_numbers_is_hidden_one_by_one() -> None:
    assert hidden(rival_pid=[["001085123456", "001085123457"], None])["rival_pid"] == [
        ["*********456", "*********457"],
        None,
    ]


def test_what_is_no_person_stays() -> None:
    columns = {"employer_id": ["0100000017"], "due": [123456789012], "area_code": ["00001"], "clause": ["39(1)(đ)"]}
    assert hidden(**columns) == columns

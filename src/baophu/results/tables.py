"""The tables of a run: their titles, keys, and the words for their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baophu.core.languages import Text, same


@dataclass(frozen=True, slots=True)
class Table:
    """A table of results. Its rows differ in `key`; `of` tells whose area they are of: an area, employer, person."""

    title: Text
    key: tuple[str, ...]
    of: str
    # Tells it for rows that have nothing in `of`.
    else_of: str = ""
    # Columns that not all files of the table have, and what holds where one is not there.
    unsaid: Mapping[str, str | None] = field(default_factory=dict)


# The file of `charges` that rests on findings. The table's other files rest on what was declared.
FROM_FINDINGS = "part-findings.parquet"


def declared(charges: Sequence[Path]) -> list[Path]:
    """Return the files of `charges` that rest on declarations alone, without what findings would bring."""
    return [path for path in charges if path.name != FROM_FINDINGS]


TABLES: dict[str, Table] = {
    "links": Table(Text("Người tham gia nối với công dân", "Participants joined to persons"), ("si_code",), "si_code"),
    "link_review": Table(Text("Cặp chờ người quyết định", "Pairs for a person to decide"), (), "si_code"),
    "employer_links": Table(
        Text("Đơn vị nối với doanh nghiệp", "Employers joined to businesses"), ("employer_id",), "employer_id"
    ),
    "worker_matches": Table(
        Text("Người có thu nhập nối với công dân", "Paid workers joined to persons"), ("load_id", "row_id"), "tax_code"
    ),
    "sum_employers": Table(Text("Đơn vị kê khai của tháng", "Who declares in a month"), (), "employer_id"),
    "sum_members": Table(Text("Nhóm b tham gia BHTN", "Group b in unemployment insurance"), (), "si_code"),
    "sums": Table(Text("Số phải đóng theo quỹ", "What is due by fund"), ("employer_id", "month"), "employer_id"),
    "dues": Table(Text("Số phải đóng, đã đóng", "Dues and what is paid"), ("employer_id", "month"), "employer_id"),
    "charges": Table(
        Text("Số tiền 0,03 %/ngày", "The 0.03 % a day"),
        ("employer_id", "month", "fund", "clause", "first_day", "paid_on", "finding_id"),
        "employer_id",
        else_of="tax_code",
        unsaid={"basis": "declared", "finding_id": None, "tax_code": None},
    ),
    "steps": Table(Text("Việc tiếp theo theo luật", "Next legal steps"), ("employer_id", "month"), "employer_id"),
    "findings": Table(Text("Trường hợp cần xử lý", "Findings"), ("finding_id",), "area_code"),
    "found_months": Table(
        Text("Các tháng của trường hợp, để ước tính", "The months of findings, to estimate"),
        ("finding_id", "month"),
        "employer_id",
        else_of="tax_code",
    ),
    "finding_scores": Table(Text("Kết quả theo loại trường hợp", "What came of each kind"), ("kind",), ""),
    "employer_risk": Table(Text("Mức rủi ro của đơn vị", "Employers' risk"), ("employer_id",), "area_code"),
    "back_to_owners": Table(Text("Dữ liệu đề nghị nơi quản lý kiểm tra", "Data for its owners to check"), (), ""),
    "counts": Table(
        Text("Số người tham gia", "Participants counted"), ("area_code", "month", "scheme"), "area_code"
    ),
}  # fmt: skip

COLUMNS: dict[str, Text] = {
    "si_code": Text("Mã số BHXH", "Social insurance number"),
    "pid": Text("Số định danh cá nhân", "Personal number"),
    "rule": Text("Quy tắc", "Rule"),
    "score": Text("Độ chắc chắn", "Score"),
    "status": Text("Trạng thái", "Status"),
    "rivals": Text("Số ứng viên khác", "Other candidates"),
    "employer_id": Text("Mã đơn vị", "Employer"),
    "tax_code": Text("Mã số thuế", "Tax code"),
    "load_id": Text("Lần nạp", "Load"),
    "row_id": Text("Dòng trong lần nạp", "Row of the load"),
    "month": Text("Tháng", "Month"),
    "due_date": Text("Hạn đóng", "Due date"),
    "participants": Text("Số người", "People"),
    "due": Text("Phải đóng", "Due"),
    "paid": Text("Đã đóng", "Paid"),
    "outstanding": Text("Còn phải đóng", "Outstanding"),
    "due_si": Text("Phải đóng BHXH", "Due, social insurance"),
    "due_hi": Text("Phải đóng BHYT", "Due, health"),
    "due_ui": Text("Phải đóng BHTN", "Due, unemployment"),
    "paid_si": Text("Đã đóng BHXH", "Paid, social insurance"),
    "paid_hi": Text("Đã đóng BHYT", "Paid, health"),
    "paid_ui": Text("Đã đóng BHTN", "Paid, unemployment"),
    "cleared_on": Text("Ngày đóng đủ", "Cleared on"),
    "fund": Text("Quỹ", "Fund"),
    "clause": Text("Điều khoản", "Clause"),
    "class": Text("Loại", "Class"),
    "amount": Text("Số tiền", "Amount"),
    "first_day": Text("Ngày đầu tính", "First day"),
    "days": Text("Số ngày", "Days"),
    "charge": Text("Số tiền 0,03 %/ngày", "Charge"),
    "paid_on": Text("Ngày đóng", "Paid on"),
    "as_of": Text("Tính đến ngày", "As of"),
    "basis": Text("Tính theo", "Rests on"),
    "registered_wage": Text("Mức đã đăng ký", "Registered wage"),
    "lawful_wage": Text("Tiền lương theo thuế", "Wage by the tax register"),
    "liable_month": Text("Thuộc diện từ tháng", "Liable from month"),
    "registered_month": Text("Tham gia từ tháng", "Registered from month"),
    "group_code": Text("Nhóm", "Group"),
    "pay_method": Text("Phương thức đóng", "Cycle of payment"),
    "days_late": Text("Số ngày quá hạn", "Days late"),
    "sent_on": Text("Ngày đôn đốc", "Demand sent on"),
    "evasion_from": Text("Ngày bắt đầu theo Điều 39", "Article 39 from"),
    "demand_by": Text("Hạn đôn đốc", "Demand by"),
    "step": Text("Việc tiếp theo", "Next step"),
    "step_on": Text("Ngày làm", "On"),
    "finding_id": Text("Mã trường hợp", "Finding"),
    "kind": Text("Loại trường hợp", "Kind"),
    "area_code": Text("Mã đơn vị hành chính", "Area"),
    "from_month": Text("Từ tháng", "From month"),
    "to_month": Text("Đến tháng", "To month"),
    "priority": Text("Mức ưu tiên", "Priority"),
    "reason": Text("Lý do", "Reason"),
    "evidence": Text("Căn cứ", "Evidence"),
    "first_seen": Text("Thấy lần đầu", "First seen"),
    "scheme": Text("Loại hình", "Scheme"),
    "region": Text("Vùng lương tối thiểu", "Minimum-wage region"),
    "start_month": Text("Từ tháng", "From month"),
    "end_month": Text("Trước tháng", "Before month"),
}


def about(name: str) -> Table:
    """Return what is known of a table; of one that is not listed here, its name."""
    return TABLES.get(name, Table(same(name), (), ""))


def heading(column: str) -> Text:
    """Return the words for a column, its own name where there are none."""
    return COLUMNS.get(column, same(column))

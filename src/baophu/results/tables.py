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
    # The column by which it is taken away in files of their own, one for each who is to get one.
    split: str = ""
    # Shown and taken away in this order, where the key is not what a reader looks for first.
    order: str = ""


# The file of `charges` that rests on findings. The table's other files rest on what was declared.
FROM_FINDINGS = "part-findings.parquet"


def declared(charges: Sequence[Path]) -> list[Path]:
    """Return the files of `charges` that rest on declarations alone, without what findings would bring."""
    return [path for path in charges if path.name != FROM_FINDINGS]


TABLES: dict[str, Table] = {
    "links": Table(Text("Người tham gia nối với công dân", "Participants joined to persons"), ("si_code",), "si_code"),
    "link_state": Table(
        Text("Liên kết giữ được cho kỳ sau", "Links that the next run may keep"), ("si_code",), "si_code"
    ),
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
    "collected": Table(
        Text("Tiền đã thu theo quỹ và tháng tiền về", "What was collected by fund and month of payment"),
        ("area_code", "month"),
        "area_code",
    ),
    "findings": Table(Text("Trường hợp cần xử lý", "Findings"), ("finding_id",), "area_code"),
    "found_months": Table(
        Text("Các tháng của trường hợp, để ước tính", "The months of findings, to estimate"),
        ("finding_id", "month"),
        "employer_id",
        else_of="tax_code",
    ),
    "closed_findings": Table(
        Text("Trường hợp đã kết thúc", "Findings that ended"), ("finding_id", "resolved_on"), "employer_id",
        else_of="tax_code",
    ),
    "finding_scores": Table(Text("Kết quả theo loại trường hợp", "What came of each kind"), ("kind",), ""),
    "register_checks": Table(
        Text("Dữ liệu đầu vào có đủ tin cậy không", "Whether what came in can be believed"), ("checked", "register"), ""
    ),
    "employer_risk": Table(
        Text("Mức rủi ro của đơn vị", "Employers' risk"), ("employer_id",), "area_code", order="risk DESC, employer_id"
    ),
    "back_to_owners": Table(
        Text("Dữ liệu đề nghị nơi quản lý kiểm tra", "Data for its owners to check"),
        ("register", "finding_id"),
        "area_code",
        split="register",
    ),
    "counts": Table(
        Text("Số người tham gia theo xã", "Participants by commune"),
        ("area_code", "place", "month", "scheme", "sex", "age_band", "grp", "sector"), "area_code",
    ),
    "breakdowns": Table(
        Text("Số người tham gia theo từng chiều", "Participants by one dimension"),
        ("area_code", "place", "scheme", "month", "dimension", "member"), "area_code",
    ),
    "series": Table(
        Text("Số người tham gia từng tháng", "Participants month by month"),
        ("area_code", "place", "scheme", "month"), "area_code",
    ),
    "flows": Table(
        Text("Tăng, giảm người tham gia", "Who came and who left"),
        ("area_code", "place", "scheme", "month"), "area_code",
    ),
    "minority_series": Table(
        Text("Người dân tộc thiểu số tham gia từng tháng", "Participants of ethnic minorities month by month"),
        ("area_code", "place", "scheme", "month"), "area_code",
    ),
    "indicators": Table(
        Text("Chỉ tiêu", "Indicators"), ("area_code", "indicator", "place", "scope", "month"), "area_code"
    ),
    "progress": Table(Text("So với chỉ tiêu được giao", "Targets against their values"), ("target_id",), "area_code"),
    "rankings": Table(
        Text("Xếp hạng", "Rankings"),
        ("area_code", "indicator", "scope", "period", "peer_group", "criterion"),
        "area_code",
    ),
    "emulation": Table(
        Text("Điểm thi đua theo từng tiêu chí", "Points of the emulation score"),
        ("area_code", "month", "criterion"),
        "area_code",
    ),
    "reporting": Table(
        Text("Tình hình báo cáo", "Who reported"), ("area_code", "indicator", "period"), "area_code"
    ),
    "forecasts": Table(
        Text("Dự báo số người tham gia", "Forecasts of participants"), ("area_code", "scheme", "month"), "area_code"
    ),
    "backtest": Table(
        Text("Kết quả thử các cách dự báo", "Methods of forecasting, as tried"),
        ("area_code", "scheme", "model"),
        "area_code",
    ),
}  # fmt: skip

COLUMNS: dict[str, Text] = {
    "si_code": Text("Mã số BHXH", "Social insurance number"),
    "pid": Text("Số định danh cá nhân", "Personal number"),
    "rule": Text("Quy tắc", "Rule"),
    "kin": Text("Mã băm dữ liệu", "Hash of the data"),
    "made_by": Text("Mã băm chương trình", "Hash of the program"),
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
    "si_people": Text("Số người có căn cứ đóng BHXH", "People with a base, social insurance"),
    "si_base": Text("Căn cứ đóng BHXH", "Bases, social insurance"),
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
    "resolved_how": Text("Kết thúc thế nào", "How it ended"),
    "resolved_on": Text("Ngày kết thúc", "Ended on"),
    "still_3": Text("Còn tham gia sau 3 tháng", "Still in after 3 months"),
    "still_6": Text("Còn tham gia sau 6 tháng", "Still in after 6 months"),
    "still_12": Text("Còn tham gia sau 12 tháng", "Still in after 12 months"),
    "of_3": Text("Trên số đã qua 3 tháng", "Of those 3 months ago"),
    "of_6": Text("Trên số đã qua 6 tháng", "Of those 6 months ago"),
    "of_12": Text("Trên số đã qua 12 tháng", "Of those 12 months ago"),
    "open_now": Text("Đang có", "Open now"),
    "new_now": Text("Mới", "New"),
    "confirmed": Text("Đúng", "Confirmed"),
    "wrong": Text("Sai", "Wrong"),
    "unanswered": Text("Chưa trả lời", "Unanswered"),
    "joined": Text("Đã tham gia", "Joined"),
    "vanished": Text("Không còn thấy", "Vanished"),
    "median_days": Text("Số ngày đến khi có trong sổ (trung vị)", "Days to registration (median)"),
    "cost": Text("Chi phí", "Cost"),
    "cost_of_a_case": Text("Chi phí một trường hợp", "Cost of a case"),
    "share": Text("Phần nghìn đúng (có làm trơn)", "Thousandths right (smoothed)"),
    "held": Text("Tạm giữ", "Held"),
    "register": Text("Sổ", "Register"),
    "checked": Text("Điều được kiểm tra", "What was checked"),
    "whole": Text("Tổng số", "Of how many"),
    "good": Text("Số đạt", "How many are so"),
    "thousandths": Text("Phần nghìn", "Thousandths"),
    "thousandths_before": Text("Phần nghìn lần trước", "Thousandths in the run before"),
    "least_thousandths": Text("Phần nghìn tối thiểu", "Least thousandths"),
    "why": Text("Lý do", "Why"),
    "told_on": Text("Ngày ghi nhận", "Told on"),
    "risk": Text("Mức rủi ro", "Risk"),
    "workers": Text("Số lao động", "Workers"),
    "unregistered": Text("Chưa tham gia, phần nghìn", "Not registered, thousandths"),
    "underdeclared": Text("Độ sâu kê khai thấp, phần nghìn", "Depth of under-declaration, thousandths"),
    "late_months": Text("Tháng đóng muộn, phần nghìn", "Months paid late, thousandths"),
    "headcount_change": Text("Biến động lao động, phần nghìn", "Change of headcount, thousandths"),
    "bunching": Text("Dồn sát mức sàn, phần nghìn", "Bunched at the minimum, thousandths"),
    "reopened": Text("Đóng rồi mở lại, phần nghìn", "Closed and opened again, thousandths"),
    "shared_owners": Text("Chung người quản lý, phần nghìn", "Shared managers, thousandths"),
    "scheme": Text("Loại hình", "Scheme"),
    "region": Text("Vùng lương tối thiểu", "Minimum-wage region"),
    "start_month": Text("Từ tháng", "From month"),
    "end_month": Text("Trước tháng", "Before month"),
    "place": Text("Nơi tính: managed là nơi quản lý, resident là nơi ở", "Place: managed, or resident"),
    "sex": Text("Giới tính", "Sex"),
    "age_band": Text("Nhóm tuổi", "Age band"),
    "grp": Text("Nhóm đối tượng", "Group"),
    "sector": Text("Khu vực kinh tế", "Sector"),
    "dimension": Text("Chiều", "Dimension"),
    "member": Text("Giá trị của chiều", "Member"),
    "opening": Text("Đầu kỳ", "Opening"),
    "new": Text("Mới", "New"),
    "returned": Text("Quay lại", "Returned"),
    "moved_in": Text("Chuyển đến", "Moved in"),
    "left_died": Text("Giảm: chết", "Left: died"),
    "left_retired": Text("Giảm: nghỉ hưu", "Left: retired"),
    "left_employer_closed": Text("Giảm: đơn vị ngừng hoạt động", "Left: employer closed"),
    "left_other": Text("Giảm: chưa rõ lý do", "Left: no reason known"),
    "left_all": Text("Giảm", "Left"),
    "moved_out": Text("Chuyển đi", "Moved out"),
    "closing": Text("Cuối kỳ", "Closing"),
    "short_stay": Text("Trong đó tham gia chưa đủ 3 tháng", "Of the closing, in for under three months"),
    "left_short": Text("Trong số giảm, tham gia chưa đủ 3 tháng", "Of those who left, after under three months"),
    "indicator": Text("Chỉ tiêu", "Indicator"),
    "scope": Text("Phạm vi", "Scope"),
    "numerator": Text("Tử số", "Numerator"),
    "denominator": Text("Mẫu số", "Denominator"),
    "value": Text("Giá trị", "Value"),
    "denominator_source": Text("Nguồn mẫu số", "Denominator's source"),
    "estimated": Text("Mẫu số ước tính", "Denominator estimated"),
    "completeness": Text("Mức đầy đủ của dữ liệu", "Completeness"),
    "period": Text("Kỳ", "Period"),
    "target_id": Text("Mã chỉ tiêu được giao", "Target"),
    "period_end": Text("Đến ngày", "By"),
    "target": Text("Mức giao", "Target value"),
    "base": Text("Số đầu kỳ", "Base"),
    "actual": Text("Thực hiện", "Actual"),
    "achieved": Text("Tỷ lệ đạt", "Achieved"),
    "development": Text("Phát triển", "Development"),
    "yoy": Text("So cùng kỳ", "Over a year"),
    "rank": Text("Hạng", "Rank"),
    "previous_rank": Text("Hạng tháng trước", "Rank of the month before"),
    "forecast_p10": Text("Dự báo thấp (10 %)", "Forecast, low (10 %)"),
    "forecast_p50": Text("Dự báo giữa (50 %)", "Forecast, middle (50 %)"),
    "forecast_p90": Text("Dự báo cao (90 %)", "Forecast, high (90 %)"),
    "gap": Text("Còn thiếu", "Gap"),
    "direction": Text("Cách hiểu", "Read as"),
    "target_high": Text("Mức giao, đầu trên", "Upper end of the target"),
    "met": Text("Đạt", "Met"),
    "phase": Text("Đợt", "Phase"),
    "probability": Text("Khả năng đạt", "Probability of meeting it"),
    "value_date": Text("Ngày số liệu", "Value of"),
    "governs": Text("Còn hiệu lực", "Governs"),
    "achieved_at_least": Text("Đạt ít nhất", "Achieved at the least"),
    "peer_group": Text("Nhóm so sánh", "Peers"),
    "criterion": Text("Tiêu chí", "Criterion"),
    "points": Text("Điểm", "Points"),
    "most": Text("Điểm tối đa", "Most points"),
    "units": Text("Số đơn vị phải báo cáo", "Units that should report"),
    "reported": Text("Số đơn vị đã báo cáo", "Units that reported"),
    "on_time": Text("Số đơn vị báo cáo đúng hạn", "Units that reported on time"),
    "p10": Text("Thấp (10 %)", "Low (10 %)"),
    "p50": Text("Giữa (50 %)", "Middle (50 %)"),
    "p90": Text("Cao (90 %)", "High (90 %)"),
    "model": Text("Cách dự báo", "Method"),
    "beats_naive": Text("Hơn cách đơn giản", "Better than naive"),
    "origins": Text("Số lần thử", "Times tried"),
    "months": Text("Số tháng đã biết", "Months known"),
    "error": Text("Sai số (người)", "Error (people)"),
    "error_share": Text("Sai số trên số người", "Error as a share"),
    "used": Text("Được dùng", "Used"),
    "coverage": Text("Tỷ lệ nằm trong khoảng", "Share within low to high"),
}


def about(name: str) -> Table:
    """Return what is known of a table; of one that is not listed here, its name."""
    return TABLES.get(name, Table(same(name), (), ""))


def heading(column: str) -> Text:
    """Return the words for a column, its own name where there are none."""
    return COLUMNS.get(column, same(column))

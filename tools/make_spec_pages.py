"""Makes the handbook's pages from the spec tests.

python tools/make_spec_pages.py [--check] [--out DIR]

Writes docs/handbook/progress.md; with --check writes nothing and exits 1 where it differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "handbook"
sys.path.insert(0, str(ROOT / "tests"))

from pages import main  # noqa: E402

from spec.reading import Case, cases  # noqa: E402 (the tests' folder must be on the path first)

HEAD = """# The arithmetic of progress

Each example below is a test: the tables on top go in, the last one comes out
(`tests/spec/progress/`). A dash is a missing value; quotients are exact.

Mỗi ví dụ dưới đây là một phép thử của chương trình: các bảng trên là đầu vào, bảng cuối là kết quả.
Dấu – là chưa có số liệu.
"""
NAMES = {
    "figures": "Số liệu / Figures",
    "armed_forces": "Lực lượng vũ trang / Armed forces",
    "targets": "Chỉ tiêu / Targets",
    "expect": "Kết quả / Progress",
}


def as_markdown(rows: list[dict[str, str]]) -> str:
    """Write rows as a table."""
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *([row[column] for column in head] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def section(case: Case) -> str:
    """Write one example."""
    parts = [f"## {case.title.vi} / {case.title.en}", case.says.vi, case.says.en]
    parts.append(f"Xem ngày / as of **{case.as_of.isoformat()}**")
    for name, words in NAMES.items():
        rows = getattr(case, name)
        if rows:
            parts += [f"*{words}*", as_markdown(rows)]
    return "\n\n".join(parts)


def progress_page() -> str:
    """Write the page of the arithmetic of progress."""
    return HEAD + "\n" + "\n\n".join(section(case) for case in cases("progress")) + "\n"


if __name__ == "__main__":
    sys.exit(main({"progress.md": progress_page}, FOLDER, __doc__))

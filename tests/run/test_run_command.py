"""The command `baophu run`: what a director reads at the end, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import baophu.run as months
from baophu.cli import main
from baophu.results import store
from small_country import MONTH, a_home, rows, without_indicators


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that is run in more than once: what was done before is taken over, and told again."""
    return a_home(tmp_path_factory.mktemp("told"))


def told(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return the exit code, and what was told on the terminal."""
    with pytest.raises(SystemExit) as left:
        main(["run", "--month", "2026-10", "--home", str(home), "--memory", "1GB", *words])
    found = capsys.readouterr()
    return int(left.value.code or 0), found.out, found.err


def test_the_end_tells_who_takes_part_what_is_owed_and_what_to_look_at(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(home, capsys, "--lang", "en")
    assert code == 0
    manifest = store.newest(home, MONTH)
    summary = json.loads((store.folder(home, manifest) / "summary.json").read_text())
    counts = rows(home, manifest, "counts")
    compulsory = sum(row[-1] for row in counts if row[1:4] == ("managed", MONTH, "compulsory"))
    assert f" {compulsory:,} " in out
    assert {"month": "2026-10-01", "scheme": "compulsory", "participants": compulsory} in summary["participants"]
    owed = sum(row[6] for row in rows(home, manifest, "dues") if row[1] == MONTH)
    assert [row["outstanding"] for row in summary["dues"] if row["month"] == "2026-10-01"] == [owed]
    assert sum(row["findings"] for row in summary["findings"]) == manifest.rows["findings"]
    assert f"Run {manifest.run}" in out and "as of 31 Oct 2026" in out
    assert "Payments to dues: " in err


def test_nothing_accuses_anybody(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = told(home, capsys, "--lang", "vi")
    assert "gian lận" not in out and "vi phạm" not in out


def test_the_exit_code_tells_of_a_step_that_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(months, "steps", without_indicators(months.steps))
    monkeypatch.setattr("baophu.dues.settling.settle", broken)
    code, out, _ = told(a_home(tmp_path), capsys, "--lang", "en")
    assert code == 2 and "Payments to dues: not computed" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--memory", "much"], "memory limit 'much'"),
        (["--as-of", "31-02"], "is not a date"),
        (["--month", "2026-13"], "'2026-13' is not a month"),
    ],
)
def test_what_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    code, _, err = told(tmp_path / "home", capsys, "--lang", "en", *words)
    assert code == 2 and said in err

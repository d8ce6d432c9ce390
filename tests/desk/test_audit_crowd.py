"""The chain of the audit record while several processes write to it at once, on either database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from baophu.desk.audit import first_broken, record
from baophu.desk.models import AuditRecord

WRITERS, EACH = 3, 15
PROGRAM = """
import sys
from pathlib import Path
from baophu.desk.start import start
start(Path(sys.argv[1]))
from django.db import transaction
from baophu.desk.audit import record
from baophu.desk.models import AuditRecord
for number in range(int(sys.argv[3])):
    with transaction.atomic():
        record(f"writer-{sys.argv[2]}", AuditRecord.Action.GRANT, f"user:{number}", {"tên": "xã", "number": number})
"""


def test_records_of_a_crowd_stand_in_one_unbroken_row(home: Path) -> None:
    record("first", AuditRecord.Action.GRANT, "user:0", {})
    crowd = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(home), str(number), str(EACH)])
        for number in range(WRITERS)
    ]
    assert [one.wait() for one in crowd] == [0] * WRITERS
    assert AuditRecord.objects.count() == WRITERS * EACH + 1
    assert first_broken() is None
    before = AuditRecord.objects.order_by("id").values_list("previous", flat=True)
    assert len(set(before)) == WRITERS * EACH + 1, "no two records follow the same one"

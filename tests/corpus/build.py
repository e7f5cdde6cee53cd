"""Makes the corpus: every case's files and its expected.json, from the cases in ``making``.

    python tests/corpus/build.py            everything
    python tests/corpus/build.py pm- -wps   only cases whose name contains one of these

Run it after changing a case; what it writes is committed.  It needs LibreOffice and two CJK fonts (WenQuanYi
Zen Hei, AR PL UMing), which the tests themselves do not.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def main(wanted: list[str]) -> None:
    from making import all_cases

    cases = all_cases(wanted)
    if not wanted:
        known = {c.slug for c in cases}
        for folder in HERE.glob("*/expected.json"):
            if folder.parent.name not in known and not folder.parent.name.startswith("hand-"):
                shutil.rmtree(folder.parent)
    for case in cases:
        folder = HERE / case.slug
        shutil.rmtree(folder, ignore_errors=True)
        for name, data in case.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        expected = json.dumps(case.expected(), ensure_ascii=False, indent=2)
        (folder / "expected.json").write_text(expected + "\n", encoding="utf-8")
    print(f"{len(cases)} cases written")


if __name__ == "__main__":
    main(sys.argv[1:])

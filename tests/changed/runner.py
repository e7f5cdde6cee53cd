"""Changes clean documents in ways whose verdict is known, and says which changes the check did not notice."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from random import Random

from changed import formats, judging
from changed.changes import KINDS
from changed.documents import Candidate, clean, corpus, examples, within
from changed.judging import Outcome, Result

KNOWN = Path(__file__).with_name("known.txt")
EVERY_KIND = (*KINDS, "formats")


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    candidates = list(within(asked.documents) if asked.documents else chain(examples(), corpus()))
    if asked.most and asked.most < len(candidates):
        candidates = sorted(Random(asked.seed).sample(candidates, asked.most), key=lambda c: c.slug)
    debts = known()
    counts: Counter[tuple[str, str]] = Counter()
    for result in _results(candidates, asked):
        state = _state(result, debts)
        counts[result.kind, state] += 1
        if result.outcome is not Outcome.NOTICED:
            print(f"{state:<8} {result.key}: {result.said}", flush=True)
        elif state == "paid":
            print(f"{state:<8} {result.key}: noticed now, take it off {KNOWN.name}", flush=True)
    for kind in asked.only:
        of_kind = {state: number for (each, state), number in sorted(counts.items()) if each == kind}
        print(
            f"{kind:<8} {sum(of_kind.values())} changes",
            *(f"{n} {state}" for state, n in of_kind.items()),
            sep=", ",
        )
    return 0 if {state for _, state in counts} <= {Outcome.NOTICED, "known"} else 1


def known() -> frozenset[str]:
    """The keys of what is known not to be noticed."""
    lines = KNOWN.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _state(result: Result, debts: frozenset[str]) -> str:
    if result.key not in debts:
        return result.outcome
    return "paid" if result.outcome is Outcome.NOTICED else "known"


def _results(candidates: Iterable[Candidate], asked: argparse.Namespace) -> Iterator[Result]:
    kinds = [kind for kind in KINDS if kind in asked.only]
    for candidate in candidates if kinds else ():
        document = clean(candidate)
        if document is not None:
            yield from judging.results(document, kinds, asked.seed)
    if "formats" in asked.only:
        with tempfile.TemporaryDirectory(prefix="yushen-changed-") as folder:
            yield from formats.results(candidates, asked.forms, Path(folder))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/changed/run", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the new numbers and of --most (0)")
    parser.add_argument(
        "--documents",
        type=Path,
        nargs="+",
        metavar="DIR",
        default=[],
        help="folders of Word files; by default the examples and the cases of tests/corpus that must pass",
    )
    parser.add_argument("--most", type=int, help="take so many of the documents, by chance; all by default")
    parser.add_argument(
        "--only", nargs="+", choices=EVERY_KIND, default=list(KINDS), help="all but formats by default"
    )
    parser.add_argument(
        "--forms", nargs="+", choices=formats.FORMS, default=["pdf"], help="for the kind formats (pdf)"
    )
    asked = parser.parse_args(arguments)
    if missing := [str(folder) for folder in asked.documents if not folder.is_dir()]:
        parser.error(f"no such folder: {', '.join(missing)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())

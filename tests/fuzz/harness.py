"""Fuzzes one target in this process: ``python -m fuzz.harness TARGET SECONDS SEED CORPUS FOUND``.

A target is a module of ``fuzz.targets`` with

- ``run(data)``: does with the bytes what the program does with them, and raises what it must not raise;
- ``seeds()``: inputs to begin with;
- ``INSTRUMENTED``: packages whose branches guide the search;
- ``QUICK``: how many inputs ``fuzz.quick`` tries, some 15 seconds' worth;
- maybe ``mutated(data, random)``: a change that keeps the outer structure sound;
- maybe ``NATIVE = True``: most of the work is done by a library in C++, which some input will end or hang
  whatever we do.  That is what the sandbox is for, and no finding: it is counted, and the search goes on.

What an input does that it must not is written down beside it, and the search goes on: an exception that
``run`` lets through, more processor time than ``allowance``.  What ends the process (a crash in native code,
memory, a hang) libFuzzer writes down.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import resource
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import atheris

TARGETS = Path(__file__).with_name("targets")
LONGEST = 256 * 1024
_MEMORY = 2000
"""Megabytes: less than a child may have, more than any input of this size has a reason to take."""
ADDRESS_SPACE = 6 << 30
"""Whatever an input does, the machine lives."""
HANG_SECONDS = 60
"""On the clock, of a machine that is shared; what takes processor time is found by ``allowance``."""
_OWN_CHANGE = 0.7
"""Share of changes that a target makes itself, where it can."""


def allowance(size: int) -> float:
    """Seconds of the processor that an input of so many bytes may take under instrumentation."""
    return 5.0 + 60.0 * size / 1024**2


def main() -> None:
    name, seconds, seed, corpus, found = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    target = instrumented(name)
    watch = Watch(target.run, Path(found))
    for sound in target.seeds():
        place = Path(corpus, f"seed-{hashlib.sha256(sound).hexdigest()[:16]}")
        place.write_bytes(sound)
    options: dict[str, Any] = {}
    if hasattr(target, "mutated"):
        options["custom_mutator"] = mutator(target.mutated)
    arguments = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        f"-timeout={HANG_SECONDS}",
        f"-rss_limit_mb={_MEMORY}",
        f"-artifact_prefix={found}/",
        "-print_final_stats=1",
        "-len_control=0",
        # By the clock, which a busy machine stretches; ``allowance`` counts the processor's time.
        "-report_slow_units=1000000",
        corpus,
    ]
    atheris.Setup([sys.argv[0], *arguments], watch.run, **options)
    atheris.Fuzz()


def instrumented(name: str) -> Any:
    """The target's module, what it names loaded so that its branches are seen."""
    # The list stands in the file, which must not be loaded before the others are prepared.
    source = (TARGETS / f"{name}.py").read_text("utf-8")
    line = next(line for line in source.splitlines() if line.startswith("INSTRUMENTED = "))
    with atheris.instrument_imports(include=json.loads(line.partition(" = ")[2])):
        return importlib.import_module(f"fuzz.targets.{name}")


class Watch:
    """Runs inputs and writes down those that hurt, one for each place in the program."""

    def __init__(self, run: Callable[[bytes], None], found: Path) -> None:
        self._run = run
        self._found = found
        self._known: set[str] = set()

    def run(self, data: bytes) -> None:
        begun = time.process_time()
        try:
            self._run(data)
        except Exception as error:  # whatever a parser lets through is what is looked for
            self._note(_place(error), data, "".join(traceback.format_exception(error)))
        taken = time.process_time() - begun
        if taken > allowance(len(data)):
            self._note("slow", data, f"{taken:.1f} s for {len(data)} bytes\n")

    def _note(self, place: str, data: bytes, what: str) -> None:
        if place in self._known:
            return
        self._known.add(place)
        path = self._found / f"{place.partition(' ')[0]}-{hashlib.sha256(data).hexdigest()[:12]}"
        path.with_name(f"{path.name}.txt").write_text(what, "utf-8")
        path.write_bytes(data)


def _place(error: Exception) -> str:
    """The exception and the line of it: what is the same fault."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {last.filename}:{last.lineno}"


def mutator(change: Callable[[bytes, Random], bytes]) -> Callable[[bytes, int, int], bytes]:
    """For libFuzzer: mostly the target's own changes, else those that know no structure."""

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < _OWN_CHANGE:
            changed = change(data, random)
            if len(changed) <= most:
                return changed
        return atheris.Mutate(data, most)

    return mutated


if __name__ == "__main__":
    main()

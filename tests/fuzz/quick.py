"""Tries the same inputs on one target every time: ``python -m fuzz.quick TARGET SEED FIRST FOUND``.

What libFuzzer tries next depends on what it has seen, and that on addresses and the clock: the same seed
finds other faults on another day.  That is right for a search and wrong for a check of a change.  Here an
input depends on the seed and its number alone: each sound one, and then one of them changed some times as the
target changes them.

The input at work lies in FOUND as ``crash-NUMBER``, which stays there if it ends the process.
"""

from __future__ import annotations

import importlib
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from fuzz.changes import bytes_changed
from fuzz.harness import ADDRESS_SPACE, HANG_SECONDS, LONGEST, Watch


def main() -> None:
    name, seed, first, found = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    target = importlib.import_module(f"fuzz.targets.{name}")
    watch = Watch(target.run, Path(found))
    for number, data in enumerate(inputs(target, seed, int(first), target.QUICK), int(first)):
        trace = Path(found, f"crash-{number:06}")
        trace.write_bytes(data)
        # Its default action ends the process; a handler in Python would wait for native code to return.
        signal.alarm(HANG_SECONDS)
        watch.run(data)
        signal.alarm(0)
        trace.unlink()
    print("tried", target.QUICK)


def inputs(target: Any, seed: str, first: int, end: int) -> Iterator[bytes]:
    """The inputs of a target from number ``first`` to before number ``end``."""
    sound = list(target.seeds())
    change: Callable[[bytes, Random], bytes] = getattr(target, "mutated", bytes_changed)
    yield from sound[first:end]
    for number in range(max(first, len(sound)), end):
        random = Random(f"{seed}/{number}")
        data = random.choice(sound)
        for _ in range(random.choice((1, 1, 2, 4, 8))):
            changed = change(data, random)
            data = changed if len(changed) <= LONGEST else data
        yield data


if __name__ == "__main__":
    main()

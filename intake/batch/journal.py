"""What a batch has done so far, on disk: a run that was killed goes on where it stopped.

A SQLite file in the batch's folder.  Every report is written as it comes; a place is done when all its
submissions are, and is read again in a later run only if its files have changed.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from intake.batch.places import Left, Place
from reports.summary import Judged
from schemas.errors import UsageError

_TABLES = """
CREATE TABLE IF NOT EXISTS call (terms TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS places (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, run INTEGER NOT NULL, ordinal INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reports (
    place TEXT NOT NULL, position INTEGER NOT NULL, title TEXT NOT NULL, report BLOB, failure TEXT NOT NULL,
    PRIMARY KEY (place, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lefts (
    key TEXT NOT NULL, why TEXT NOT NULL, is_error INTEGER NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (key, why)
) WITHOUT ROWID;
"""


class Journal:
    """The batch's file.  A context manager; one process at a time writes it."""

    def __init__(self, path: Path, terms: dict[str, Any]) -> None:
        """Open or begin the journal.

        Args:
            path: the file.
            terms: what decides the verdicts beside the files (pack, class, date); must not change.

        Raises:
            UsageError: it belongs to a batch under other terms, is in use, or is no journal.
        """
        said = json.dumps(terms, ensure_ascii=False, sort_keys=True)
        try:
            self._db = sqlite3.connect(path, timeout=0, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("BEGIN EXCLUSIVE")
            for statement in _TABLES.split(";"):
                self._db.execute(statement)
            held = self._db.execute("SELECT terms FROM call").fetchone()
            if held is None:
                self._db.execute("INSERT INTO call VALUES (?)", (said,))
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise UsageError(
                f"{path}：无法使用（{error}）。可能另一个 yushen batch 正在写这个文件夹；"
                "请等它结束，或换一个 --into 文件夹。"
            ) from error
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{path} 不是批次记录，或已经损坏。请换一个 --into 文件夹。") from error
        if held is not None and held[0] != said:
            raise UsageError(
                f"{path.parent} 里是用另外的选项检查的批次（{held[0]}）。"
                "请用同样的选项继续，或换一个 --into 文件夹。"
            )
        self._run: int = self._db.execute(
            "SELECT coalesce(max(run), 0) + 1 FROM (SELECT run FROM places UNION ALL SELECT run FROM lefts)"
        ).fetchone()[0]
        self._ordinal = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def is_done(self, place: Place) -> bool:
        """Whether an earlier run finished the place as it is now; what it found counts for this run too."""
        self._ordinal += 1
        self._db.execute("UPDATE lefts SET run = ? WHERE key = ?", (self._run, place.key))
        renewed = self._db.execute(
            "UPDATE places SET run = ?, ordinal = ? WHERE key = ? AND fingerprint = ?",
            (self._run, self._ordinal, place.key, place.fingerprint),
        )
        return bool(renewed.rowcount)

    def begin(self, place: Place) -> None:
        """Forget what an unfinished or older reading of the place found."""
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM places WHERE key = ?", (place.key,))
        self._db.execute("DELETE FROM reports WHERE place = ?", (place.key,))
        self._db.execute("DELETE FROM lefts WHERE key = ?", (place.key,))
        self._db.execute("COMMIT")

    def put(self, position: int, entry: Judged) -> None:
        """Keep what came of a submission."""
        packed = None
        if entry.report is not None:
            packed = zlib.compress(json.dumps(entry.report, ensure_ascii=False).encode("utf-8", "replace"))
        self._db.execute(
            "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?)",
            (entry.place, position, entry.title, packed, entry.failure),
        )

    def leave(self, left: Left) -> None:
        """Keep what is not judged, and why."""
        self._db.execute(
            "INSERT OR REPLACE INTO lefts VALUES (?, ?, ?, ?)",
            (left.key, left.why, int(left.is_error), self._run),
        )

    def finish(self, place: Place, ordinal: int) -> None:
        """Every submission of the place is kept; unless the program failed on one, it is done."""
        failed = self._db.execute(
            "SELECT 1 FROM reports WHERE place = ? AND report IS NULL", (place.key,)
        ).fetchone()
        fingerprint = "" if failed else place.fingerprint
        self._db.execute(
            "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)",
            (place.key, fingerprint, self._run, ordinal),
        )

    @property
    def ordinal(self) -> int:
        """How many places this run has come to."""
        return self._ordinal

    def entries(self) -> Iterator[Judged]:
        """What came of every submission of this run, in the order of the places."""
        rows = self._db.execute(
            "SELECT place, title, report, failure FROM reports JOIN places ON key = place"
            " WHERE run = ? ORDER BY ordinal, position",
            (self._run,),
        )
        for place, title, packed, failure in rows:
            report = json.loads(zlib.decompress(packed)) if packed is not None else None
            yield Judged(place, title, report, failure)

    def lefts(self) -> Iterator[Left]:
        """What was not judged, and why."""
        rows = self._db.execute(
            "SELECT key, why, is_error FROM lefts WHERE run = ? ORDER BY key, why", (self._run,)
        )
        for key, why, is_error in rows:
            yield Left(key, why, bool(is_error))

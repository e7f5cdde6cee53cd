"""The names in the root of a compound file (OLE2, [MS-CFB]): enough to tell what kind of file it is."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct("<30x H 16x I 16x I 4x")
"""Of the header: sector shift, first sector of the directory, first sector of the DIFAT."""

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free, tables), not sectors."""

_NO_ENTRY = 0xFFFFFFFF
_ENTRY = 128
_MAX_ENTRIES = 100_000


class CompoundFileError(ValueError):
    """The file's tables do not lead to a directory."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    left: int
    right: int
    child: int


def root_streams(data: bytes) -> frozenset[str]:
    """Names of the streams and storages that stand directly in the root storage.

    Raises:
        CompoundFileError: header, allocation table or directory is damaged.
    """
    entries = _directory(data)
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [entries[0].child]
    while waiting:
        index = waiting.pop()
        if index == _NO_ENTRY or index in seen or index >= len(entries):
            continue
        seen.add(index)
        names.add(entries[index].name)
        waiting += (entries[index].left, entries[index].right)
    return frozenset(names)


def _directory(data: bytes) -> list[_Entry]:
    try:
        shift, first_directory, first_difat = _HEADER.unpack_from(data)
    except struct.error as error:
        raise CompoundFileError("header cut off") from error
    if shift not in (9, 12):
        raise CompoundFileError(f"sector shift {shift}")
    size = 1 << shift
    table = _allocation_table(data, size, first_difat)
    entries = [
        _entry(sector, offset)
        for sector in _chain(data, size, table, first_directory)
        for offset in range(0, len(sector) - _ENTRY + 1, _ENTRY)
    ]
    if not entries:
        raise CompoundFileError("no directory")
    return entries


def _entry(sector: bytes, offset: int) -> _Entry:
    length = struct.unpack_from("<H", sector, offset + 64)[0]
    name = sector[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, *struct.unpack_from("<III", sector, offset + 68))


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _chain(data: bytes, size: int, table: list[int], start: int) -> Iterator[bytes]:
    """The sectors of a chain, a chain that bites its tail or leaves the file cut short."""
    seen: set[int] = set()
    number = start
    while number < _FREE and number not in seen and len(seen) * size < _MAX_ENTRIES * _ENTRY:
        seen.add(number)
        if not (sector := _sector(data, size, number)):
            return
        yield sector
        number = table[number] if number < len(table) else _NO_ENTRY


def _allocation_table(data: bytes, size: int, first_difat: int) -> list[int]:
    table: list[int] = []
    for number in _table_sectors(data, size, first_difat):
        sector = _sector(data, size, number)
        table += struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
    return table


def _table_sectors(data: bytes, size: int, first_difat: int) -> Iterator[int]:
    """Where the allocation table lies: 109 places in the header, further ones in a chain of their own."""
    places = list(struct.unpack("<109I", data[76:512].ljust(436, b"\xff")))
    seen: set[int] = set()
    number = first_difat
    while number < _FREE and number not in seen:
        seen.add(number)
        sector = _sector(data, size, number)
        if len(sector) < size:
            break
        *more, number = struct.unpack(f"<{size // 4}I", sector)
        places += more
    return iter(dict.fromkeys(place for place in places if place < _FREE and (place + 1) * size < len(data)))

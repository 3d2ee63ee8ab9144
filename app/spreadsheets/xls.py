"""As much of the old .xls format (OLE container, BIFF records) as is needed to judge a file before it is opened.

[MS-CFB] gives the container, [MS-XLS] the records. Cells are read by calamine, never here.
"""

import struct
from collections import defaultdict
from dataclasses import dataclass, field

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_CHAIN = 0xFFFFFFFA  # and everything above it: no sector
BOF, FILEPASS, SUPBOOK, BOUNDSHEET, OBPROJ = 0x0809, 0x002F, 0x01AE, 0x0085, 0x00D3
DIMENSIONS, FORMULA, BOOLERR = 0x0200, 0x0006, 0x0205
ROW, MULBLANK, MULRK = 0x0208, 0x00BE, 0x00BD
CELLS = {0x0201, 0x0203, 0x0204, 0x0205, 0x0006, 0x00FD, 0x027E, 0x00D6}


class Broken(ValueError):
    pass


@dataclass
class Survey:
    encrypted: bool = False
    macros: bool = False
    outside: bool = False
    rows: int = 0
    columns: int = 0
    # Place of each sheet in the file → cells that hold an error such as #N/A, counted from 0.
    errors: dict[int, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    sheet_places: list[int] = field(default_factory=list)


def has_stream(data, name):
    """Names in the container's directory are UTF-16; a look for one needs no parsing."""
    return name.encode("utf-16-le") in data


def survey(data):
    found = Survey(macros=has_stream(data, "_VBA_PROJECT"))
    try:
        stream = _workbook_stream(data)
        _walk(stream, found)
    except (struct.error, IndexError):
        raise Broken from None
    return found


def _workbook_stream(data):
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in (512, 4096):
        raise Broken
    fat_count, directory = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
    cutoff, mini_fat, mini_count, difat, difat_count = struct.unpack_from("<5I", data, 56)

    def at(number):
        return data[(number + 1) * sector : (number + 2) * sector]

    fat_sectors = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(difat_count, len(data) // sector)):
        *more, difat = struct.unpack(f"<{sector // 4}I", at(difat))
        fat_sectors += more
    fat = []
    for number in [n for n in fat_sectors if n < END_OF_CHAIN][:fat_count]:
        fat += struct.unpack(f"<{sector // 4}I", at(number))

    def chain(start, table):
        numbers = []
        while start < END_OF_CHAIN:
            numbers.append(start)
            start = table[start]
            if len(numbers) > len(table):
                raise Broken  # a ring
        return numbers

    def read(start):
        return b"".join(at(number) for number in chain(start, fat))

    entries = read(directory)
    root_start = struct.unpack_from("<I", entries, 116)[0]
    for offset in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, offset + 64)[0]
        name = entries[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, size = struct.unpack_from("<II", entries, offset + 116)
            if size >= cutoff:
                return read(start)[:size]
            mini = [n for number in chain(mini_fat, fat) for n in struct.unpack(f"<{sector // 4}I", at(number))] if mini_count else []
            small = read(root_start)
            return b"".join(small[n * 64 : n * 64 + 64] for n in chain(start, mini))[:size]
    raise Broken


def _walk(stream, found):
    """Every record once: what it is, and for cells where they lie."""
    position, end, sheet = 0, len(stream), 0
    unpack = struct.unpack_from
    while position + 4 <= end:
        kind, length = unpack("<HH", stream, position)
        body = position + 4
        if kind in CELLS:
            row, column = unpack("<HH", stream, body)
            found.rows, found.columns = max(found.rows, row + 1), max(found.columns, column + 1)
            error_value = kind == BOOLERR and stream[body + 7]
            error_result = kind == FORMULA and stream[body + 12 : body + 14] == b"\xff\xff" and stream[body + 6] == 2
            if error_value or error_result:
                found.errors[sheet].add((row, column))
        elif kind in (MULRK, MULBLANK):
            row = unpack("<H", stream, body)[0]
            last = unpack("<H", stream, body + length - 2)[0]
            found.rows, found.columns = max(found.rows, row + 1), max(found.columns, last + 1)
        elif kind == DIMENSIONS and length >= 12:
            rows, _, columns = unpack("<IHH", stream, body + 4)
            found.rows, found.columns = max(found.rows, rows), max(found.columns, columns)
        elif kind == BOF:
            sheet = position
        elif kind == FILEPASS:
            found.encrypted = True
            return  # the rest is cipher
        elif kind == OBPROJ:
            found.macros = True
        elif kind == BOUNDSHEET:
            found.sheet_places.append(unpack("<I", stream, body)[0])
            if stream[body + 5] == 1:  # an Excel 4.0 macro sheet
                found.macros = True
        elif kind == SUPBOOK and length > 4 and unpack("<H", stream, body + 2)[0] not in (0x0401, 0x3A01):
            found.outside = True
        position = body + length

"""Workbooks as people and as enemies make them."""

import io
import struct
import zipfile

import xlsxwriter
import xlwt


def xlsx(rows, sheet="Sheet1", **options):
    """Text stays text; numbers, dates and the like become cells of their kind."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **options})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def xls(rows, sheet="Sheet1"):
    out = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if value != "":
                page.write(number, place, value, day) if hasattr(value, "year") else page.write(number, place, value)
    book.save(out)
    return out.getvalue()


def csv(rows, encoding="gb18030", delimiter=","):
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


def repacked(data, replace=(), add=(), drop=()):
    """The same package with some parts changed: `replace` maps a part to a function of its bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                content = old.read(name)
                new.writestr(name, dict(replace)[name](content) if name in dict(replace) else content)
        for name, content in dict(add).items():
            new.writestr(name, content)
    return out.getvalue()


def declaring(data, name, size):
    """The same package, saying that the part `name` unpacks to `size` bytes."""
    changed = bytearray(data)
    for signature, at_name, at_size in ((b"PK\x01\x02", 46, 24), (b"PK\x03\x04", 30, 22)):
        start = 0
        while (start := changed.find(signature, start)) >= 0:
            if changed[start + at_name : start + at_name + len(name)] == name.encode():
                struct.pack_into("<I", changed, start + at_size, size)
            start += 4
    return bytes(changed)

"""Workbooks of new pupils as a school's registrar fills them in: records of invented children, in the columns of the national template."""

from app.demo.roster import cells
from app.spreadsheets.columns import NEW_PUPILS
from tests.cast import new_pupil
from tests.spreadsheets import files

TITLES = [column.title for column in NEW_PUPILS]
PLACES = {column.field: place for place, column in enumerate(NEW_PUPILS)}
LETTERS = {column.field: column.letter for column in NEW_PUPILS}


def children(number, first=1):
    """Records that the school a1 could enrol in grade one of 2026, with documents of their own and no twins among them."""
    found, serial = [], first
    while len(found) < number:
        child = new_pupil(serial)
        serial += 1
        if child["id_doc_type"] == "1" and child["disability_type"] == "0":
            found.append(child | {"former_name": "", "remark": ""})
    return found


def line(record, school_code="2142900101", grade="一年级", number="1"):
    """The cells of one pupil, all of them text."""
    filled = cells(record, school_code, grade, number)
    return [filled[column.field] for column in NEW_PUPILS]


def xlsx(lines, titles=TITLES):
    return files.xlsx([titles, *lines])


def changed(cells, **values):
    """The same cells but for these fields."""
    cells = list(cells)
    for name, value in values.items():
        cells[PLACES[name]] = value
    return cells

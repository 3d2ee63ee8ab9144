"""A workbook of new pupils for a walk through 导入: the first grade of a1 in the national layout, a few cells of it wrong on purpose."""

from .. import clock, codes
from ..spreadsheets import writer
from ..spreadsheets.columns import NEW_PUPILS
from . import cast
from .families import Generator

SEED = 71  # apart from the county's own, so that nobody is there twice
CHILDREN = 12
SCHOOL = "a1"


def workbook(today) -> bytes:
    year = clock.school_year(today)
    return writer.table([column.title for column in NEW_PUPILS], rows(year), sheet="新生信息")


def rows(year):
    """The cells of the pupils, five rows of them with a fault that the check should find."""
    generator = Generator(SEED)
    children = []
    while len(children) < CHILDREN:
        child = generator.pupil(year, "1", cast.COUNTIES["a"])
        if child["id_doc_type"] == "1" and child["disability_type"] == "0":
            children.append(child)
    found = [cells(child, cast.BODIES[SCHOOL].school_code, "一年级", str(1 + place // 6)) for place, child in enumerate(children)]
    number = found[2]["id_doc_no"]
    found[2]["id_doc_no"] = number[:-1] + ("1" if number[-1] == "0" else "0")  # 校验码
    found[4]["phone"] = "1387199"
    found[6]["class_code"] = "6"
    found[8] = cells(cast.known_pupils(year)["common.1"].item, cast.BODIES[SCHOOL].school_code, "一年级", "1")  # 重复学籍: she is there already
    found[10]["ethnicity"] = "土家"
    return [[one.get(column.field, "") for column in NEW_PUPILS] for one in found]


def cells(record, school_code, grade, class_number):
    """{field: text} as a careful clerk fills it in."""
    values = dict(record) | {"school_code": school_code, "grade": grade, "class_code": class_number}
    for place, member in enumerate(record["guardians"][:2], 1):
        values |= {f"member{place}_{name}": value for name, value in member.items()}
    return {column.field: _text(column.item, values.get(column.field)) for column in NEW_PUPILS}


def _text(item, value):
    if value is None or value == "":
        return ""
    if item.kind == "date":
        return f"{value:%Y%m%d}"
    if item.kind == "yes_no":
        return "是" if value else "否"
    if item.kind == "code":
        return codes.table(item.table).label(value)
    return str(value)

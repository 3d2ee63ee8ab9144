"""Finding a pupil: by any part of a name or its pinyin through the search keys (DESIGN 4), by a number exactly through its blind index.

What was typed travels sealed for the person who typed it (`keep`, `kept`), so that no name and no number stands in an address.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, exists, func, select, union_all
from sqlalchemy.orm import aliased

from ... import sealing
from ...errors import NotFound
from ...extensions import ask, db
from ...identity import id_number, masks, names, phones, student_numbers
from ...identity.width import half_width, no_blanks
from ...models import Guardian, PersonNumber, SearchKey, Student
from ...permissions import by_seat, schools_of, student_scope, visible_students
from .listing import MOST, rows_query

PAGE = 50
LONGEST = 60
NOBODY = "没有找到{}的学生，也可能不在您的管理范围内。"
ID_LIKE = re.compile(r"\d{14,18}[\dX]")
NATIONAL_LIKE = re.compile(r"[GLJ]\d{5,}[\dX]")
CODE_LIKE = re.compile(r"[0-9A-Z-]*\d[0-9A-Z-]*")


@dataclass(frozen=True)
class Query:
    """What was typed: `kind` name, id_doc, national_no, phone, code or "" for nothing; `problem` says why a number cannot be one."""

    kind: str
    value: str = ""
    words: str = ""  # as a page may show it
    problem: str = ""


@dataclass(frozen=True)
class Found:
    query: Query
    rows: list
    more: bool = False
    count: int | None = 0  # None: 1,000 and more
    sentence: str = ""  # when nobody was found


def keep(text, person) -> str:
    """The opaque word of an address that stands for what this person typed."""
    return base64.urlsafe_b64encode(sealing.ring().seal_bytes(text[:LONGEST].encode(), "search", person.account_id, "q")).decode().rstrip("=")


def kept(word, person) -> str:
    try:
        return sealing.ring().unseal_bytes(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)), "search", person.account_id, "q").decode()
    except (InvalidTag, KeyError, IndexError, ValueError, binascii.Error):
        raise NotFound("这次查找的结果已经不在，请重新查找。") from None


def read(text) -> Query:
    """Which way of finding was meant. A number that cannot be one is told so, and nothing else is tried in its place."""
    number = no_blanks(text).upper()
    if NATIONAL_LIKE.fullmatch(number):
        problem = student_numbers.national_problem(number)
        return Query("national_no", number, f"学籍号 {masks.number(number)}", f"{problem[1]}。" if problem and problem[0] == "block" else "")
    if ID_LIKE.fullmatch(number):
        problem = id_number.problem(number)
        return Query("id_doc", number, f"身份证件号 {masks.number(number)}", f"{problem}。" if problem else "")
    if re.fullmatch(r"[\d()+-]{7,20}", number) and not phones.problem(number):
        number = phones.clean(number)
        return Query("phone", number, f"联系电话 {masks.phone(number)}")
    if CODE_LIKE.fullmatch(number):
        return Query("code", number, f"编号 {number}")
    name = names.clean_query(text)
    if not name:
        return Query("", problem="请输入姓名、拼音、学籍号、身份证件号、学籍辅号或联系电话，再查找。")
    return Query("name", name, f"“{' '.join(half_width(text).split())}”")


def find(person, text, columns, *, after=None) -> Found:
    """At most three queries; `after` is the last pupil shown."""
    query = read(text)
    if query.kind == "name":
        return _by_name(person, query, columns, after)
    if query.kind == "":
        return Found(query, [], sentence=query.problem)
    rows = _by_number(person, query, columns)
    # A 学籍辅号 may look like a misread ID number: only when no pupil has it is it judged as one.
    sentence = "" if rows else query.problem or NOBODY.format(query.words if query.words.endswith("”") else f"{query.words} ")
    return Found(query, rows, count=len(rows), sentence=sentence)


# ---------------------------------------------------------------- by number

def _by_number(person, query, columns):
    ids = db.session.execute(select(_holders(query).subquery()).limit(MOST)).scalars().all()
    if not ids:
        return []
    rows = ask(rows_query(person, columns).where(Student.id.in_(ids))) or ask(rows_query(person, columns).where(Student.merged_into_id.in_(ids)))
    # Few, and ordered here: asked to order, the engine would walk the names of the whole school.
    return sorted(rows, key=lambda row: (row.name_sort, row.id))


def _holders(query):
    """Whose number it is, whoever may see them: each way one look into an index."""
    if query.kind == "phone":
        index = sealing.blind_index("phone", query.value)
        return union_all(
            select(Student.id).where(Student.phone_index == index),
            select(Guardian.student_id).where(Guardian.phone_index == index, Guardian.state == "live"),
        )
    codes = [select(Student.id).where(Student.aux_number == query.value), select(Student.id).where(Student.student_code == query.value)]
    if query.kind == "code":
        return union_all(*codes)
    index = sealing.blind_index(query.kind, query.value)
    return union_all(select(PersonNumber.student_id).where(PersonNumber.kind == query.kind, PersonNumber.index == index), *codes)


# ---------------------------------------------------------------- by name

def _by_name(person, query, columns, after):
    between = {"low": query.value, "high": _after_all(query.value)}
    count = None
    if after is None:
        [(number,)] = ask(_number(person), **between)
        count = number if number <= MOST else None
        rows = ask(_page(person, columns, False), **between)
    else:
        rows = ask(_page(person, columns, True), **between, key=_key_of(person, between, after), after=after)
    sentence = "" if rows or after else NOBODY.format(f"姓名或拼音中有{query.words}")
    return Found(query, rows[:PAGE], len(rows) > PAGE, count, sentence)


def _after_all(key):
    """The first string behind every string that begins with `key`, in the order of code points."""
    last = ord(key[-1]) + 1
    return key[:-1] + chr(0xE000 if last == 0xD800 else last)


SMALLER = aliased(SearchKey)
HITS = select(SearchKey.key, SearchKey.student_id).where(
    SearchKey.key >= bindparam("low"), SearchKey.key < bindparam("high"),
    ~exists().where(SMALLER.student_id == SearchKey.student_id, SMALLER.county_id == SearchKey.county_id, SMALLER.key >= bindparam("low"),
                    SMALLER.key < SearchKey.key),
)


BEYOND = (SearchKey.key >= bindparam("key"), (SearchKey.key > bindparam("key")) | (SearchKey.student_id > bindparam("after")))


@by_seat
def _number(person):
    return select(func.count()).select_from(_hits(person).limit(MOST + 1).subquery())


@by_seat
def _page(person, columns, goes_on):
    hits = _hits(person).where(*BEYOND if goes_on else ())
    page = hits.order_by(SearchKey.key, SearchKey.student_id).limit(PAGE + 1).subquery()
    return rows_query(person, columns).join(page, page.c.student_id == Student.id).order_by(page.c.key, page.c.student_id)


def _hits(person):
    """(key, student_id) of everybody with a key in the range, each under the smallest of her keys."""
    hits = HITS.where(_place(person, SearchKey))
    if person.duty == "class_teacher":  # the keys know schools and counties, not classes
        hits = hits.join(Student, Student.id == SearchKey.student_id).where(student_scope(person))
    return hits


def _place(person, keys):
    """People of a school and a township read the index by school, a county's that by county. Who has moved on is found where she is now (DECIDED 2)."""
    if person.tier == "school":
        return (keys.school_id == person.school_id) & keys.present
    if person.tier == "township":
        return keys.school_id.in_(schools_of(person)) & keys.present
    return (keys.county_id == person.county_id) & keys.present


def _key_of(person, between, after):
    """Of the last pupil shown, who is followed by the others: a name stands in no address, so her key is looked up again."""
    last = select(func.min(SearchKey.key)).where(SearchKey.student_id == after, SearchKey.key >= between["low"], SearchKey.key < between["high"], _place(person, SearchKey))
    key = db.session.execute(last).scalar()
    if key is None:
        raise NotFound("这一页接不上了，请重新查找。")
    return key


def only_one(person, text) -> int | None:
    """The pupil that a number means, when it means exactly one whom this person may see. A number of a duplicate means the record that it was merged into; whoever sees
    the duplicate alone, that one."""
    query = read(text)
    if query.kind in ("", "name"):
        return None
    ids = db.session.execute(select(_holders(query).subquery()).limit(MOST)).scalars().all()
    if not ids:
        return None
    mine = visible_students(person).with_only_columns(Student.id).limit(2)
    seen = db.session.scalars(mine.where(Student.id.in_(ids))).all() or db.session.scalars(mine.where(Student.merged_into_id.in_(ids))).all()
    return seen[0] if len(seen) == 1 else None

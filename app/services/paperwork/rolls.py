"""Lists that leave the house: a class on paper (花名册), its check sheets, pupils as a workbook. The trace has its row before the first byte (DECIDED 13).

Numbers are masked on all of them but the list of new pupils that the county is given (新生花名册), which is asked for with a purpose (DECIDED 21).
"""

from sqlalchemy import func, select

from ...documents import check_sheet, roster
from ...documents.fonts import CannotPrint
from ...errors import NotFound, Refusal
from ...extensions import db
from ...identity import masks
from ...identity.grades import title_of
from ...identity.items import PUPIL_ITEMS, show
from ...models import Account, Body, Case, Class, Grade, Guardian, Post, Student, Term
from ...permissions import require, visible_classes, visible_students
from ...spreadsheets import writer
from ...workflow.flows import NEW_RECORDS
from .. import trace
from ..pupils import listing, records
from ..transactions import writes
from . import check_sheets, papers

VARIANTS = {"class": "学生花名册", "public": "学生花名册（公示）", "new": "新生花名册"}
MOST_EXPORTED = 5000
LONGEST_PURPOSE = 100


# ---------------------------------------------------------------- on paper

def print_roster(class_id, variant, *, actor, today, now, purpose=""):
    """(title, PDF) of a class. `new` shows whole numbers and needs a purpose."""
    title, told = _roster(class_id, variant, actor=actor, today=today, now=now, purpose=purpose)
    return title, _drawn(roster.draw, told)


@writes
def _roster(s, class_id, variant, *, actor, today, now, purpose):
    require(actor, "student.export" if variant == "new" else "student.print")
    row = _class(s, class_id, actor)
    pupils = _pupils(s, class_id, actor)
    if not pupils:
        raise Refusal("这个班还没有学生，没有可打印的名册。")
    title = f"{row.school} {title_of(row)}"
    subjects = [pupil.id for pupil in pupils]
    if variant == "new":
        trace.record(s, "students.exported", actor=actor, chain=row.county_id, subjects=subjects, number=len(pupils),
                     columns=[VARIANTS[variant], "完整身份证件号和学籍号"], purpose=_purpose(purpose))
    else:
        trace.record(s, "students.printed", actor=actor, chain=row.county_id, subjects=subjects, paper=f"{VARIANTS[variant]} {title}", number=len(pupils))
    return title, {
        "variant": variant, "school_name": row.school, "class_title": title_of(row), "class_teacher": _teacher(s, class_id), "term": _term(s, row.county_id, today),
        "expected": len(pupils), "rows": _rows(s, pupils, row, whole=variant == "new"), "filled_by": actor.name if variant == "new" else "",
        "seal": {"name": row.school, "decided_on": f"{today:%Y-%m-%d}"} if variant == "new" else None, "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name,
    }


def print_sheets(class_id, *, actor, now):
    """(title, PDF): 信息核对表 of everybody in the class, a printing of each on record."""
    title, times = _sheets(class_id, actor=actor, now=now)
    return title, _drawn(check_sheet.draw_all, _told(db.session, times, actor, now))


@writes
def _sheets(s, class_id, *, actor, now):
    require(actor, "student.print")
    row = _class(s, class_id, actor)
    pupils = _pupils(s, class_id, actor)
    if not pupils:
        raise Refusal("这个班还没有学生，没有可打印的核对表。")
    ids = [pupil.id for pupil in pupils]
    trace.record(s, "students.printed", actor=actor, chain=row.county_id, subjects=ids, paper=f"{check_sheets.TITLE} {row.school} {title_of(row)}", number=len(ids))
    return f"{row.school} {title_of(row)}", papers.count_printings(s, ids, check_sheets.KIND, now)


def print_sheet(student_id, *, actor, now):
    """The sheet of one pupil who is in: for the check each term, and for the guardian to sign what was changed."""
    return _drawn(check_sheet.draw_all, _told(db.session, _one(student_id, actor=actor, now=now), actor, now))


@writes
def _one(s, student_id, *, actor, now):
    require(actor, "student.print")
    county_id = s.execute(visible_students(actor).with_only_columns(Student.county_id).where(Student.id == student_id, Student.lifecycle.in_(listing.HERE))).scalar()
    if county_id is None:
        raise NotFound
    times = papers.count_printings(s, [student_id], check_sheets.KIND, now)
    trace.record(s, "student.printed", actor=actor, chain=county_id, subjects=[student_id], paper=check_sheets.TITLE, times=times[student_id])
    return times


def _told(s, times, actor, now) -> list:
    """What the sheets of one class say, in the order of `times` ({student: which printing of hers it is}): four queries, after the act, so that no lock waits for them."""
    ids = list(times)
    found = records.load_all(s, ids)
    begun = s.execute(select(Case.student_id, Case.number).where(Case.student_id.in_(ids), Case.kind.in_(NEW_RECORDS)).order_by(Case.id))
    numbers = {case.student_id: case.number for case in begun}  # the last of hers
    places = {class_id: check_sheets.place_of(s, class_id) for class_id in {record["class_id"] for record in found.values()}}
    return [
        check_sheets.facts(found[one], places[found[one]["class_id"]], numbers.get(one, ""))
        | {"print_no": times[one], "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name} for one in ids
    ]


def _drawn(draw, told):
    """After the act, so that no lock waits for it."""
    try:
        return draw(told)
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


# ---------------------------------------------------------------- what they say

def _class(s, class_id, actor):
    row = s.execute(
        visible_classes(actor).join(Grade, Grade.id == Class.grade_id).join(Body, Body.id == Class.school_id).where(Class.id == class_id)
        .with_only_columns(Class.id, Class.county_id, Class.number, Class.name, Grade.stage, Grade.advanced_to, Grade.length, Body.name.label("school"))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _pupils(s, class_id, actor):
    return s.execute(
        visible_students(actor).with_only_columns(
            Student.id, Student.name, Student.class_no, Student.sex, Student.ethnicity, Student.birth_date, Student.hukou_place_code, Student.current_address,
            Student.attendance_mode, Student.lifecycle, Student.status, Student.id_doc_no_sealed, Student.national_no_sealed, Student.main_number_sealed,
            Student.phone_sealed,
        ).where(Student.class_id == class_id, Student.lifecycle.in_(listing.HERE))
        .order_by(Student.class_no == "", func.length(Student.class_no), Student.class_no, Student.name_sort, Student.id)
    ).all()


def _rows(s, pupils, place, *, whole):
    first = {
        row.student_id: row for row in s.execute(
            select(Guardian.id, Guardian.student_id, Guardian.name, Guardian.id_doc_no_sealed, Guardian.phone_sealed)
            .where(Guardian.student_id.in_([pupil.id for pupil in pupils]), Guardian.state == "live").order_by(Guardian.position.desc())
        )
    }
    return [_row(pupil, first.get(pupil.id), place, whole) for pupil in pupils]


def _row(pupil, guardian, place, whole):
    numbers, words, look = records.open_student(pupil), *listing.state_of(pupil)
    phone = records.open_guardian(guardian)["phone"] if guardian else ""
    told = {field: show(PUPIL_ITEMS[field], getattr(pupil, field)) for field in ("sex", "ethnicity", "attendance_mode")}
    return told | {
        "class_no": pupil.class_no, "class_name": title_of(place), "name": pupil.name, "birth_date": f"{pupil.birth_date:%Y-%m-%d}",
        "national_no": _number(numbers["national_no"], whole), "id_doc_no": _number(numbers["id_doc_no"], whole),
        "hukou_place": show(PUPIL_ITEMS["hukou_place_code"], pupil.hukou_place_code), "current_address": pupil.current_address,
        "guardian": guardian.name if guardian else "", "phone": masks.phone(phone) if phone else "", "remark": "" if look == "plain" else words,
    }


def _number(value, whole):
    return (value if whole else masks.number(value)) if value else ""


def _teacher(s, class_id):
    return "、".join(s.execute(
        select(Account.name).join(Post, Post.account_id == Account.id)
        .where(Post.class_id == class_id, Post.duty == "class_teacher", Post.state == "active").order_by(Post.id)
    ).scalars())


def _term(s, county_id, today):
    """The term of the county's calendar that is on, or comes next."""
    row = s.execute(select(Term.year, Term.number).where(Term.county_id == county_id, Term.ends_on >= today).order_by(Term.ends_on).limit(1)).one_or_none()
    return f"{row.year}—{row.year + 1}学年第{'一二'[row.number - 1]}学期" if row else ""


# ---------------------------------------------------------------- as a workbook

def export(filters, columns, title, purpose, *, actor):
    """(how many, bytes) of a list as it stands on the page: the same pupils in the same order, the same columns, numbers masked."""
    require(actor, "student.export")
    purpose = _purpose(purpose)
    rows, more = listing.list_students(actor, filters, columns, most=MOST_EXPORTED)
    if more:
        raise Refusal(f"符合条件的超过 {MOST_EXPORTED:,} 人。一次最多导出 {MOST_EXPORTED:,} 人，请按学校、年级或状态分几次导出。")
    if not rows:
        raise Refusal("没有符合条件的学生，没有可导出的。")
    titles = ["班内学号", "姓名", *(listing.COLUMNS[name].title for name in columns), "状态"]
    _exported([row.id for row in rows], titles, purpose, actor=actor)
    lines = [[*texts, words] for _, texts, (words, _) in listing.lines(rows, columns)]
    return len(rows), writer.table(titles, lines, title)


@writes
def _exported(s, student_ids, titles, purpose, *, actor):
    trace.record(s, "students.exported", actor=actor, chain=actor.county_id, subjects=student_ids, number=len(student_ids), columns=titles, purpose=purpose)


def _purpose(text):
    purpose = " ".join(text.split())
    if not purpose:
        raise Refusal("请写明导出的用途，如“报县教育局新生注册”。用途会留痕。", field="purpose")
    if len(purpose) > LONGEST_PURPOSE:
        raise Refusal(f"用途最多 {LONGEST_PURPOSE} 个字，请写短一些。", field="purpose")
    return purpose

"""学籍核查 (办法第二十五条): at least once a term each class is counted in its room and held against the register; who is missing is named, and dealt with at once.

A check is a row of its own, none is changed: the last of a term is how the class stands.
"""

from sqlalchemy import and_, exists, func, insert, select

from ...errors import NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import grades
from ...models import Class, ClassCheck, Grade, Student, Term, new_id
from ...permissions import require, visible_classes
from ...policies.sources import N25
from .. import trace
from ..transactions import writes

ARTICLE = f"{N25}第二十五条"
MOST, WORDS = 200, 200  # pupils in a room, characters of a note


def term_of(s, county_id, today):
    """The county's term that a day lies in: (year, number, starts_on, ends_on); None in the holidays, or where none is set."""
    return s.execute(
        select(Term.year, Term.number, Term.starts_on, Term.ends_on).where(Term.county_id == county_id, Term.starts_on <= today, today <= Term.ends_on)
    ).one_or_none()


def latest(class_ids, term) -> dict:
    """Class → its last check of this term."""
    if term is None or not class_ids:
        return {}
    rows = db.session.execute(
        select(ClassCheck.class_id, ClassCheck.registered, ClassCheck.present, ClassCheck.note, ClassCheck.checked_by, ClassCheck.checked_at)
        .where(ClassCheck.class_id.in_(class_ids), ClassCheck.year == term.year, ClassCheck.number == term.number).order_by(ClassCheck.id)
    )
    return {row.class_id: row for row in rows}


def by_school(person, term) -> dict:
    """School → how many of its classes have been checked this term."""
    if term is None:
        return {}
    return dict(db.session.execute(
        visible_classes(person).join(ClassCheck, and_(ClassCheck.class_id == Class.id, ClassCheck.year == term.year, ClassCheck.number == term.number))
        .where(Class.state == "open").with_only_columns(Class.school_id, func.count(Class.id.distinct())).group_by(Class.school_id)
    ).all())


def unchecked(person, today):
    """A column: how many classes in this person's sight nobody has checked this term, to be asked along with other figures; none in the holidays."""
    now = and_(Term.county_id == Class.county_id, Term.starts_on <= today, Term.ends_on >= today)
    done = exists().where(ClassCheck.class_id == Class.id, ClassCheck.year == Term.year, ClassCheck.number == Term.number)
    return visible_classes(person).join(Term, now).with_only_columns(func.count()).where(Class.state == "open", Class.headcount > 0, ~done).scalar_subquery().label("unchecked")


def term_ends(person, today):
    """A column: the last day of the term, beside `unchecked`."""
    return select(func.max(Term.ends_on)).where(Term.county_id == person.county_id, Term.starts_on <= today, Term.ends_on >= today).scalar_subquery().label("term_ends")


def registered(s, class_id) -> int:
    """Who reads in the class by the register: neither suspended nor still applying."""
    return s.execute(select(func.count()).select_from(Student).where(Student.class_id == class_id, Student.lifecycle == "live", Student.status == "01")).scalar_one()


@writes
def check(s, class_id, present, note, *, actor, today, now):
    """`present` sit in the room; where that is another number than the register's, `note` says who and why. Returns the class's id."""
    require(actor, "class.check")
    row = s.execute(
        visible_classes(actor).join(Grade, Grade.id == Class.grade_id).where(Class.id == class_id)
        .with_only_columns(Class.id, Class.county_id, Class.school_id, Class.state, Class.number, Class.name, Grade.stage, Grade.advanced_to, Grade.length)
        .with_for_update(of=Class, key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.state != "open":
        raise Refusal("这个班已经不在用，不用核查。")
    term = term_of(s, row.county_id, today)
    if term is None:
        raise Refusal("今天不在学期内，学期由教育局在校历中设置。请在学期内核查。", article=ARTICLE)
    here, note = registered(s, class_id), " ".join(note.split())
    wrong = []
    if present is None or not 0 <= present <= MOST:
        wrong.append(Refusal(f"请填写在教室里数到的人数，0 至 {MOST} 之间的整数", field="present"))
    elif present != here and not note:
        wrong.append(Refusal(f"学籍在读 {here} 人，实到 {present} 人，不一致：请写明是哪些学生、去了哪里", field="note"))
    if len(note) > WORDS:
        wrong.append(Refusal(f"说明最多写 {WORDS} 个字，请写短一些", field="note"))
    if wrong:
        raise Refusals(wrong)
    s.execute(insert(ClassCheck).values(
        id=new_id(), county_id=row.county_id, school_id=row.school_id, class_id=class_id, year=term.year, number=term.number, registered=here, present=present, note=note,
        checked_by_id=actor.account_id, checked_by=actor.name, checked_at=now,
    ))
    title = grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)
    trace.record(s, "class.checked", actor=actor, chain=row.county_id, registered=here, present=present, note=note, **{"class": title})
    return class_id

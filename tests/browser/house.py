"""A house in which some days have passed, so that its pages have something to show."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from app.extensions import db
from app.models import Case, Conduct, Student, Suggestion
from app.services.casework import cases, evidence
from app.services.casework.cases import Words
from app.services.intake import enrolments, imports
from app.services.people import accounts
from app.services.problem_records import problems
from app.services.pupils import conduct, photo_uploads, photos, records, suggestions
from app.services.standing import absences
from app.services.transfer import pupil_lookup, transfers
from app.services.transfer.transfers import Asked, Request
from tests.cast import new_pupil
from tests.rosters import changed, children, line, xlsx
from tests.services.test_students import picture

NOW = datetime(2026, 9, 11, 15, 20)
TODAY = NOW.date()
SCAN = (Path(__file__).parents[1] / "documents/photo.jpg").read_bytes()


def lived_in(county, work):
    """Cases at every stage, a name with a rare character among them; a workbook with faults, one written; an account that waits for its first sign-in."""
    registrar, head, officer = (county.actor(name) for name in ("registrar.a1", "head.a1", "officer.a"))
    when = {"today": TODAY, "now": NOW}
    for number, name, way in (
        (901, "吴𠮷宁", ("approve", "approve")), (902, "余㛃", ("approve",)), (903, "叶清禾", ("return",)), (904, "庹小舟", ("refuse",)), (905, "卞知夏", ()),
    ):
        case = enrolments.apply(new_pupil(number, name=name, name_pinyin="", former_name=""), county.class_("a1", number=2), actor=registrar, **when)
        evidence.attach(case, "signed_sheet", "核对表.jpg", SCAN, actor=registrar, **when)
        for actor, action in zip((head, officer), way, strict=False):
            words = Words() if action == "approve" else Words("01", "出生日期与户口簿不一致，请核对后更正", ("birth_date",))
            cases.act(case, action, actor=actor, seen_at=_step(case), words=words, **when)
    _moving(county, when)
    photos.put(county.pupil("rare.ext-b"), picture(), "照片.jpg", actor=registrar, **when)
    photo_uploads.upload([("23.jpg", picture()), ("99.jpg", picture())], county.class_("a1", year=2), actor=registrar, now=NOW)
    _suggesting(county, when)
    _growing(county, when)
    _staying_away(county, when)
    rows = [line(child) for child in children(6, first=700)]
    good = imports.upload(xlsx(rows[:3]), "一班.xlsx", actor=registrar, **when)
    imports.upload(
        xlsx([rows[3], changed(rows[4], name="", phone="138"), changed(rows[5], id_doc_no="420323202001011239")]), "一班补.xlsx", actor=registrar, **when,
    )
    work()
    imports.apply(good, "all", understood=True, actor=registrar, now=NOW)
    work()
    accounts.create("registrar.a1.new", "祁小满", body_id=county.body("a1"), actor=county.actor("sysadmin"), now=NOW)


def _suggesting(county, when):
    """The class teacher of a1 on two of her pupils: one suggestion waits, one was declined."""
    teacher = county.actor("teacher.a1")
    own = select(Student.id).where(Student.class_id == teacher.class_id, Student.lifecycle == "live").order_by(Student.id)
    for pupil, declined in zip(db.session.scalars(own.limit(2)).all(), (False, True), strict=True):
        version = db.session.execute(select(Student.version).where(Student.id == pupil)).scalar_one()
        suggestions.suggest(pupil, {"talent": "书法", "current_address": "湖北省十堰市竹山县城关镇滨河路18号"}, "家长来电，已搬家", actor=teacher, version=version, **when)
        if declined:
            ids = db.session.scalars(select(Suggestion.id).where(Suggestion.student_id == pupil)).all()
            suggestions.decline(pupil, ids, "与户口簿不一致", actor=county.actor("registrar.a1"), now=NOW)


def _growing(county, when):
    """A pupil of a1 with an award and two punishments, one lifted; her record and one of b1 stand in question."""
    clerk, officer = county.actor("registrar.a1"), county.actor("officer.a")
    pupil = db.session.scalars(select(Student.id).where(Student.class_id == county.class_("a1"), Student.lifecycle == "live").order_by(Student.id).limit(1)).one()
    conduct.give(pupil, conduct.Given("award", "6", date(2026, 6, 1), about="5", name="三好学生", given_by="堵河路小学"), actor=clerk, **when)
    for code in ("1", "3"):
        conduct.give(pupil, conduct.Given("punishment", code, date(2026, 9, 7), about="03", document="堵小〔2026〕5号", reason="多次旷课"), actor=clerk, **when)
    one = db.session.scalars(select(Conduct.id).where(Conduct.student_id == pupil, Conduct.code == "1")).one()
    conduct.lift(one, date(2026, 9, 10), "堵小〔2026〕6号", actor=clerk, **when)
    other = db.session.scalars(select(Student.id).where(Student.school_id == county.body("b1"), Student.status == "01", Student.national_no_index.is_not(None))
                               .order_by(Student.id).limit(1)).one()
    number = records.load(db.session, other)["national_no"]
    problems.mark(pupil, problems.Found("05", date(2026, 9, 10), "check", "姓名、性别、出生日期相同", other_no=number), actor=officer, **when)
    closed = problems.mark(pupil, problems.Found("03", date(2026, 9, 10), "list", "全国系统比对不符"), actor=officer, **when)
    problems.close(closed, "1", "已核对户口簿", version=1, actor=officer, now=NOW)


def _staying_away(county, when):
    """Two pupils of the class teacher of a1 stay away: one was visited, the other is back."""
    teacher = county.actor("teacher.a1")
    own = select(Student.id).where(Student.class_id == teacher.class_id, Student.status == "01").order_by(Student.id.desc())
    away, back = (absences.note(pupil, date(2026, 9, 4), "家长未接电话", actor=teacher, **when) for pupil in db.session.scalars(own.limit(2)).all())
    absences.visit(away, absences.Visited(date(2026, 9, 10), "柯文静、余正德", "home", "家中无人"), actor=teacher, **when)
    absences.come_back(back, date(2026, 9, 10), "自己返校", actor=teacher, **when)


def _moving(county, when):
    """Twins of a1 go to b1: one has gone, with her certificate and its receipt owed; the other waits at her old school."""
    clerk = county.actor("registrar.b1")
    for pupil, until in (("twin.1", "effective"), ("twin.2", "from_registrar")):
        child = db.session.execute(select(Student.name, Student.birth_date).where(Student.id == county.pupil(pupil))).one()
        found = pupil_lookup.look_up(name=child.name, birth_date=child.birth_date, actor=clerk, now=NOW)
        asked = Asked(reason="02", guardian="庹建国", guardian_relation="51", guardian_phone="13871990815", explanation="全家迁居房县城关镇")
        case = transfers.apply(Request(asked=asked, token=found.token, class_id=county.class_("b1", year=2)), actor=clerk, **when)
        for username in ("head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a"):
            if _step(case) != until:
                cases.act(case, "approve", actor=county.actor(username), seen_at=_step(case), **when)


def _step(case_id):
    return db.session.execute(select(Case.step).where(Case.id == case_id)).scalar_one()

"""A house with things of every kind in school a1, the addresses of all of them, and what every address is asked with."""

import re
from dataclasses import dataclass
from itertools import product

from flask import current_app
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app.extensions import db
from app.models import (
    AbsenceNote,
    Account,
    Case,
    CaseAttachment,
    Conduct,
    Draft,
    Enrolment,
    File,
    Import,
    Job,
    Paper,
    PhotoUpload,
    Post,
    ProblemRecord,
    SignIn,
    Student,
    Task,
    TeachingGroup,
)
from app.services import jobs
from app.services.casework import applications, cases, drafts, evidence, late_forms
from app.services.casework.cases import Words
from app.services.intake import enrolments
from app.services.paperwork import pupil_papers
from app.services.schools import classes
from tests.browser.house import NOW, SCAN, TODAY, lived_in
from tests.cast import new_pupil
from tests.pages import hooks

HOSTILE = {
    "script": '"><script>alert("xj")</script><img src=x onerror=xj>',
    "template": "{{7*7}}{% raise %}${7*7}%(name)s{0}",
    "formula": "=HYPERLINK(\"http://x.example\",\"x\")",
    "sql": "'; DROP TABLE students; --%_\\",
    "nul": "张\x00三",
    "control": "a\x01\x07\x1b[31m\x7f\x85\u2028b",
    "right to left": "\u202e\u2067张三\u200b\ufeff",
    "line break": "a\r\nSet-Cookie: xj=1\r\n\r\n<xj>",
    "beyond 64 bits": "9223372036854775808",
    "long number": "9" * 5000,
    "negative": "-1",
    "half-width and other digits": "１٢²①",
    "astral": "𠀀" * 40 + "😀",
    "empty-looking": "\u3000\u00a0",
    "long": "长" * 20_000,
}
WORST = ("script", "nul", "beyond 64 bits", "long number", "half-width and other digits")
UNESCAPED = re.compile(rb"<script>alert|<img src=x|<xj>")
ENGLISH = re.compile(r"\b(?:Not a valid|This field|Invalid|Bad Request|Not Found|Method Not|CSRF|Traceback|Error\b|None\b)")
DUTIES = (
    "registrar.a1", "head.a1", "teacher.a1", "township.a.t1", "officer.a", "officer.city1", "officer.province", "sysadmin", "security", "auditor",
)


WAITING, BACK = "海晏清", "海晏宁"  # whose case stands at the head's desk, whose came back to be mended
NOBODY = str(10**17 + 5)  # an id that no thing has


@dataclass(frozen=True)
class Place:
    """One address of the house with one thing of ours in it."""

    endpoint: str
    path: str
    nowhere: str  # the same address with ids that nobody has
    methods: frozenset


def furnish(county):
    """lived_in, and papers, a batch of them, a group of classes and a draft beside it."""
    def work():
        while jobs.run_next(NOW):
            pass

    lived_in(county, work)
    registrar, when = county.actor("registrar.a1"), {"today": TODAY, "now": NOW}
    pupil_papers.issue("enrolment_certificate", pupils(county)[:1], {"purpose": "办理户口迁移"}, actor=registrar, **when)
    pupil_papers.issue("record_card", pupils(county), {}, actor=registrar, **when)
    classes.set_group(county.body("a1"), "一、二年级复式班", [county.class_("a1", year=1), county.class_("a1", year=2)], actor=county.actor("officer.a"))
    for number, name, ways in ((991, WAITING, ()), (992, BACK, ("return",))):
        case = enrolments.apply(new_pupil(number, name=name, name_pinyin="", former_name=""), county.class_("a1", number=2), actor=registrar, **when)
        evidence.attach(case, "signed_sheet", "核对表.jpg", SCAN, actor=registrar, **when)
        for action in ways:
            cases.act(case, action, actor=county.actor("head.a1"), version=1, words=Words("01", "出生日期与户口簿不一致，请更正", ("birth_date",)), **when)
    drafts.keep("enrolment", "draft-of-a1", {"name": "程小雨"}, actor=registrar, now=NOW)
    scan, _ = evidence.keep({"household"}, "household", "户口簿.jpg", SCAN, actor=registrar, **when)
    drafts.keep(applications.ABOUT, "draft-of-a1", {"mode": "arriving", "name": "程小雨", "scans": [scan]}, actor=registrar, now=NOW)


def came_late(county):
    """A form of registrar.a1 that was sent after her session had run out, and waits to be looked at again."""
    registrar = county.actor("registrar.a1")
    late_forms._write(registrar.account_id, registrar.post_id, {"path": "/enrolments/new", "fields": [["name", "程小雨"], ["idempotency_key", "late-of-a1"]], "files": False,
                                                                "key": "late-of-a1"}, now=NOW)


def pupils(county):
    """Two who are in the second grade of school a1."""
    return list(db.session.scalars(select(Student.id).where(Student.class_id == county.class_("a1", year=2), Student.status == "01").order_by(Student.id).limit(2)))


def ids(county) -> dict:
    """What stands in an address → things of school a1."""
    one = lambda column, *conditions: db.session.execute(select(column).where(*conditions).order_by(column).limit(1)).scalar_one()  # noqa: E731
    waiting, back = (one(Case.id, Case.title == name) for name in (WAITING, BACK))
    return {
        "student_id": pupils(county)[:1], "case_id": [waiting, back], "attachment_id": [one(CaseAttachment.id, CaseAttachment.case_id == waiting)],
        "class_id": [county.class_("a1")], "group_id": [one(TeachingGroup.id, TeachingGroup.school_id == county.body("a1"))],
        "import_id": list(db.session.scalars(select(Import.id).order_by(Import.id))), "job_id": [one(Job.id)], "upload_id": [one(PhotoUpload.id)],
        "paper_id": [one(Paper.id, Paper.student_id == pupils(county)[0])], "batch_id": [one(Paper.batch_id, Paper.batch_id.is_not(None))],
        "account_id": [one(Account.id, Account.username == "registrar.a1")], "post_id": [one(Post.id, Post.duty == "school_registrar", Post.body_id == county.body("a1"))],
        "body_id": [county.body("a1")], "school_id": [county.body("a1")], "subject": ["draft-of-a1"],
        "key": [bytes(key).hex() for key in db.session.scalars(select(SignIn.key).where(SignIn.account_id == county.account("registrar.a1")))] or ["00" * 32],
        "spell_id": [one(Enrolment.id, Enrolment.snapshot.is_not(None), Enrolment.school_id == county.body("a1"))],
        "task_id": [one(Task.id, Task.body_id == county.body("a1"))],
        "conduct_id": [one(Conduct.id, Conduct.code == "3", Conduct.kind == "punishment")],
        "problem_id": [one(ProblemRecord.id, ProblemRecord.school_id == county.body("a1"), ProblemRecord.state == "open")],
        "note_id": [one(AbsenceNote.id, AbsenceNote.school_id == county.body("a1"), AbsenceNote.state == "open")], "act": ["visit", "report", "back", "void"],
        "file_id": [one(File.id, File.name == "户口簿.jpg")], "draft_id": list(db.session.scalars(select(Draft.id).where(Draft.kind == late_forms.KIND))) or [NOBODY],
        "instruction_id": [NOBODY],  # a school has none: a case names it, whose body is asked first
        "stage": ["1"], "year": ["2026"], "number": ["1"], "kind": ["enrolment_certificate", "enrolment", "award", "punishment", "suspension", "key-change"], "code": ["XXXXXXXXXXXX"],
    }


def places(app, county) -> list[Place]:
    """Every address that the house answers, with the things of school a1 in it. A new kind of thing in an address has to have one in `ids`."""
    here = ids(county)
    nobody = {name: NOBODY for name in here if name.endswith("_id")} | {"subject": "nobodys", "key": "11" * 32}
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "static" or rule.endpoint.startswith("health."):
            continue
        names = sorted(rule.arguments)
        assert not set(names) - here.keys(), f"{rule.rule}: tests/hostile/house.ids has no {set(names) - here.keys()} of school a1"
        for chosen in product(*(here[name] for name in names)):
            own = dict(zip(names, chosen, strict=True))
            found.append(Place(rule.endpoint, _filled(rule.rule, own), _filled(rule.rule, own | {name: nobody[name] for name in names if name in nobody}),
                               frozenset(rule.methods - {"HEAD", "OPTIONS"})))
    return found


def _filled(rule, values):
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), rule)


def session_of(person) -> dict:
    """What the person's cookie says, read as the house reads it."""
    return current_app.session_interface.get_signing_serializer(current_app).loads(person.cookies[current_app.config["SESSION_COOKIE_NAME"]])


def token(person):
    """A form token of this person's own session, signed as a page would: the page that has it need not be opened for each question."""
    if "csrf_token" not in session_of(person):
        person.get("/sessions")
    return URLSafeTimedSerializer(current_app.secret_key, salt="wtf-csrf-token").dumps(session_of(person)["csrf_token"])


def flashed(person):
    """What the next page says of the form that was sent last."""
    return "".join(hook.get_text() for hook in hooks(person.get("/sessions"), "flash")) if "_flashes" in session_of(person) else ""


def bare(answer):
    """An answer without what differs from one opening to the next."""
    if not answer.content_type.startswith("text/"):
        return answer.status_int, answer.content_type
    text = re.sub(r'name="(csrf_token|idempotency_key|draft)"[^>]*value="[^"]*"', "", answer.text)
    return answer.status_int, re.sub(r"\d\d:\d\d(:\d\d)?", "", text)

"""Papers (证明与表单): issued under a number, reissued, voided, printed from the facts of the day they were issued.

    paper = papers.issue(s, "transfer_certificate", facts, student_id=…, school_id=…, actor=…, today=…, now=…)   # part of another act
    bytes_ = papers.draw(paper_id, actor=…, now=…)                                                             # the same bytes each time

What a paper says (`facts`) is what its module in app/documents asks for, without number, codes and who printed it: these are added here.
"""

import logging
import secrets
from collections import namedtuple
from dataclasses import dataclass
from types import ModuleType
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import bindparam, insert, select, update

from ... import sealing
from ...documents import (
    class_transfer_list,
    departure_form,
    dropout_report,
    enrolment_certificate,
    record_card,
    suspension_certificate,
    transfer_application,
    transfer_certificate,
    withdrawal_notice,
)
from ...documents.fonts import CannotPrint, fonts_in
from ...documents.paper import printable
from ...errors import MovedOn, NotFound, Refusal
from ...extensions import db, insert_many
from ...identity import paper_codes, student_numbers
from ...identity.dates import chinese
from ...models import Body, Case, File, Paper, Printing, Task, new_id
from ...permissions import paper_scope, require, visible_papers
from .. import files, trace
from ..administration import organisations, policies
from ..casework import case_files
from ..transactions import writes


@dataclass(frozen=True)
class Kind:
    """`sign` stands in the number; `number_shown`: the form has a place of its own for it."""

    title: str
    sign: str
    module: ModuleType
    number_shown: bool = True


KINDS = {
    "enrolment_certificate": Kind("学籍证明", "读", enrolment_certificate),
    "record_card": Kind("学籍卡", "籍", record_card, number_shown=False),
    "transfer_application": Kind("转学申请表", "申", transfer_application),
    "dropout_report": Kind("辍学学生报告单", "辍", dropout_report),
    "withdrawal_notice": Kind("退学通知书", "退", withdrawal_notice),
    "transfer_certificate": Kind("转学证明", "转", transfer_certificate),
    "suspension_certificate": Kind("休学证明", "休", suspension_certificate),
    "resumption_certificate": Kind("复学证明", "复", suspension_certificate),
    "cancellation": Kind("学籍注销单", "销", departure_form),
    "abroad_record": Kind("出国（境）就读备案表", "境", departure_form),
    "class_transfer_list": Kind("整班转学名册", "册", class_transfer_list),
}
AGAIN = "补　"  # before the number of a reissue, everywhere it stands
SAMPLE = {
    "number": "编号", "paper_no": "编号", "code": "0000-0000-0000", "check_address": "", "check_page": "", "printed_on": "2026-01-01", "printed_by": "",
}
REASON_MOST = 200
BATCH_MOST = 100
Issued = namedtuple("Issued", "id number")
log = logging.getLogger("xueji.papers")


# ---------------------------------------------------------------- issuing

def issue(s, kind, facts, *, student_id, school_id, actor, today, now, case_id=None, body=None, expires_on=None) -> Issued:
    """Put one paper on record, within an act. The act's own event tells of it."""
    (issued,) = issue_many(s, kind, [(student_id, facts)], school_id=school_id, actor=actor, today=today, now=now, case_id=case_id, body=body, expires_on=expires_on)
    return issued


BODIES = Body.__table__.c
NAMED = select(BODIES.id, BODIES.county_id, BODIES.name, BODIES.abbreviation).where(BODIES.id.in_(bindparam("bodies", expanding=True)))


def issue_many(s, kind, drafts, *, school_id, actor, today, now, case_id=None, body=None, expires_on=None, batch_id=None) -> list[Issued]:
    """`drafts` is [(student id, facts)]. `body` is the bureau whose abbreviation and book the number is of: the school's own, unless it is named.

    Serials are gapless: they are taken in the act, so that one that comes to nothing gives its numbers back (DECIDED 19).
    """
    for _, facts in drafts:
        check_characters(facts | {"printed_by": actor.name})
    body = body or organisations.deciding_office(s, school_id)
    named = {row.id: row for row in s.execute(NAMED, {"bodies": [body, school_id]})}
    office, school = named[body], named[school_id]
    template = policies.policy_for(s, body, today).document_number_template
    first = case_files.take_numbers(s, f"paper/{body}/{kind}/{today.year}", len(drafts))
    rows = []
    for serial, (student_id, facts) in enumerate(drafts, first):
        number = _number(template, county=office.abbreviation or office.name[:1], kind=KINDS[kind].sign, year=today.year, serial=serial)
        rows.append({
            "county_id": school.county_id, "body_id": body, "school_id": school_id, "kind": kind, "year": today.year, "serial": serial, "issue": 1,
            "student_id": student_id, "case_id": case_id, "batch_id": batch_id, "issued_on": today, "expires_on": expires_on,
        } | _issued(kind, facts | {"issuer": school.name}, number, actor, now))
    s.execute(insert(Paper.__table__), rows)
    return [Issued(row["id"], row["number"]) for row in rows]


def _number(template, **parts):
    try:
        return student_numbers.render(template, grows=True, **parts)
    except ValueError as wrong:
        raise Refusal(f"证明编号编不出来：{wrong}。") from None


def _issued(kind, facts, number, actor, now):
    """The columns that differ between a paper and its reissue: who, when, the number as printed, the codes, and the facts with all of them."""
    paper_id, code = new_id(), "".join(secrets.choice(paper_codes.ALPHABET) for _ in range(paper_codes.LONG))
    public, short = current_app.config["PUBLIC_URL"], paper_codes.short_of(code)
    told = facts | {
        "number": number, "code": paper_codes.grouped(short), "check_address": f"{public}/verify/{code}", "check_page": f"{_bare(public)}/verify",
        "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name,
    }
    if not KINDS[kind].number_shown:
        told["paper_no"] = number
    return {
        "id": paper_id, "number": number, "facts": sealing.seal_json(told, "papers", paper_id, "facts"), "code_index": sealing.blind_index("paper_code", code),
        "short_index": sealing.blind_index("paper_code", short), "state": "valid", "issued_at": now, "issued_by_id": actor.account_id, "issued_by": actor.name,
    }


def _bare(address):
    parts = urlsplit(address)
    return parts.netloc + parts.path


def read_fonts():
    """For a process that serves, before it does: else the first act that makes a paper would read all fonts while every other writer waits at the lock."""
    try:
        fonts_in(_font_folder())
    except CannotPrint as problem:
        log.warning("%s", problem)  # whoever asks for a paper is told the same


def check_characters(facts):
    """A character that no font has stops the paper before it has a number, with all such characters told at once."""
    try:
        printable(facts, fonts_in(_font_folder()))
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


def cannot_print(text) -> str:
    """Why what is typed now could not stand on a paper later; nothing where it can."""
    try:
        check_characters({"text": text})
    except Refusal as refusal:
        return str(refusal)
    return ""


def try_drawing(kind, many):
    """Whether papers can be drawn at all: characters, lengths, missing facts. Before the write lock is asked for, since drawing takes its time."""
    try:
        _drawn(kind, [SAMPLE | facts for facts in many])
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


# ---------------------------------------------------------------- reissue and void

@writes
def reissue(s, paper_id, reason, *, actor, now):
    """补发: a row of its own, same serial, new codes; the old one no longer holds. Returns the new paper's id."""
    require(actor, "document.issue")
    paper = _held(s, paper_id, actor)
    reason = _checked(reason)
    renewed = _renewed(s, paper, now.date()) if state_of(paper, now.date()) == "expired" else {}
    facts = facts_of(paper) | ({"issued_on": renewed["issued_on"].isoformat()} if renewed else {})
    number = AGAIN + paper.number.removeprefix(AGAIN)
    row = {name: getattr(paper, name) for name in ("county_id", "body_id", "school_id", "kind", "year", "serial", "student_id", "case_id", "issued_on", "expires_on")}
    row |= {"issue": paper.issue + 1} | renewed | _issued(paper.kind, facts, number, actor, now)
    _end(s, paper, "reissued", reason, actor, now)
    s.execute(insert(Paper).values(row))
    trace.record(s, "document.reissued", actor=actor, chain=paper.county_id, subjects=_pupils(paper), paper=KINDS[paper.kind].title, number=number, reason=reason)
    return row["id"]


def _renewed(s, paper, today) -> dict:
    """A certificate that ran out while its case still waits to be drawn (DECIDED 17) holds anew from today, and its receipt is due anew; no other paper does."""
    if not may_renew(s, paper):
        instead = "学生已经转入，所欠的只是回执，请登记回执" if paper.kind == "transfer_certificate" else "请重新开具"
        raise Refusal(f"这份{KINDS[paper.kind].title}在 {chinese(paper.expires_on)} 到期，不再补发，{instead}。")
    from_policy_id = s.execute(select(Case.from_policy_id).where(Case.id == paper.case_id)).scalar_one()
    expires_on = policies.pinned(s, from_policy_id).transfer_papers_valid.after(today)
    s.execute(update(Task).where(Task.case_id == paper.case_id, Task.kind == "receipt", Task.state == "open").values(due_on=expires_on))
    return {"issued_on": today, "expires_on": expires_on}


def may_renew(s, paper) -> bool:
    return paper.case_id is not None and s.execute(select(Case.id).where(Case.id == paper.case_id, Case.state == "open")).first() is not None


@writes
def void(s, paper_id, reason, *, actor, now):
    """作废, for a reason that stays on record; the number is not given again. Returns the paper's id."""
    require(actor, "document.void")
    paper = _held(s, paper_id, actor)
    reason = _checked(reason)
    _end(s, paper, "voided", reason, actor, now)
    trace.record(s, "document.voided", actor=actor, chain=paper.county_id, subjects=_pupils(paper), paper=KINDS[paper.kind].title, number=paper.number, reason=reason)
    return paper.id


def void_of_case(s, case_id, reason, *, actor, now) -> list[str]:
    """Within an act that undoes a case: its papers hold no longer. Returns their numbers."""
    papers = s.scalars(select(Paper).where(Paper.case_id == case_id, Paper.state == "valid").order_by(Paper.id).with_for_update()).all()
    for paper in papers:
        _end(s, paper, "voided", reason, actor, now)
    return [paper.number for paper in papers]


def _held(s, paper_id, actor):
    """The paper, locked, if it is this office's and nobody has ended it; it may have run out."""
    paper = s.scalars(select(Paper).where(paper_scope(actor), Paper.id == paper_id).with_for_update()).one_or_none()
    if paper is None:
        raise NotFound
    if paper.state != "valid":
        raise MovedOn(f"这份{KINDS[paper.kind].title}{_ended(paper)}，您这次没有写入。")
    return paper


def count_printing(s, student_id, kind, now) -> int:
    """One more printing of a form that has no number of its own; which one of hers it is: 第 n 次打印."""
    return count_printings(s, [student_id], kind, now)[student_id]


def count_printings(s, student_ids, kind, now) -> dict:
    """{student: which one of hers it is} of a form printed for many at once."""
    theirs = (Printing.student_id.in_(student_ids), Printing.kind == kind)
    s.execute(update(Printing).where(*theirs).values(times=Printing.times + 1, last_at=now))
    again = {row.student_id: row.times for row in s.execute(select(Printing.student_id, Printing.times).where(*theirs))}
    first = [one for one in student_ids if one not in again]
    insert_many(s, Printing, [{"student_id": one, "kind": kind, "times": 1, "last_at": now} for one in first])
    return again | dict.fromkeys(first, 1)


def state_of(row, today):
    if row.state == "valid" and row.expires_on is not None and today > row.expires_on:
        return "expired"
    return row.state


def _ended(paper):
    return f"已由{paper.ended_by}在 {chinese(paper.ended_at.date())} {paper.ended_at:%H:%M} {'作废' if paper.state == 'voided' else '补发'}"


def _checked(reason):
    reason = " ".join((reason or "").split())
    if not reason:
        raise Refusal("请写明原因，如“原件遗失”“姓名录错”。", field="reason")
    if len(reason) > REASON_MOST:
        raise Refusal(f"原因最多 {REASON_MOST} 个字，现在是 {len(reason)} 个字，请写短一些。", field="reason")
    return reason


def _end(s, paper, state, reason, actor, now):
    s.execute(update(Paper).where(Paper.id == paper.id).values(
        state=state, ended_at=now, ended_by_id=actor.account_id, ended_by=actor.name, end_reason=reason))


# ---------------------------------------------------------------- printing

def draw(paper_id, *, actor, now) -> bytes:
    """The paper as it was issued. The printing is counted and traced before the first byte is there."""
    kind, facts = _take(paper_id, actor=actor, now=now)
    return _drawn(kind, [facts])


def draw_batch(batch_id, *, actor, now) -> bytes:
    """What was issued together, in one file; what was voided or reissued since is left out."""
    kind, many = _take_batch(batch_id, actor=actor, now=now)
    return _drawn(kind, many)


@writes
def _take(s, paper_id, *, actor, now):
    require(actor, "document.print")
    paper = s.scalars(visible_papers(actor).where(Paper.id == paper_id).with_for_update(of=Paper)).one_or_none()
    if paper is None:
        raise NotFound
    if paper.state != "valid":
        raise Refusal(f"这份{KINDS[paper.kind].title}{_ended(paper)}，不能再打印。{'请打印补发的那一份。' if paper.state == 'reissued' else ''}")
    paper.printed_times, paper.printed_at = paper.printed_times + 1, now
    trace.record(s, "document.printed", actor=actor, chain=paper.county_id, subjects=_pupils(paper), paper=KINDS[paper.kind].title,
                 number=paper.number, times=paper.printed_times)
    return paper.kind, facts_of(paper)


@writes
def _take_batch(s, batch_id, *, actor, now):
    require(actor, "document.print")
    papers = s.scalars(visible_papers(actor).where(Paper.batch_id == batch_id).order_by(Paper.serial).with_for_update(of=Paper)).all()
    holding = [paper for paper in papers if paper.state == "valid"]
    if not papers:
        raise NotFound
    if not holding:
        raise Refusal("这一批证明都已作废或补发，没有可以打印的。")
    for paper in holding:
        paper.printed_times, paper.printed_at = paper.printed_times + 1, now
    trace.record(s, "documents.printed", actor=actor, chain=holding[0].county_id, subjects=[pupil for paper in holding for pupil in _pupils(paper)],
                 paper=KINDS[holding[0].kind].title, count=len(holding))
    return holding[0].kind, [facts_of(paper) for paper in holding]


def _pupils(paper) -> list:
    """Whom it is about."""
    return [paper.student_id] if paper.student_id else facts_of(paper)["pupils"]


def facts_of(row):
    return sealing.unseal_json(row.facts, "papers", row.id, "facts")


def _drawn(kind, many):
    return KINDS[kind].module.draw_all(_with_photos(many), font_folder=_font_folder())


def _with_photos(many):
    """Facts name a photo by its file, which stays as it is for good."""
    wanted = [facts["photo"] for facts in many if facts.get("photo")]
    if not wanted:
        return many
    rows = {row.id: row for row in db.session.execute(select(File.id, File.path).where(File.id.in_(wanted)))}
    return [facts | {"photo": files.read(rows[facts["photo"]])} if facts.get("photo") else facts for facts in many]


def with_photo(facts):
    return _with_photos([facts])[0]


def _font_folder():
    """Where the office may put its own faces, and fonts for characters that ours lack."""
    folder = current_app.config["DATA_DIR"] / "fonts"
    return str(folder) if folder.is_dir() else None

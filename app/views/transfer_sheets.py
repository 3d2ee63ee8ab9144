"""The sheet of a transfer: a form with whom it is about, the scans it has gathered and when it was kept; begun anew, or of a case that came back."""

from dataclasses import dataclass, field

from flask import request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from .. import clock
from ..codes import table
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.fields import as_number
from ..forms.record import members_in, record_form
from ..forms.transfers import Arriving, Coming, ComingBack, Going
from ..services.casework import applications, drafts, evidence
from ..services.pupils import records, twins
from ..services.transfer import pupil_lookup, transfer_pages
from ..services.transfer.transfer_plans import Asked, Outside, Request
from ..workflow.flows import TRANSFER
from ..workflow.transfer_checks import GROUNDS, NEEDED, evidence_for
from . import scans
from .drafts import gone, keep
from .enrolment_sheets import SPECIAL, USUAL
from .shared import page

AWAY, OUT = "away.", "out."  # drafts about a child from elsewhere, and a pupil of ours who goes
FORMS = {"coming": Coming, "back": ComingBack, "going": Going}  # "arriving" brings a record along: made for so many members
NOT_ASKED = ("class_code", "class_no")  # of a record that comes along: the transfer has its own


@dataclass
class Sheet:
    subject: str
    mode: str
    about: dict
    typed: dict | None = None
    saved_at: object = None
    case: object = None
    attached: list = field(default_factory=list)
    flow = TRANSFER
    back = "/"

    @property
    def scans(self):
        return self.about.setdefault("scans", [])

    @property
    def here(self):
        return url_for("returned.transfer", case_id=self.case.id) if self.case else url_for("transfers.fill", subject=self.subject)

    @property
    def discard(self):
        """Where the draft is deleted: whom it is about is kept from the first."""
        return "" if self.case else url_for("transfers.discard", subject=self.subject)

    def scan(self, file_id):
        return url_for("transfers.scan", subject=self.subject, file_id=file_id)

    @property
    def elsewhere(self):
        """Which of the two schools is not in this house, before one is typed."""
        return {"going": "to", "arriving": "from", "back": "from"}.get(self.mode, "")

    @property
    def title(self):
        if self.case:
            return f"补正：{self.case.title} {TRANSFER.title}"
        return {"arriving": "转学申请（原学校不在本系统）", "going": f"{self.about.get('name', '')} 转出申请"}.get(self.mode, f"{self.about.get('name', '')} 转学申请")

    def form(self, data=None, *, more=0):
        """As it was sent, as it was kept, or fresh; with so many members `more`."""
        values = data if data is not None else MultiDict(self.typed) if self.typed else None
        if self.mode == "arriving":
            members = members_in(values) if values else self.about.get("members", 2)
            form = record_form(members=members + more, leave_out=NOT_ASKED, base=Arriving)(values)
            if self.about.get("record"):
                form.keep(self.about["record"])
        else:
            form = FORMS[self.mode](values)
        form.offer([(code, label) for code, label in table("transfer_reason").choices() if code in GROUNDS], TRANSFER.evidence)
        if "to_class" in form:
            form.offer_classes(transfer_pages.classes(current_user, self.about.get("cohort"), today=clock.today(), chosen=self.case and self.case.class_id))
        if "from_grade" in form:
            form.offer_grades()
        if "to_school" in form and not (self.case and self.case.to_school_id) and not transfer_pages.begins_going(current_user, clock.today()):
            del form.to_school  # the receiving school applies, where it is here
        form.draft.data = self.subject
        return form

    def keep(self):
        keep(TRANSFER.kind, self.subject)
        about = {name: value for name, value in self.about.items() if name not in ("cohort", "record")}
        drafts.keep(applications.ABOUT, self.subject, about, actor=current_user, now=clock.now())


def of_draft(subject) -> Sheet:
    kept = drafts.find(TRANSFER.kind, subject, actor=current_user)
    about = drafts.find(applications.ABOUT, subject, actor=current_user)
    told = about[0] if about else _of_address(subject)
    if told["mode"] == "coming":
        told["cohort"], _ = transfer_pages.cohort_of(pupil_lookup.student_of(told["token"], current_user))
    return Sheet(subject, told["mode"], told, kept and kept[0], kept and kept[1])


def _of_address(subject):
    """Whom a sheet is about that was never kept."""
    if subject.startswith(AWAY):
        return {"mode": "arriving", "name": "", "scans": []}
    if subject.startswith(OUT) and subject[len(OUT):].isdecimal():
        pupil = transfer_pages.own_pupil(current_user, int(subject[len(OUT):]))
        if pupil is None:
            raise NotFound
        return {"mode": "going", "student_id": pupil[0], "name": pupil[1], "school": pupil[2], "grade": pupil[3].title if pupil[3] else "", "scans": []}
    raise gone("申请", "转学", url_for("transfers.new"))


def of_case(case) -> Sheet:
    subject = f"case.{case.id}"
    kept, about = (drafts.find(kind, subject, actor=current_user) for kind in (TRANSFER.kind, applications.ABOUT))
    told = {"name": case.title, "scans": about[0]["scans"] if about else []}
    cohort, left = transfer_pages.cohort_of(case.student_id)
    names = transfer_pages.schools_of(case)
    if case.from_school_id is None and not left:
        record = records.load(db.session, case.student_id)
        told |= {"mode": "arriving", "record": record, "members": len(record["guardians"])}
    elif case.from_school_id is None:
        told |= {"mode": "back", "school": names["from"], "grade": ""}
    elif case.from_school_id == case.school_id:
        told |= {"mode": "going", "student_id": case.student_id, "school": names["from"], "grade": cohort.title if cohort else ""}
    else:
        told |= {"mode": "coming", "token": pupil_lookup.token(case.student_id, current_user), "school": names["from"], "grade": cohort.title, "cohort": cohort}
    return Sheet(subject, told["mode"], told, kept and kept[0], kept and kept[1], case, evidence.of_case(case.id))


def opened(sheet):
    """The form as a clerk finds it: what was kept; of a case what was handed in before; else what nearly every child has."""
    form = sheet.form()
    if sheet.typed is not None:
        return form
    if sheet.case:
        if sheet.about.get("record"):
            form.fill(sheet.about["record"])
        for name, value in transfer_pages.typed_before(sheet.case).items():
            if name in form:
                form[name].data = value
    elif sheet.mode == "arriving":
        for name, value in (USUAL | {"admission_mode": "21"}).items():
            form[name].data = value
        for name in SPECIAL:
            if name in form:
                form[name].data = form[name].data or ""
        for number in range(1, form.members + 1):
            form.preset(number)
    return form


def show(form, sheet, *, status=200, **values):
    reasons = table("transfer_reason").labels
    needed = [(f"{code} {reasons[code]}", [TRANSFER.evidence[kind] for kind in evidence_for(code, elsewhere=sheet.elsewhere)]) for code in NEEDED]
    return page(
        "transfers/form.html", status=status, form=form, sheet=sheet, case=sheet.case, needed=needed, spared=TRANSFER.sparing(),
        schools=transfer_pages.schools_near(current_user) if sheet.mode == "going" else [], **values,
    )


# ---------------------------------------------------------------- what was sent

def beside(form, sheet, **values):
    """What the other buttons do: keep the draft, add a member, add a scan or take one off. Nothing when none of them was pressed."""
    if request.form.get("add") == "member" and sheet.mode == "arriving":
        grown = sheet.form(request.form, more=1)
        grown.preset(grown.members)
        return show(grown, sheet, focus=f"member{grown.members}_name", **values)
    return scans.beside(form, sheet, lambda: show(form, sheet, status=422, **values))


def judge(form, sheet):
    """Everything that the form itself can tell, beside each field."""
    valid = form.validate_on_submit()
    form.read()
    if "outside_school" in form and not ("to_school" in form and (form.to_school.data or "").strip()):
        form.read_school()
    if "from_grade" in form:
        form.read_grade()
    return valid and not form.errors


def asked(form, sheet) -> Request:
    """What the service is asked for."""
    kinds = {one["kind"] for one in sheet.scans} | {one.kind for one in sheet.attached}
    about_move = Asked(
        reason=form.reason.data or "", explanation=(form.explanation.data or "").strip(), guardian=(form.guardian.data or "").strip(),
        guardian_relation=form.guardian_relation.data or "", guardian_phone=form.phone_read or "", effective_on=form.wished_on.isoformat() if form.wished_on else "",
        special=bool(form.special.data), evidence=tuple(sorted(kinds)),
    )
    class_id = as_number(form.to_class.data) if "to_class" in form else None
    match sheet.mode:
        case "coming":
            return Request(about_move, token=sheet.about.get("token", ""), class_id=class_id)
        case "back":
            return Request(about_move, token=sheet.about.get("token", ""), class_id=class_id, outside=_outside(form))
        case "going":
            to_school = _school_here(form) if "to_school" in form and (form.to_school.data or "").strip() else None
            return Request(about_move, student_id=sheet.about.get("student_id"), to_school_id=to_school, outside=None if to_school else _outside(form))
    record = form.record()
    twins.ask([record], TRANSFER.title, actor=current_user, now=clock.now())
    return Request(about_move, record=record, class_id=class_id, outside=_outside(form))


def _outside(form):
    name, office, division, code = form.read_school()
    stage, year, length = form.read_grade() if "from_grade" in form else ("", 0, 0)
    return Outside(name, office, division, code, stage, year, length)


def _school_here(form):
    found = transfer_pages.school_named(form.to_school.data.strip())
    if found is None:
        raise Refusal("本系统没有这所学校，请从列表中选择，列表中没有的照全称填写；不在本系统的，这一项留空，填写下面的学校", field="to_school")
    return found

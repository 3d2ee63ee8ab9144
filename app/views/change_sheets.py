"""The sheet of a change (异动): its form with whom it is about, the scans it has gathered and when it was kept; begun anew, or of a case that came back."""

from dataclasses import dataclass, field
from datetime import date

from flask import url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from .. import clock
from ..extensions import db
from ..forms.changes import COMING, FORMS
from ..identity import grades
from ..services.casework import case_files, drafts, evidence
from ..services.pupils import twins
from ..services.standing import change_pages, changes
from ..services.transfer import pupil_lookup
from ..workflow.changes import STATUS_CHANGES
from ..workflow.key_checks import given
from . import scans
from .drafts import keep
from .shared import page

ABOUT = "change.about"  # kept beside a draft: which scans it has, whose it is


@dataclass
class Sheet:
    kind: str
    student: object
    about: dict
    typed: dict | None = None
    saved_at: object = None
    case: object = None
    token: str = ""  # of the look-up that found a pupil of another school
    attached: list = field(default_factory=list)

    @property
    def change(self):
        return STATUS_CHANGES[self.kind]

    @property
    def flow(self):
        return self.change.flow

    @property
    def subject(self):
        return f"case.{self.case.id}" if self.case else str(self.student.id)

    @property
    def scans(self):
        return self.about.setdefault("scans", [])

    @property
    def here(self):
        return url_for("returned.transfer", case_id=self.case.id) if self.case else url_for("changes.fill", kind=self.kind, student_id=self.student.id)

    @property
    def back(self):
        return url_for("cases.new", kind=self.kind) if self.elsewhere else f"/students/{self.student.id}"

    @property
    def discard(self):
        """Where the draft is deleted, once there is one."""
        return url_for("changes.discard", kind=self.kind, student_id=self.student.id) if self.saved_at and not self.case else ""

    def scan(self, file_id):
        return url_for("changes.scan", kind=self.kind, student_id=self.student.id, file_id=file_id)

    @property
    def elsewhere(self):
        """Her last school is another one: of the record no more is told here than what the look-up told."""
        return self.student.school_id != current_user.school_id and bool(self.token)

    @property
    def title(self):
        return f"{'补正：' if self.case else ''}{self.student.name} {self.flow.title}"

    @property
    def place(self):
        """七年级: the grade she reads in."""
        return grades.grade_title(self.student.stage, self.student.advanced_to, self.student.length) if self.student.stage else ""

    def form(self, data=None):
        """As it was sent, as it was kept, or fresh."""
        form = (COMING if self.elsewhere else FORMS)[self.kind](data if data is not None else MultiDict(self.typed) if self.typed else None)
        form.offer(self.change, classes=change_pages.classes_on_offer(current_user, self.kind, self.student, today=clock.today()),
                   guardians=() if self.elsewhere else change_pages.guardians_of(self.student.id), now=change_pages.standing(self.kind, self.student.id))
        form.draft.data = self.subject
        return form

    def keep(self):
        keep(self.kind, self.subject)
        drafts.keep(ABOUT, f"{self.kind}.{self.subject}", self.about, actor=current_user, now=clock.now())


def begun_for(kind, found) -> str:
    """Where the sheet is of a pupil who was looked up, begun now or before. The draft keeps the word that stands for her."""
    student_id = pupil_lookup.student_of(found.token, current_user)
    kept = drafts.find(ABOUT, f"{kind}.{student_id}", actor=current_user)
    about = (kept[0] if kept else {"scans": []}) | {"name": found.name, "token": found.token}
    drafts.keep(ABOUT, f"{kind}.{student_id}", about, actor=current_user, now=clock.now())
    return url_for("changes.fill", kind=kind, student_id=student_id)


def of_pupil(kind, student_id) -> Sheet:
    about = drafts.find(ABOUT, f"{kind}.{student_id}", actor=current_user)
    token = about[0].get("token", "") if about else ""
    student = changes.pupil_for(db.session, current_user, kind, student_id, token=token)
    change_pages.refuse_duty(kind, current_user)
    change_pages.refuse_stages(kind, student.stage)
    return _sheet(kind, student, token)


def of_case(case) -> Sheet:
    token = pupil_lookup.token(case.student_id, current_user) if case.from_school_id else ""
    return _sheet(case.kind, changes.pupil_for(db.session, current_user, case.kind, case.student_id, token=token), token, case, evidence.of_case(case.id))


def _sheet(kind, student, token, case=None, attached=()):
    sheet = Sheet(kind, student, {"scans": []}, case=case, token=token, attached=list(attached))
    kept, about = drafts.find(kind, sheet.subject, actor=current_user), drafts.find(ABOUT, f"{kind}.{sheet.subject}", actor=current_user)
    sheet.about = about[0] if about else {"name": student.name, "scans": []}
    sheet.typed, sheet.saved_at = kept or (None, None)
    return sheet


def opened(sheet):
    """The form as a clerk finds it: what was kept; of a case what was handed in before; else what is nearly always so."""
    form = sheet.form()
    if sheet.typed is not None:
        return form
    if sheet.case:
        for name, value in case_files.answers_of(sheet.case).items():
            if name in form:
                form[name].data = value.isoformat() if isinstance(value, date) else str(value) if name == "to_class" else value
        return form
    for name, value in change_pages.known(sheet.kind, sheet.student.id).items():
        form[name].data = value
    if "guardian" in form and not sheet.elsewhere and len(form.guardian.choices) > 1:
        form.guardian.data = form.guardian.choices[1].value
    return form


def show(form, sheet, *, status=200, **values):
    return page("changes/form.html", status=status, form=form, sheet=sheet, case=sheet.case, needed=sheet.change.evidence_lists(),
                spared=sheet.change.sparing(), flow=sheet.flow, **values)


# ---------------------------------------------------------------- what was sent

def beside(form, sheet, **values):
    """What the other buttons do: keep the draft, add a scan or take one off. Nothing when none of them was pressed."""
    return scans.beside(form, sheet, lambda: show(form, sheet, status=422, **values))


def judge(form, sheet):
    """What the form itself can tell."""
    return form.validate_on_submit()


def asked(form, sheet) -> changes.Asked:
    """What the service is asked for."""
    kinds = {one["kind"] for one in sheet.scans} | {one.kind for one in sheet.attached}
    answers = form.answers()
    if sheet.kind == "key-change" and given(answers):
        now = {name: getattr(sheet.student, name) for name in ("name", "birth_date", "sex")}
        twins.ask([now | given(answers)], sheet.flow.title, actor=current_user, now=clock.now())
    return changes.Asked(answers, tuple(sorted(kinds)), sheet.token)

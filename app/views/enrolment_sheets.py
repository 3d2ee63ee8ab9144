"""The sheet of a new pupil: the form with the classes on offer, filled as nearly every child's is, from a draft, or as it was sent."""

import secrets

from flask import request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from .. import clock
from ..codes import divisions
from ..errors import Refusal
from ..extensions import db
from ..forms.enrolments import CardForm, EnrolmentForm
from ..forms.record import SAME_AS_PUPIL, SAME_PLACE, members_in, record_form
from ..identity import grades
from ..services.administration import policies
from ..services.casework import case_pages
from ..services.intake import enrolments
from ..services.pupils import records
from ..workflow.checks import limit_setting
from ..workflow.flows import ENROLMENT, SUPPLEMENTARY
from .shared import page

STAYS = (  # 登记下一名
    "class_code", "entry_month", "admission_mode", "attendance_mode", "student_source", "postcode", "birth_place_code", "native_place", "hukou_place_code",
)
USUAL = {  # what nearly every child has (data-items.md 1: 默认)
    "id_doc_type": "1", "nationality": "中国", "overseas_status": "00", "health_status": "10", "political_status": "13", "student_source": "1",
    "student_kind": "普通", "attendance_mode": "1", "inclusive_class": "0", "disability_type": "0", "mail_address": SAME_PLACE, "home_address": SAME_PLACE,
}
SPECIAL = ("left_behind", "is_migrant_child", "is_orphan", "is_martyr_child", "wants_aid", "has_boarding_subsidy")  # 其余选否
ADDED = ("member", "no")
DOORS = {ENROLMENT.kind: "enrolments", SUPPLEMENTARY.kind: "supplementary"}  # the blueprint at which each kind of new record is begun


class Places:
    """The classes on offer: options of the menu, ids by their codes, the line above the form."""

    def __init__(self, rows, policy, flow):
        self.rows, self.policy, self.flow = rows, policy, flow

    def options(self):
        found = {}
        for row in self.rows:
            limit = row.size_limit or self.policy[limit_setting(row.stage, row.kind)]
            full = "，已满" if row.headcount >= limit else ""
            found.setdefault(grades.cohort_title(row.stage, row.advanced_to, row.length, row.entry_year), []).append(
                (row.code, f"{row.name or f'{row.number}班'}（{row.headcount} 人，班额 {limit} 人{full}）"))
        return found

    def id_of(self, code):
        return next((row.id for row in self.rows if row.code == code), None)

    def code_of(self, class_id):
        return next((row.code for row in self.rows if row.id == class_id), "")

    def near(self):
        """Suggestions of 行政区划: the counties of one's own province, one's own city first. Others are typed by name or code."""
        home = self.rows[0].division_code if self.rows else ""
        near = [(one.code, one.full_name) for one in divisions.live() if home and one.lowest and one.code[:2] == home[:2]]
        return sorted(near, key=lambda one: (one[0][:4] != home[:4], one[0]))

    def lines(self):
        """2026级小学，计划 225 人，已登记 218 人"""
        if self.flow is not ENROLMENT:
            return ["补录不占招生计划"]
        cohorts = {(row.stage, row.entry_year): row for row in self.rows}
        return [
            f"{year}级{grades.STAGES[stage]}，" + (f"计划 {row.planned} 人，已登记 {row.used} 人" if row.planned is not None else "还没有核定招生计划")
            for (stage, year), row in cohorts.items()
        ]


def places_on_offer(held=None, flow=ENROLMENT):
    """`held`: the class that a returned pupil stands in, whether it is on offer or not."""
    rows = enrolments.places(current_user, held, flow)
    return Places(rows, policies.policy_for(db.session, current_user.county_id, clock.today()), flow)


# ---------------------------------------------------------------- the form

def sent(places, record=None, *, more=0):
    """As it was sent, with so many members `more`."""
    form = _form(members_in(request.form) + more)(classes=places.options())
    form.draft.data = (form.draft.data or secrets.token_urlsafe(9))[:40]
    return form.keep(record) if record else form


def of_draft(subject, content, places, record=None):
    form = _form(members_in(content))(MultiDict(content), classes=places.options())
    form.draft.data = subject
    return form.keep(record) if record else form


def of_case(case, record, places):
    form = _form(len(record["guardians"]))(formdata=None, classes=places.options()).fill(record)
    form.class_code.data = places.code_of(case.class_id)
    return form


def fresh(places, before):
    """What nearly every child of the first grade has; then what the child of the case `before` has in common with this one."""
    form = _form(2)(formdata=None, classes=places.options())
    form.draft.data = secrets.token_urlsafe(9)
    usual = dict(USUAL)
    if places.rows:
        first = places.rows[0]
        usual |= {"entry_month": f"{first.entry_year}年9月", "admission_mode": "11" if first.stage in "12" else "21"} if places.flow is ENROLMENT else {}
    if len(places.rows) == 1:
        usual["class_code"] = places.rows[0].code
    for name, value in (usual | _stays(before, places)).items():
        form[name].data = value
    for number in range(1, form.members + 1):
        form.preset(number)
    form.member1_phone.data = SAME_AS_PUPIL
    form.class_no.data = seat(form, places)
    return form


def _form(members):
    return record_form(members=members, base=EnrolmentForm)


def _stays(case_id, places):
    """What stays for the next child (提交并登记下一名)."""
    case = case_id and case_pages.find(current_user, case_id)
    if not case or case.student_id is None:
        return {}
    form = record_form()(formdata=None).fill(records.load(db.session, case.student_id))
    return {name: form[name].data for name in STAYS if name != "class_code"} | {"class_code": places.code_of(case.class_id)}


def seat(form, places):
    """The next 班内学号 of the class, for who leaves it blank."""
    class_id = places.id_of(form.class_code.data)
    return enrolments.next_seat(current_user, class_id) if class_id else ""


def added(form, places, record=None, **values):
    """The form with one more member, or with 否 wherever a special situation was not answered; the hand goes on from there."""
    if request.form["add"] == "no":
        for name in SPECIAL:
            if name in form and not form[name].data:
                form[name].data = "0"
        return show(form, places, focus="member1_name", **values)
    form = sent(places, record, more=1)
    form.preset(form.members)
    return show(form, places, focus=f"member{form.members}_name", **values)


def judge(form, places, held=None, case=None):
    """What the form tells and what the rules refuse, beside each field: everything that is wrong is told at once (一次性告知), each thing once. A `case` that came back is
    judged by the day and the rules on which it began."""
    valid = form.validate_on_submit()
    chosen = places.id_of(form.class_code.data)
    some = chosen or (places.rows[0].id if places.rows else None)
    if some is not None:
        day, policy_id = (case.started_at.date(), case.policy_id) if case else (clock.today(), None)
        told = {field.name for field in form if field.errors} | (set() if chosen else {"class_code", "grade"})
        try:
            _, findings = enrolments.preview(form.record(), some, actor=current_user, today=day, now=clock.now(), held=held, flow=places.flow, policy_id=policy_id)
            form.taken = any(one.check == "twin_number" and one.level == "block" for one in findings)
            enrolments.refuse_blocks([one for one in findings if one.field not in told])
        except Refusal as refusal:
            form.refuse(refusal)
    return valid and not form.errors


def show(form, places, *, status=200, **values):
    return page("enrolments/new.html", status=status, form=form, places=places, card=CardForm(formdata=None), flow=places.flow, door=DOORS[places.flow.kind],
                title=values.pop("title", places.flow.title), **values)

"""学籍业务: the list, one case with its decision, its scans and its sheet."""

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from .. import clock
from ..codes import table
from ..errors import KeySpent, MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.cases import Decision, Scan
from ..forms.fields import as_number
from ..identity.items import PUPIL_ITEMS
from ..models import Body
from ..permissions import DUTIES, may, schools_of
from ..services import files
from ..services.administration import calendars
from ..services.casework import case_figures, case_lists, case_pages, cases, due_lists, evidence, reversals
from ..services.casework.cases import Words
from ..services.paperwork import check_sheets
from ..services.standing import balance_lists, change_forms, change_pages, changes
from ..services.transfer import transfer_pages
from ..workflow import deadlines, transfer_checks
from ..workflow.changes import STATUS_CHANGES
from ..workflow.clearing import CLEAR
from ..workflow.flows import FLOWS, STATES, TRANSFER, TRANSFER_OUT, TRANSFERS, reasons
from ..workflow.merges import MERGE
from .changes import choose_pupil
from .shared import asked_id, download, moved_on, needs, once, page

bp = Blueprint("cases", __name__, url_prefix="/cases")


# ---------------------------------------------------------------- lists

@bp.get("")
@needs("case.see")
def index():
    wanted = {name: request.args.get(name, "").strip() for name in ("kind", "state", "number")}
    school, holder, before = asked_id("school"), asked_id("holder"), asked_id("before")
    today, calendar, due = clock.today(), calendars.calendar(db.session), request.args.get("due", "")
    within = due_lists.WITHIN[due][1](today, calendar) if due in due_lists.WITHIN else None
    period = next((one for one in balance_lists.periods(today) if one.key == request.args.get("period")), None)
    moved = request.args.get("moved") if request.args.get("moved") in transfer_pages.MOVED else ""
    among = [*(case_figures.begun(current_user, period, school) if period else ()), *(transfer_pages.moved(current_user, today, moved) if moved else ())]
    rows = case_lists.listed(current_user, school=school, holder=holder, within=within, among=among, before=before, **wanted)
    more, rows = len(rows) > case_lists.PAGE, rows[: case_lists.PAGE]
    asked = {name: value for name, value in (wanted | {"school": school, "holder": holder, "due": due if within is not None else "", "period": period and period.key, "moved": moved}).items() if value}
    schools = _schools() if current_user.tier != "school" else []
    return page(
        "cases/index.html", rows=rows, asked=asked, schools=schools, kinds=_kinds(), states=STATES, flows=FLOWS, state_of=case_pages.state_of, duties=DUTIES,
        within=due_lists.WITHIN, next=url_for(".index", **asked, before=rows[-1].id) if more else "", chips=_chips(asked, schools, rows, period), due_of=case_pages.due_of(today, calendar),
    )


@bp.get("/due")
@needs("case.see")
def due():
    """超期与到期: who holds how many of the cases in sight, and how their time stands."""
    today, calendar = clock.today(), calendars.calendar(db.session)
    return page("cases/due.html", standing=due_lists.standing(current_user, today, calendar), lines=due_lists.by_body(current_user, today, calendar), most=due_lists.MOST, within=due_lists.WITHIN,
                time_of=lambda day: deadlines.describe(calendar, today, day))


def _kinds():
    return [(kind, flow.title) for kind, flow in FLOWS.items()]


def _schools():
    return db.session.execute(select(Body.id, Body.short_name).where(Body.id.in_(schools_of(current_user)), Body.state == "open").order_by(Body.key)).all()


def _chips(asked, schools, rows, period):
    words = {
        "kind": lambda kind: FLOWS[kind].title if kind in FLOWS else kind, "state": lambda state: STATES.get(state, (state,))[0],
        "school": lambda school: next((row.short_name for row in schools if row.id == school), "学校"), "number": lambda number: f"编号 {number}",
        "holder": lambda _: f"现在{rows[0].holder if rows else '该单位'}", "due": lambda due: due_lists.WITHIN[due][0],
        "period": lambda _: f"{period.title}提交", "moved": lambda way: transfer_pages.MOVED[way][0],
    }
    return [(words[name](value), url_for(".index", **{key: one for key, one in asked.items() if key != name})) for name, value in asked.items()]


@bp.get("/new")
@needs("change.apply")
def choose():
    """What may be applied for; with `?student=` for this pupil of one's own, with why not."""
    student_id = asked_id("student")
    student = changes.pupil(db.session, current_user, student_id) if student_id else None
    why_not = dict(change_pages.kinds_for(current_user, student)) if student else {}
    offered = why_not if student else change_pages.kinds_at(current_user)
    flows = [
        (flow, url_for(".new", kind=flow.kind, student=student_id), why_not.get(flow.kind, ""))
        for flow in FLOWS.values() if _has_form(flow.kind) and (flow.kind in offered if flow.kind in STATUS_CHANGES else student is None and flow.begun_by == current_user.duty)
    ]
    if student and may(current_user, "case.start"):
        why = transfer_checks.why_not(student.status)
        flows += [(flow, url_for("transfers.going", student=student_id), why) for flow in (TRANSFER, TRANSFER_OUT)]
    if student and may(current_user, "problem.write"):
        flows.append((MERGE, url_for("merges.new", student=student_id), ""))
    if not student and may(current_user, "case.start"):
        flows.append((CLEAR, url_for("clearing.new"), ""))
    status = table("student_current_status").label(student.status) if student and student.status else ""
    return page("cases/new.html", flows=flows, student=student, standing=status)


@bp.get("/new/<kind>")
@needs("change.apply")
def new(kind):
    if kind in STATUS_CHANGES:
        return choose_pupil(kind)
    if kind not in FLOWS or not _has_form(kind):
        raise NotFound
    return redirect(url_for(_first_page(kind)), 303)


def _has_form(kind):
    return kind in STATUS_CHANGES or _first_page(kind) in current_app.view_functions


def _first_page(kind):
    return {"quota": "quota_cases.new", "supplementary": "supplementary.new", "recruit-consent": "recruiting.new", "whole-class-transfer": "whole_classes.new",
            "transfer-out": "transfers.going", "moving-up": "recruiting.drawable"}.get(kind, f"{kind}s.new")


# ---------------------------------------------------------------- one case

@bp.get("/<int:case_id>")
@needs("case.see")
def show(case_id):
    return _page(found(case_id))


def found(case_id, kind=None):
    """Of that kind, where one is named; else it is not there."""
    case = case_pages.find(current_user, case_id)
    if case is None or kind not in (None, case.kind):
        raise NotFound
    return case


def held(case):
    """The case with who holds it and until when, as each page about it says."""
    return {"case": case, "duties": DUTIES, "due": case_pages.due_of(clock.today())(case)}


def _page(case, *, form=None, scan=None, status=200):
    today = clock.today()
    told = case_pages.told(case, person=current_user, today=today)
    offered = case_pages.offered(current_user, case, today)
    asks = _asks(case, offered, told["findings"])
    if form is None and offered:
        form = Decision(formdata=None, seen_at=case.step, version=case.version, to_class=str(case.class_id or ""))
        form.offer(offered, reasons(case.kind), alike=_settles(case, offered, told["alike"]), mend=case_pages.mendable(case.kind), classes=asks.get("classes", ()), special=bool(asks.get("special")))
    can_attach = evidence.may_change(current_user, case)
    endings = case_pages.endings(current_user, case, told["offices"])
    return page(
        "cases/show.html", status=status, case=case, form=form, scan=scan or (Scan(formdata=None).offer(told["flow"].evidence) if can_attach else None),
        plain=Plain(formdata=None), stands_in=case_pages.stands_in(current_user, case, today), endings=endings, asks=asks, is_home=is_home_of(case), form_title=change_forms.TITLES.get(case.kind),
        may_mend=case_pages.holds(current_user, case) and case.step == told["flow"].start, record_at=_record_at(case), copy_at=_copy_at(case), can_attach=can_attach, duties=DUTIES,
        may_reverse=reversals.may_reverse(db.session, current_user, case), reversed=reversals.of(db.session, case.id) if case.state == "voided" else None,
        slips=[task for task in told["tasks"] if task.state == "open" and (task.body_id, task.duty) == (current_user.body_id, current_user.duty)],
        mend_titles=dict(case_pages.mendable(case.kind)) | {name: item.title for name, item in PUPIL_ITEMS.items()}, **told,
    )


def _record_at(case):
    """The address of the pupil's record for who may see it: a child on the move is still her old school's."""
    if case.student_id is None or case.state not in ("open", "effective", "voided") or not may(current_user, "student.see"):
        return ""
    if FLOWS[case.kind].makes_record:
        return "" if case.state == "voided" else f"/students/{case.student_id}"
    return f"/students/{case.student_id}" if case.record_seen else ""


def _copy_at(case):
    """Where the old school reads what it keeps of a pupil who went."""
    kept = case.copy_id and case.kind in TRANSFERS and case.state == "effective" and may(current_user, "student.see")
    return url_for("former_pupils.show", spell_id=case.copy_id) if kept else ""


def _asks(case, offered, findings):
    """What a step of a transfer asks beyond the opinion."""
    return transfer_pages.asks(case, current_user, findings, today=clock.today()) if offered and case.kind in TRANSFERS else {}


def _settles(case, moves, alike):
    """Whether agreeing here takes effect, so that look-alikes must be settled first."""
    flow = FLOWS[case.kind]
    return bool(alike) and any(flow.steps[flow.target(flow.line_of(case), case.step, action)].outcome == "effective" for action in moves)


def is_home_of(case):
    """Whether this registrar's pupil, or whole class, is held by another's case."""
    return case.state == "open" and current_user.duty == "school_registrar" and case.from_school_id == current_user.school_id != case.school_id


@bp.post("/<int:case_id>/decision")
@needs("case.see")
def decide(case_id):
    case = found(case_id)
    flow = FLOWS[case.kind]
    form = Decision()
    seen = flow.steps.get(form.seen_at.data, flow.steps[case.step])
    offered = case_pages.offered(current_user, case, clock.today())
    asks = _asks(case, offered, case_pages.findings_of(case.id))
    form.offer(flow.offered(form.seen_at.data) if form.seen_at.data in flow.steps else offered, reasons(case.kind), alike=True, mend=case_pages.mendable(case.kind),
               classes=asks.get("classes", ()), special=bool(asks.get("special")))
    valid, words = form.validate_on_submit(), words_of(form)
    if valid and not ("answered_on" in form and form.answered_on.errors):
        done = once(form, "case.decide", lambda same: url_for(".show", case_id=same))
        try:
            cases.act(case_id, form.action.data, actor=current_user, version=form.version.data, seen_at=form.seen_at.data or None, today=clock.today(),
                      now=clock.now(), words=words, once=done)
        except MovedOn as moved:
            return moved_on(moved, "这件业务", url_for(".show", case_id=case_id))
        except Refusal as refusal:
            if isinstance(refusal, KeySpent) and form.version.data != case.version:
                return moved_on(MovedOn("这份办理意见您已经提交过，这件业务已到下一步。这次填的没有办理，请看最新的情况。"), "这件业务", url_for(".show", case_id=case_id))
            form.refuse_mistake(refusal)
        else:
            move = seen.moves.get(form.action.data)
            flash(f"{case.title}，{flow.title}：{move.title if move else '已办理'}", "done")
            return redirect(url_for(".show", case_id=case_id), 303)
    return _page(case, form=form, status=422)


def words_of(form):
    reason, mend, different, special, class_id, paper = (form[name].data if name in form else None for name in ("reason", "mend", "different", "special", "to_class", "paper"))
    items = {field for kind in FLOWS for field, _ in case_pages.mendable(kind)}
    return Words(
        reason=reason or "", note=(form.note.data or "").strip(), mend=tuple(item for item in mend or () if item in items), different=bool(different),
        special=bool(special), class_id=as_number(class_id), answered_on=form.answered(), paper=paper or "",
    )


# ---------------------------------------------------------------- scans and the sheet

@bp.post("/<int:case_id>/attachments")
@needs("case.see")
def attach(case_id):
    case = found(case_id)
    form = Scan().offer(FLOWS[case.kind].evidence)
    if form.validate_on_submit():
        upload = form.file.data
        try:
            told = evidence.attach(
                case_id, form.material.data, upload.filename if upload else "", upload.read() if upload else b"", actor=current_user, today=clock.today(),
                now=clock.now(), once=once(form, "case.attach", lambda _: url_for(".show", case_id=case_id)),
            )
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash("材料已上传", "done")
            for sentence in told:
                flash(sentence, "soon")
            return redirect(url_for(".show", case_id=case_id, _anchor="evidence"), 303)
    return _page(case, scan=form, status=422)


@bp.post("/<int:case_id>/attachments/<int:attachment_id>/remove")
@needs("case.see")
def detach(case_id, attachment_id):
    found(case_id)
    form = Plain()
    if form.validate_on_submit():
        evidence.remove(case_id, attachment_id, actor=current_user, now=clock.now(),
                        once=once(form, "case.detach", lambda _: url_for(".show", case_id=case_id)))
        flash("材料已移去，办理轨迹中留有记录", "done")
    else:
        flash("材料没有移去：这一页放得太久，请再点一次。", "warning")
    return redirect(url_for(".show", case_id=case_id, _anchor="evidence"), 303)


@bp.get("/<int:case_id>/attachments/<int:attachment_id>")
@needs("case.see")
def attachment(case_id, attachment_id):
    """The file itself is a download; it is looked at, as a picture, with `?view=1`."""
    found(case_id)
    looked = "view" in request.args
    row = evidence.take_out(case_id, attachment_id, actor=current_user, looked=looked)
    data = files.read(row)
    if looked:
        return Response(evidence.preview(data, row.media_type), mimetype="image/jpeg", headers={"Content-Disposition": "inline"})
    return download(data, row.name, row.media_type)


@bp.get("/<int:case_id>/check-sheet.pdf")
@needs("student.print")
def sheet(case_id):
    found(case_id)
    number, pdf = check_sheets.sheet(case_id, actor=current_user, now=clock.now())
    return download(pdf, f"信息核对表-{number}.pdf", "application/pdf", inline=True)

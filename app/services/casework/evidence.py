"""Evidence (佐证材料) of a case: scans as JPG, PNG or PDF, known by their content. Pictures are drawn anew, so that nothing but the picture is kept.

Whatever decodes them does so in a bounded child process (app/pictures.py).
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from ... import pictures
from ...errors import NotAllowed, NotFound, Refusal
from ...extensions import db
from ...identity import masks
from ...models import Case, CaseAttachment, File, new_id
from ...permissions import visible_cases
from ...workflow.flows import FLOWS
from .. import files, trace
from ..administration import policies
from ..transactions import writes

PIXELS = 40_000_000  # an A4 sheet at 600 dpi has 35 million
MEGA = 1024 * 1024
KINDS = {b"\xff\xd8\xff": ("image/jpeg", "JPEG"), b"\x89PNG\r\n\x1a\n": ("image/png", "PNG"), b"%PDF-": ("application/pdf", "PDF")}


@dataclass(frozen=True)
class Scan:
    """What is kept of an upload, and what the clerk is told of it."""

    data: bytes
    media_type: str
    title: str
    warnings: tuple = ()


def read_scan(data, policy) -> Scan:
    """Judge an upload by its content. Takes time and memory: outside of any act."""
    if not data:
        raise Refusal("请选择要上传的文件，现在是空的", field="file")
    most = policy.evidence_most_mb
    if len(data) > most * MEGA:
        raise Refusal(f"文件有 {len(data) / MEGA:.1f} MB，单份材料最大 {most} MB，请压缩或分开扫描后再传", field="file", article=policy.article("evidence_most_mb"))
    media_type, title = next((kind for start, kind in KINDS.items() if data.startswith(start)), ("", ""))
    told = []
    if len(data) > policy.evidence_warn_mb * MEGA:
        told.append(f"文件超过 {policy.evidence_warn_mb} MB，全国学籍系统不收这么大的文件，上报前须压缩（{policy.article('evidence_warn_mb')}）")
    if title == "PDF":
        told.append("全国学籍系统只收 JPG 和 PNG 扫描件，上报前须另存为图片（全国学籍系统操作手册）")
        _drawn("pages", data)  # what cannot be shown to those who decide is no evidence
        return Scan(data, media_type, title, tuple(told))
    if not title:
        raise Refusal("文件不是 JPG、PNG 图片或 PDF，请重新扫描成图片后再传", field="file")
    return Scan(_drawn("redraw", data, title=title, pixels=PIXELS), media_type, title, tuple(told))


def _called(filename, scan):
    """Without the folders that a browser may send; a scan is often named by the ID number, which stands in clear nowhere."""
    return masks.within(filename.replace("\\", "/").rsplit("/", 1)[-1]).strip()[-100:] or f"材料.{scan.title.lower()}"


def _drawn(task, data, **asked):
    try:
        return pictures.ask(task, data, **asked).data
    except pictures.BadPicture as bad:
        raise Refusal(f"{bad.sentence}，请按 300 DPI 重新扫描后再传", field="file") from None


def preview(data, media_type) -> bytes:
    """A JPEG as one looks at it on a page: the picture, or the first pages of a PDF one below the other."""
    try:
        return (pictures.ask("pages", data) if media_type == "application/pdf" else pictures.ask("preview", data, pixels=PIXELS)).data
    except pictures.BadPicture as bad:
        raise Refusal(f"{bad.sentence}，不能在这里看。请下载文件查看") from None


def may_change(person, case) -> bool:
    """Whoever holds the case, and the school that began it, while it is open."""
    if case.state != "open":
        return False
    holds = (person.body_id, person.duty) == (case.seat_body_id, case.seat_duty)
    return holds or (person.body_id, person.duty) == (case.school_id, FLOWS[case.kind].begun_by)


def attach(case_id, kind, filename, data, *, actor, today, now, once=None):
    """Add a scan to a case. Returns what the clerk should know of it."""
    case = db.session.execute(visible_cases(actor).with_only_columns(Case.county_id, Case.policy_id, Case.kind).where(Case.id == case_id)).one_or_none()
    if case is None:
        raise NotFound
    policy = policies.pinned(db.session, case.policy_id)
    if kind not in FLOWS[case.kind].evidence:
        raise Refusal("请选择这份材料是什么", field="material")
    scan = read_scan(data, policy)
    name = _called(filename, scan)
    with files.stored(scan.data, kind="evidence", name=name, media_type=scan.media_type, county_id=case.county_id, actor=actor, now=now) as row:
        _attach(case_id, kind, row, policy.evidence_most_files, actor=actor, now=now, once=once)
    return scan.warnings


@writes
def _attach(s, case_id, kind, row, most, *, actor, now):
    case = _changeable(s, case_id, actor)
    here = s.execute(select(func.count()).where(CaseAttachment.case_id == case_id, CaseAttachment.removed_at.is_(None))).scalar_one()
    if here >= most:
        raise Refusal(f"一件业务最多 {most} 份材料，请先移去不用的，再上传", field="file")
    files.add(s, row)
    s.execute(insert(CaseAttachment).values(id=new_id(), case_id=case_id, kind=kind, file_id=row["id"], added_by_id=actor.account_id,
                                            added_by_name=actor.name, added_at=now))
    _trace(s, case, kind, "增加", actor)


@writes
def remove(s, case_id, attachment_id, *, actor, now):
    """Take a scan off an open case. The row stays, and so does the file: nothing is deleted (workflows 0, rule 2)."""
    case = _changeable(s, case_id, actor)
    row = s.scalars(select(CaseAttachment).where(CaseAttachment.id == attachment_id, CaseAttachment.case_id == case_id,
                                                 CaseAttachment.removed_at.is_(None)).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("这份材料已经移去，或不在这件业务中")
    if row.added_by_id != actor.account_id and actor.body_id != case.school_id:
        raise NotAllowed(f"这份材料是{row.added_by_name}上传的，只能由上传人或申请学校移去。")
    row.removed_at = now
    _trace(s, case, row.kind, "移去", actor)


def _changeable(s, case_id, actor):
    case = s.scalars(visible_cases(actor).where(Case.id == case_id).with_for_update(of=Case)).one_or_none()
    if case is None:
        raise NotFound
    if case.state != "open":
        raise Refusal("这件业务已经办结，材料不能再改", field="file")
    if not may_change(actor, case):
        raise NotAllowed("材料由申请学校或现在的办理单位上传，您可以查看。")
    return case


@writes
def take_out(s, case_id, attachment_id, *, actor, looked=False):
    """The row of a scan for whoever may see the case, told to the trace before the first byte leaves (DECIDED 13)."""
    case = s.execute(visible_cases(actor).with_only_columns(Case.id, Case.county_id, Case.number, Case.kind, Case.student_id).where(Case.id == case_id)).one_or_none()
    row = case and s.execute(
        select(File.id, File.path, File.name, File.media_type, CaseAttachment.kind).join(CaseAttachment, CaseAttachment.file_id == File.id)
        .where(CaseAttachment.id == attachment_id, CaseAttachment.case_id == case_id, CaseAttachment.removed_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    _trace(s, case, row.kind, "查看" if looked else "下载", actor)
    return row


def _trace(s, case, kind, action, actor):
    trace.record(s, "case.evidence", actor=actor, chain=case.county_id, subjects=[case.student_id] if case.student_id else [], number=case.number,
                 material=FLOWS[case.kind].evidence.get(kind, kind), action=action)


def of_case(case_id):
    """What is attached, in the order of coming."""
    return db.session.execute(
        select(CaseAttachment.id, CaseAttachment.kind, CaseAttachment.added_by_id, CaseAttachment.added_by_name, CaseAttachment.added_at, File.name,
               File.media_type, File.size).join(File, File.id == CaseAttachment.file_id)
        .where(CaseAttachment.case_id == case_id, CaseAttachment.removed_at.is_(None)).order_by(CaseAttachment.added_at, CaseAttachment.id)
    ).all()


# ---------------------------------------------------------------- before there is a case

def keep(kinds, kind, filename, data, *, actor, today, now):
    """A scan of an application that is not handed in yet. Returns ({kind, file_id, name, media_type, size} for the draft, what the clerk should know of it)."""
    if kind not in kinds:
        raise Refusal("请选择这份材料是什么", field="material")
    scan = read_scan(data, policies.policy_for(db.session, actor.county_id, today))
    name = _called(filename, scan)
    with files.stored(scan.data, kind="evidence", name=name, media_type=scan.media_type, county_id=actor.county_id, actor=actor, now=now) as row:
        _keep(row)
    return {"kind": kind, "file_id": row["id"], "name": row["name"], "media_type": row["media_type"], "size": row["size"]}, scan.warnings


@writes(traced=False)
def _keep(s, row):
    files.add(s, row)


def drafted(file_id, *, actor, s=None):
    """The row of a scan that waits in a draft of this person."""
    row = (s or db.session).execute(
        select(File.id, File.path, File.name, File.media_type).where(File.id == file_id, File.added_by_id == actor.account_id, File.kind == "evidence",
                                                                     ~select(CaseAttachment.id).where(CaseAttachment.file_id == File.id).exists())
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def drop(file_id, *, actor):
    """A scan goes out of a draft: nobody can ask for it any more."""
    row = drafted(file_id, actor=actor)
    _drop(row.id)
    files.remove(row.path)


@writes(traced=False)
def _drop(s, file_id):
    s.execute(delete(File).where(File.id == file_id))


def adopt(s, case_id, scans, *, actor, now):
    """Within the act that hands the application in, and is its event: the scans of its draft are the case's."""
    if not scans:
        return
    policy_id = s.execute(select(Case.policy_id).where(Case.id == case_id)).scalar_one()
    here = s.execute(select(func.count()).where(CaseAttachment.case_id == case_id, CaseAttachment.removed_at.is_(None))).scalar_one()
    most = policies.pinned(s, policy_id).evidence_most_files
    if here + len(scans) > most:
        raise Refusal(f"一件业务最多 {most} 份材料，现在有 {here + len(scans)} 份，请先移去不用的", field="file")
    for scan in scans:
        row = drafted(scan["file_id"], actor=actor, s=s)
        s.execute(insert(CaseAttachment).values(id=new_id(), case_id=case_id, kind=scan["kind"], file_id=row.id, added_by_id=actor.account_id,
                                                added_by_name=actor.name, added_at=now))

"""What is done once a day, by the one process that holds the tick (DECIDED 25): each chore by itself, so that one that fails stops no other."""

import logging
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from ...extensions import db
from ...models import Body, Student, Tally
from .. import jobs
from ..casework import cases, late_forms
from ..intake import imports
from ..people import accounts, sessions, throttle
from ..problem_records import problem_finds
from ..pupils import photo_uploads
from ..schools import drawing
from ..transactions import forget_answers, writes
from . import audit

REMEMBERED = timedelta(days=7)  # how long a form sent twice still gets its first answer
log = logging.getLogger("xueji.nightly")


def run(*, now) -> list[str]:
    """Returns the titles of the chores that failed; the log says why."""
    failed = []
    for title, chore in CHORES.items():
        try:
            chore(now)
        except Exception:
            log.exception("%s", title)
            failed.append(title)
        db.session.remove()
    return failed


@writes(traced=False)
def _forget(s, now):
    forget_answers(s, now - REMEMBERED)


def _recount(now):
    for county_id in db.session.execute(select(Body.id).where(Body.tier == "county").order_by(Body.id)).scalars().all():
        if mended := recount(county_id):
            log.warning("county %s: %s tallies were wrong", county_id, mended)


@writes(traced=False)
def recount(s, county_id) -> int:
    """Count a county's pupils anew and mend the tallies. The rows are locked before the count: an act under way adds its own ±1 after it."""
    place = (Tally.school_id, Tally.grade_id, Tally.status, Tally.sex)
    kept = {tuple(row): number for *row, number in s.execute(select(*place, Tally.number).where(Tally.county_id == county_id).order_by(*place).with_for_update())}
    status = func.coalesce(Student.status, "pending")
    counted = {tuple(row): number for *row, number in s.execute(
        select(Student.school_id, Student.grade_id, status, Student.sex, func.count())
        .where(Student.county_id == county_id, Student.lifecycle != "cleared", Student.grade_id.is_not(None))
        .group_by(Student.school_id, Student.grade_id, status, Student.sex)
    )}
    wrong = {key: counted.get(key, 0) for key in kept.keys() | counted.keys() if kept.get(key, 0) != counted.get(key, 0)}
    for key, number in sorted(wrong.items()):
        if key in kept:
            s.execute(update(Tally).where(*(column == value for column, value in zip(place, key, strict=True))).values(number=number))
        else:
            school_id, grade_id, code, sex = key
            s.execute(insert(Tally).values(school_id=school_id, grade_id=grade_id, status=code, sex=sex, county_id=county_id, number=number))
    return len(wrong)


CHORES = {
    "封存长期不用的账号": lambda now: accounts.seal_unused(now=now), "结束过期的登录": lambda now: sessions.sweep(now=now),
    "清理登录失败计数": lambda now: throttle.sweep(now=now), "清理旧的表单回执": _forget, "清理登录过期时留下的内容": lambda now: late_forms.sweep(now=now), "清理旧的作业": lambda now: jobs.sweep(now=now),
    "清理旧的导入": lambda now: imports.sweep(now=now), "清理上传的照片": lambda now: photo_uploads.sweep(now=now), "办理到期的业务": lambda now: cases.tick(today=now.date(), now=now),
    "允许外招指令到期": lambda now: drawing.lapse_due(today=now.date(), now=now), "查找问题学籍": lambda now: problem_finds.look(now=now), "重算人数": _recount, "补记链外锚": lambda now: audit.catch_up(),
}

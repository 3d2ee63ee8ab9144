"""超班额班级: classes with more pupils than their limit, which a desk counts and names. Reads only."""

from sqlalchemy import func

from ...extensions import db
from ...identity import grades
from ...models import Body, Class, Grade
from ...permissions import visible_classes
from .classes import limit_column


def _crowded(person, policy):
    return visible_classes(person).join(Grade, Grade.id == Class.grade_id).where(Class.state == "open", Class.headcount > limit_column(policy))


def crowded(person, policy):
    """A column: how many of them are in this person's sight, to be asked along with other figures."""
    return _crowded(person, policy).with_only_columns(func.count()).order_by(None).scalar_subquery().label("crowded")


def most_crowded(person, policy, *, limit=8):
    """[(school and class, limit, over)], the fullest first."""
    allowed = limit_column(policy).label("allowed")
    rows = db.session.execute(
        _crowded(person, policy).join(Body, Body.id == Class.school_id)
        .with_only_columns(Body.short_name.label("school"), Class.number, Class.name, Class.headcount, allowed, Grade.stage, Grade.advanced_to, Grade.length)
        .order_by(allowed - Class.headcount, Body.short_name, Class.id).limit(limit)
    )
    whose = (lambda row: "") if person.tier == "school" else (lambda row: f"{row.school} ")
    return [(whose(row) + grades.title_of(row), row.allowed, row.headcount - row.allowed) for row in rows]

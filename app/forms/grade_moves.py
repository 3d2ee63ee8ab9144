"""跳级, 留级: what is asked (workflows.md 14, 15)."""

from wtforms import TextAreaField

from .change import Change, chosen
from .fields import WORDS, Id, Needed


class GradeMove(Change):
    to_class = Id(validators=[Needed()], validate_choice=False, description="本学段高一个年级的班；留级的低一个年级")
    explanation = TextAreaField(validators=[Needed(), WORDS], description="学业考核的情况、学校的意见")
    guardian = chosen(description="在申请书上签字的监护人")


FORMS = {"grade-skip": GradeMove, "grade-repeat": GradeMove}

"""问题学籍处理: what is asked (workflows.md 19)."""

from wtforms import TextAreaField

from .change import Change, chosen
from .fields import WORDS, Needed


class Problem(Change):
    problem_kind = chosen(description="照主管教育行政部门列入的类型")
    resolution = chosen(description="佐证：原信息正确，有证明；变更：信息已经改正；删除：这份学籍不该有")
    explanation = TextAreaField(validators=[Needed(), WORDS], description="如“已核对户口簿，证件号无误”")


FORMS = {"problem": Problem}

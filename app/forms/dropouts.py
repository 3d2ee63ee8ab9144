"""辍学报告, 返校: what is asked (workflows.md 11)."""

from wtforms import TextAreaField

from .change import Change, chosen, words
from .fields import WORDS, Day, Id, Needed


class Dropout(Change):
    reason = chosen()
    whereabouts = words(description="学生现在在哪里、和谁在一起；不知道的写明下落不明和最后一次联系的日期")
    measures = TextAreaField(validators=[WORDS], description="已经采取和打算采取的控辍措施，责任人")
    explanation = TextAreaField(validators=[WORDS], description="原因选“其他”的必须写")


class BackToSchool(Change):
    guardian = chosen(description="在返校申请书上签字的监护人")
    effective_on = Day(validators=[Needed()], description="回校上课的第一天")
    to_class = Id(validators=[Needed()], validate_choice=False, description="同届学生的年级；离校超过三个月的也可以低一年级")
    explanation = TextAreaField(validators=[WORDS])


FORMS = {"dropout": Dropout, "back-to-school": BackToSchool}

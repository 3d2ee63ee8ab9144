"""休学, 续休, 复学: what is asked (workflows.md 8–10)."""

from wtforms import TextAreaField

from .change import Change, chosen, words
from .fields import WORDS, Day, Id, Needed


class Suspension(Change):
    reason, guardian = chosen(), chosen(description="在申请书上签字的监护人")
    from_on = Day(validators=[Needed()], description="第一个没有到校上课的日子；出国（境）的从批准之日起")
    until_on = Day(validators=[Needed()])
    hospital = words(description="因病的填写，县级以上医院")
    diagnosis = words(description="因病的填写，照诊断证明")
    explanation = TextAreaField(validators=[WORDS], description="原因选“其他”的必须写")


class Renewal(Change):
    reason, guardian = chosen(), chosen(description="在申请书上签字的监护人")
    until_on = Day(validators=[Needed()])
    hospital = words(description="因病的填写新的诊断，县级以上医院")
    diagnosis = words()
    explanation = TextAreaField(validators=[WORDS], description="原因选“其他”的必须写")


class Resumption(Change):
    guardian = chosen(description="在申请书上签字的监护人")
    effective_on = Day(validators=[Needed()], description="准予复学、到校上课的日子")
    to_class = Id(validators=[Needed()], validate_choice=False, description="同届学生的年级；休学超过三个月的也可以低一年级")
    hospital = words(description="因病休学的填写，县级以上医院")
    explanation = TextAreaField(validators=[WORDS])


FORMS = {"suspension": Suspension, "suspension-renewal": Renewal, "resumption": Resumption}

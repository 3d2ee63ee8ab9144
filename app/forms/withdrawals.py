"""退学, 开除: what is asked (workflows.md 11)."""

from wtforms import TextAreaField

from .change import Change, chosen, words
from .fields import WORDS, Day, Needed


class Withdrawal(Change):
    ground, reason = chosen(), chosen()
    guardian = chosen(description="监护人申请的，是签字的监护人；其他的，是退学通知书送达的监护人")
    explanation = TextAreaField(validators=[WORDS], description="原因选“其他”的必须写")


class Expulsion(Change):
    reason, guardian = chosen(), chosen(description="处分决定告知了谁")
    document = words(description="没有文号的，写明决定的名称")
    decided_on, notified_on = Day(validators=[Needed()]), Day(validators=[Needed()])
    explanation = TextAreaField(validators=[WORDS, Needed()], description="照处分决定简要写明")


FORMS = {"withdrawal": Withdrawal, "expulsion": Expulsion}

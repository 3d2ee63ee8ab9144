"""出国（境）, 回国, 死亡, 丧失学习能力: what is asked (workflows.md 12, 13)."""

from wtforms import StringField, TextAreaField

from .change import NAME, Change, chosen, words
from .fields import OFF, WORDS, Day, Id, Needed


class Abroad(Change):
    effective_on = Day(validators=[Needed()], description="最后一个到校上课的日子")
    country, guardian = chosen(), chosen(description="在申请书上签字的监护人")
    abroad_kind = chosen(description="短期出国（境）还回来的，请办理休学")
    explanation = TextAreaField(validators=[WORDS])


class BackFromAbroad(Change):
    effective_on = Day(validators=[Needed()])
    to_class = Id(validators=[Needed()], validate_choice=False, description="按境外的学习经历编入相应年级")
    explanation = TextAreaField(validators=[WORDS], description="在哪些学校读过几年级，记入档案")
    guardian = chosen(description="在申请书上签字的监护人")


class ComingFromAbroad(BackFromAbroad):
    guardian = StringField(validators=[Needed(), NAME], render_kw=OFF, description="在申请书上签字的监护人和关系，例如“刘志强（父亲）”")


class Death(Change):
    effective_on = Day(validators=[Needed()], description="照派出所证明或死亡证明")
    reason = chosen()
    explanation = TextAreaField(validators=[WORDS])


class LossOfAbility(Change):
    effective_on = Day(validators=[Needed()])
    hospital = words(description="县级以上医院")
    diagnosis = words(description="照医院证明")
    explanation = TextAreaField(validators=[WORDS], description="送教上门的安排和监护人的意见")
    guardian = chosen(description="在申请书上签字的监护人")


COMING = {"back-from-abroad": ComingFromAbroad}
FORMS = {"abroad": Abroad, "back-from-abroad": BackFromAbroad, "death": Death, "loss-of-ability": LossOfAbility}

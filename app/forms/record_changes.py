"""关键信息变更, 学生类型变更, 贫困生认定和取消: what is asked (workflows.md 17, 22)."""

from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from ..identity.items import PUPIL_ITEMS, BadValue, clean
from ..identity.width import no_blanks
from .change import Change, chosen
from .fields import OFF, WORDS, Day, Needed, menu


class Item(StringField):
    """An item of the record as people write it; `value` is what the record would keep, or nothing where it was left empty."""

    @property
    def value(self):
        try:
            return clean(PUPIL_ITEMS[self.name], self.data) if no_blanks(self.data) else ""
        except BadValue:
            return ""

    def pre_validate(self, form):
        if no_blanks(self.data):
            try:
                clean(PUPIL_ITEMS[self.name], self.data)
            except BadValue as wrong:
                raise ValidationError(f"{wrong.sentence}，{wrong.cure}") from None


def item(**more):
    return Item(render_kw=OFF, **more)


class KeyChange(Change):
    """Every item may stay empty: what is empty stays as it is."""

    name = item(description="只填要变更的项目，其余留空")
    sex, id_doc_type, nationality, overseas_status = (chosen(must=False) for _ in range(4))
    birth_date, id_doc_no = item(), item()
    explanation = TextAreaField(validators=[Needed(), WORDS], description="如“户口簿已更名”“登记时号码录错”")
    guardian = chosen(description="在申请表上签字的监护人")

    def offer(self, change, **rest):
        super().offer(change, **rest)
        for name, choices in change.choices.items():
            self[name].choices = menu(choices.items(), ask="不变更")
        return self


class KindChange(Change):
    student_kind = chosen(description="学籍号和状态不变；改为借读生的，学生来源记为借读")
    explanation = TextAreaField(validators=[WORDS], description="借读的写明学籍学校和借读学校")
    guardian = chosen(description="在申请书上签字的监护人")


class Poverty(Change):
    poverty_status, basis = chosen(), chosen()
    poverty_from = Day(validators=[Needed()])
    explanation = TextAreaField(validators=[Needed(), WORDS], description="收入来源、困难的原因")
    guardian = chosen(description="在申请表上签字的监护人")


class PovertyEnd(Change):
    poverty_until = Day(validators=[Needed()])
    explanation = TextAreaField(validators=[Needed(), WORDS])


FORMS = {"key-change": KeyChange, "kind-change": KindChange, "poverty": Poverty, "poverty-end": PovertyEnd}

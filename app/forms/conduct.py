"""奖惩: an award, a punishment (处分), and how either ends."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from .base import Form
from .fields import OFF, Day, Needed, menu


def _at_most(number):
    return Length(max=number, message=f"最多 {number} 个字，请写短一些")


def words(field):
    return " ".join((field.data or "").split())


class Given(Form):
    """What both are asked; `offer` fills the two menus."""

    def offer(self, codes, abouts):
        self.code.choices, self.about.choices = menu(codes), menu(abouts)
        return self

    def given(self) -> dict:
        """The answers by name, the day as a date."""
        texts = {name: words(self[name]) for name in ("name", "code", "about", "given_by", "document", "reason") if name in self}
        return texts | {"given_on": self.given_on.value}


class Award(Given):
    name = StringField("名称", [Needed(), _at_most(30)], description="照奖状或文件填写，如“三好学生”", render_kw=OFF)
    code = SelectField("级别", [Needed()], validate_choice=False)
    about = SelectField("类别", [Needed()], validate_choice=False)
    given_on = Day("日期", [Needed()], description="如 2026年9月1日", render_kw=OFF)
    given_by = StringField("颁发单位", [Needed(), _at_most(60)], render_kw=OFF)
    document = StringField("文号", [_at_most(60)], description="没有文号的不填", render_kw=OFF)


class Punishment(Given):
    code = SelectField("处分种类", [Needed()], validate_choice=False)
    about = SelectField("违纪类别", [Needed()], validate_choice=False)
    given_on = Day("处分日期", [Needed()], description="如 2026年9月1日", render_kw=OFF)
    document = StringField("处分文号", [Needed(), _at_most(60)], description="没有文号的，写明决定的名称", render_kw=OFF)
    reason = TextAreaField("原因", [Needed(), _at_most(200)], description="照处分决定简要写明")


FORMS = {"award": Award, "punishment": Punishment}


class Lift(Form):
    lifted_on = Day("撤销日期", [Needed()], description="照撤销处分的决定填写，如 2026年9月1日", render_kw=OFF)
    lift_document = StringField("撤销文号", [Needed(), _at_most(60)], description="没有文号的，写明决定的名称", render_kw=OFF)
    note = TextAreaField("说明", [_at_most(200)])


class Void(Form):
    reason = TextAreaField("作废的原因", [Needed(), _at_most(200)], description="如“登记到了同名的学生”")

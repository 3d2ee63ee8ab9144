"""Deciding a case, withdrawing it, its scans."""

from wtforms import BooleanField, FileField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from ..identity.items import PUPIL_ITEMS
from .base import Form

NOTE = Length(max=500, message="说明最多 500 个字，请写短一些")
MENDED = (  # what a return most often asks to be mended
    "name", "sex", "birth_date", "id_doc_no", "ethnicity", "birth_place_code", "native_place", "hukou_place_code", "current_address", "phone", "class_code",
    "entry_month", "health_status", "inclusive_class",
)
MEMBERS = {"member1_name": "家庭成员", "evidence": "佐证材料"}


def mendable():
    return [(field, PUPIL_ITEMS[field].title) for field in MENDED] + list(MEMBERS.items())


class Decision(Form):
    action = RadioField("意见", validate_choice=False, validators=[InputRequired("请选择意见")], render_kw={"down": True})
    reason = SelectField("理由", validate_choice=False, description="退回或不予办理时必选")
    mend = SelectMultipleField("请补正", validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
                               description="退回时勾选，申请人的表单上会标出来")
    note = TextAreaField("说明", [NOTE], description="退回时一次写全要补正的事项；申请人看得到")
    different = BooleanField("已核对，不是同一人")
    seen_at = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def offer(self, moves, reasons, *, alike=False):
        """The moves of a step as choices. What they do not need is not asked: reasons without blame, look-alikes where there are none."""
        blame = any(move.blame for move in moves.values())
        self.action.choices = [SelectChoice(action, move.title) for action, move in moves.items()]
        self.reason.choices = [SelectChoice("", "请选择"), *(SelectChoice(code, label) for code, label in reasons.items())]
        self.mend.choices = [SelectChoice(field, title) for field, title in mendable()]
        for name, wanted in (("reason", blame), ("mend", "return" in moves), ("different", alike)):
            if not wanted:
                del self[name]
        return self


class Withdraw(Form):
    note = TextAreaField("说明", [NOTE], description="为什么撤销，可以不填")
    seen_at = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class Scan(Form):
    material = SelectField("材料", validate_choice=False)
    file = FileField("文件", description="JPG、PNG 扫描件；PDF 也可以，上报全国系统前须另存为图片")

    def offer(self, kinds):
        self.material.choices = [SelectChoice("", "请选择"), *(SelectChoice(key, title) for key, title in kinds.items())]
        return self


class Batch(Decision):
    kind = HiddenField()
    step = HiddenField()
    class_id = HiddenField()

"""New pupils: the record with its draft, the check before it is handed in, the card reader's line."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired

from .base import Form
from .record import PRESET, RecordForm


class EnrolmentForm(RecordForm):
    draft = HiddenField()

    def families(self):
        """A second member may stay blank: no star asks for him."""
        families = super().families()
        for number, fields in families:
            if number > 1 and self._is_empty(number):
                for field in fields:
                    field.flags.required = False
        return families

    def tasks(self):
        return [*super().tasks(), ("#s6", "六、照片与材料", "可后补", "")]

    def record(self):
        """The document type that stands there from the start says nothing of a member whose number was not given."""
        record = super().record()
        for one in record["guardians"]:
            if not one["id_doc_no"] and one["id_doc_type"] == PRESET["id_doc_type"]:
                one["id_doc_type"] = None
        return record


class CheckForm(Form):
    draft = HiddenField()
    truthful = BooleanField("已与户口簿等原件核对，以上内容真实", [DataRequired("请先与原件核对，再勾选“已与户口簿等原件核对”")])


class CardForm(Form):
    """Its token only keeps other sites out: reading a card writes nothing."""

    draft = HiddenField()
    card = StringField("读卡", description="光标放在这里刷卡，或粘贴阅读器送来的一行")

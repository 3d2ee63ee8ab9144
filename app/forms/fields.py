"""Fields and choices that several areas use."""

from wtforms import IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, ValidationError
from wtforms.widgets import HiddenInput

from ..identity import dates
from ..identity.width import no_blanks

OFF = {"autocomplete": "off"}
WORDS = Length(max=200, message="最多 200 个字，请写短一些")  # of an explanation


class Needed:
    """A field that must be filled: it shows the star. Service or items say so, together with all else that is wrong (一次性告知)."""

    field_flags = {"required": True}  # noqa: RUF012 - read by WTForms

    def __call__(self, form, field):
        pass


class Whole(IntegerField):
    """A whole number, or nothing; what is neither is told in our words."""

    def process_formdata(self, values):
        self.data = None
        text = (values[0] if values else "").strip()
        if text:
            if not text.isdecimal() or len(text) > 6:
                raise ValueError(f"{self.label.text}请填写整数")
            self.data = int(text)


class Version(IntegerField):
    """What was seen. After a 409 the form carries the new one, not the one that was sent."""

    widget = HiddenInput()

    def _value(self):
        return "" if self.data is None else str(self.data)


def as_number(value):
    """An id, or a version, as a page of ours would hold it; what could be none is nobody's, and no question for the database."""
    text = str(value or "")
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
    return found if found is not None and found < 1 << 63 else None


def menu(pairs, ask="请选择"):
    """Choices of (value, words), after one that says to choose."""
    return [*([SelectChoice("", ask)] if ask else []), *(SelectChoice(value, words) for value, words in pairs)]


class Day(StringField):
    """A date as people write it; `value` is the date, or nothing. What is no date is told beside it, with an example."""

    def __init__(self, *args, example="2026年9月1日", **kwargs):
        super().__init__(*args, **kwargs)
        self.example = example

    @property
    def value(self):
        return dates.parse_date(self.data) if no_blanks(self.data) else None

    def pre_validate(self, form):
        if no_blanks(self.data) and self.value is None:
            raise ValidationError(f"日期认不出，请照“{self.example}”填写")


class Id(SelectField):
    """A choice of things by their ids; `value` is the id, or nothing."""

    @property
    def value(self):
        return as_number(self.data)

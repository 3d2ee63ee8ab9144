"""Photos handed in many at once."""

from flask_wtf.file import MultipleFileField
from wtforms import SelectField

from .base import Form
from .fields import Needed, as_number

ACCEPT = ".zip,image/jpeg,image/png"


class PhotosForm(Form):
    class_id = SelectField("班级", coerce=as_number, validate_choice=False)
    photo = MultipleFileField("照片", validators=[Needed()], description="一个 .zip 压缩包，或者一次选中多张照片", render_kw={"accept": ACCEPT})

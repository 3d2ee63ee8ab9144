"""证明核验: whoever holds a paper may ask whether it holds. Open to anyone, slow for those who guess.

The typed code goes by GET: it changes nothing in the register, needs no session (an outsider has none), works from a bookmark and is no more secret
than the address that stands on the paper as a square; the answer tells less than the paper itself.
"""

from flask import Blueprint, request

from .. import clock
from ..forms.documents import Code
from ..identity import paper_codes
from ..services.paperwork import paper_pages
from .shared import needs, page

bp = Blueprint("verify", __name__, url_prefix="/verify")

SENTENCES = {
    "valid": "这份证明由本系统开具，现在有效", "expired": "这份证明由本系统开具，已过有效期", "voided": "这份证明已经作废，请不要接受",
    "reissued": "这份证明已经补发，这一份不再有效，请查验补发的一份",
}


@bp.get("")
@needs(None)
def form():
    asked = Code(request.args)
    if "code" not in request.args:
        return _answer(asked)
    code = paper_codes.clean(asked.code.data)
    if sentence := paper_codes.problem(code):
        asked.code.errors = [sentence]
        return _answer(asked, status=422)
    return _checked(asked, code)


@bp.get("/<code>")
@needs(None)
def show(code):
    return _checked(Code(), code)


def _checked(asked, code):
    found = paper_pages.verify(code, address=request.remote_addr or "", today=clock.today(), now=clock.now())
    return _answer(asked, found=found, told=True, status=200 if found else 404)


def _answer(asked, found=None, told=False, status=200):
    response = page("verify.html", form=asked, found=found, told=told, sentences=SENTENCES, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response

"""Whatever is sent, to any form, address or file door, by any duty: an answer in our words, never a broken one. What is sent is drawn by chance; `make trust` draws thousands."""

import io
import os
import re
import zipfile
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.services import jobs
from app.services.people import throttle
from tests.browser.house import NOW, SCAN
from tests.pages import Person
from tests.rosters import children, line, xlsx

from .house import DUTIES, HOSTILE, ids, places, token
from .test_forms import amiss

WHOLE = os.environ.get("PROOFS") == "whole"
ASKED = (  # what the addresses of the house read beside their path
    "account", "after", "again", "attendance_mode", "back", "batch", "before", "body", "class", "closed", "col", "county", "draft", "due", "ended", "from_school", "fresh", "gaps", "grade",
    "holder", "in", "kind", "month", "moved", "period", "problem", "q", "school", "sort", "start", "state", "status", "step", "student", "term", "tier", "to_school", "told", "year",
)
USUAL = ("", "0", "1", "2", "01", "on", "y", "2026", "2026-09", "2026-1", "2026-09-11", "2026年9月1日", "approve", "return", "refuse", "submit", "check", "draft", "next", "all", "ended", "G420323201901015555")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORD = st.one_of(TEXT, st.sampled_from(USUAL), st.sampled_from(sorted((word for word in HOSTILE.values() if len(word) < 1000), key=len)), st.integers(-(2**70), 2**70).map(str), st.dates().map(str),
                 st.floats().map(str))
HEADERS = st.sampled_from(({}, {}, {}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Target": "rows"}, {"Sec-Fetch-Site": "cross-site"}, {"Range": "bytes=-1"}))
CHANGES_WHO_ASKS = ("sign_in.sign_out", "sign_in.kill_own", "sign_in.end_session", "sign_in.change_password")  # ended sessions and new passwords have stories of their own


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(throttle, "attempt", lambda *_, **__: None)
    monkeypatch.setitem(throttle.FREE, "asked", 10**9)


@pytest.fixture
def drawing(record_property):
    """`drawing(few, whole)(ask)`: so many examples of `ask(data)`, in `make trust` the whole; how many were sent is told to tools/proofs.py."""
    def prepare(few, whole):
        def carry_out(ask):
            sent = 0

            @settings(max_examples=whole if WHOLE else few, derandomize=not WHOLE, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
            @given(st.data())
            def one(data):
                nonlocal sent
                ask(data)
                sent += 1

            one()
            record_property("inputs", sent)

        return carry_out

    return prepare


class Clerk:
    """Signed in, and again when something that was sent ended the session."""

    def __init__(self, app, username):
        self.app, self.username, self.person = app, username, Person(app, username)

    def send(self, path, method, fields=None, files=(), **rest):
        answer = self._send(path, method, fields, files, rest)
        if answer.status_int == 303 and answer.location.startswith("/login"):
            self.person = Person(self.app, self.username)
            answer = self._send(path, method, fields, files, rest)
        assert not amiss(answer), (method, path, fields, [name for _, name, _ in files], amiss(answer))
        return answer

    def _send(self, path, method, fields, files, rest):
        if fields is None:
            return self.person.request(path, method=method, status="*", **rest)
        return self.person.post(path, [("csrf_token", token(self.person)), *fields], upload_files=list(files) or None, status="*", **rest)


@pytest.mark.parametrize("username", DUTIES)
def test_fields_of_any_kind_in_every_form(username, app, county, drawing, furnished):
    """The names that the page of the form has, and some of other forms; each left as it is, filled by chance, or left out."""
    clerk, known = Clerk(app, username), _ids(county)
    doors = [place for place in places(app, county) if "POST" in place.methods and place.endpoint not in CHANGES_WHO_ASKS]
    forms = {}

    @drawing(8, 500)
    def send(data):
        place = data.draw(st.sampled_from(doors))
        if place.path not in forms:
            forms[place.path] = _fields(clerk, place)
        kept = dict(forms[place.path])
        names = st.sampled_from([*kept, "id", "action", "reason", "note", "version", "version", "draft", "class_id", "school_id", "idempotency_key"])
        drawn = data.draw(st.lists(st.tuples(names, st.one_of(WORD, st.sampled_from(known))), max_size=8))
        left_out = data.draw(st.sets(names, max_size=3))
        told = {name for name, _ in drawn} | left_out
        clerk.send(place.path, "POST", [*((name, value) for name, value in kept.items() if name not in told), *drawn], headers=data.draw(HEADERS))


def _ids(county):
    return sorted({str(one) for some in ids(county).values() for one in some})


def _fields(clerk, place):
    """What the form of this address would send as it is opened."""
    page = clerk.person.get(place.path, status="*") if "GET" in place.methods else None
    if page is None or page.status_int != 200 or page.content_type != "text/html":
        return []
    return [(name, value) for form in page.forms.values() if form.method.upper() == "POST" and form.action in ("", place.path)
            for name, value in form.submit_fields() if isinstance(value, str) and name != "csrf_token"]


@pytest.mark.parametrize("username", DUTIES)
def test_every_address_with_anything_in_it(username, app, county, drawing, furnished):
    """In the path, in the query, as a body of any bytes under any name."""
    clerk, known = Clerk(app, username), _ids(county)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static" and rule.endpoint not in CHANGES_WHO_ASKS]
    part = st.one_of(st.sampled_from(known), st.integers(0, 2**70).map(str), TEXT.map(lambda text: quote(text, safe="")))
    query = st.lists(st.tuples(st.one_of(st.sampled_from(ASKED), TEXT), st.one_of(WORD, st.sampled_from(known))), max_size=4)
    kinds = st.sampled_from(("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/xml", "image/png"))

    @drawing(8, 450)
    def send(data):
        rule = data.draw(st.sampled_from(rules))
        path = re.sub("<.*?>", lambda _: data.draw(part), rule.rule) + "?" + urlencode(data.draw(query)) + "&q=" + quote_from_bytes(data.draw(st.binary(max_size=12)))
        if data.draw(st.integers(0, 5)):
            clerk.send(path, "GET", headers=data.draw(HEADERS))
        else:
            body = data.draw(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda one: b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + one + b"\r\n--x--")))
            clerk.send(path, "POST", body=body, headers={"Content-Type": data.draw(kinds)})


def _zip(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
FILES = {  # door: what is handed in there when all is well
    "registrar.a1": ({"/imports/new": "file", "/photos/new": "photo", "/students/{student}/photo": "photo", "/cases/{case}/attachments": "file", "/cases/new/suspension/{student}": "file"}),
    "officer.a": {"/calendar/edit": "file"},
    "sysadmin": {"/organisations/import": "file"},
}


@pytest.mark.parametrize("username", FILES)
def test_files_of_any_bytes(username, app, county, drawing, furnished):
    """Bytes of no kind, and honest files bent in some places or cut short, under any name; the jobs that read them end too."""
    clerk, here = Clerk(app, username), ids(county)
    honest = [xlsx([line(child) for child in children(3, first=400)]), SCAN, PDF, _zip(**{"23.jpg": SCAN[:3000], "../x": b"x"}), "姓名,性别\n张三,男\n".encode(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
    doors = [(path.format(student=here["student_id"][0], case=here["case_id"][0]), field) for path, field in FILES[username].items()]
    names = st.one_of(st.sampled_from(("a.xlsx", "a.xls", "a.csv", "a.jpg", "a.png", "a.pdf", "23.jpg", "a.zip", "../../a.xlsx", "名册.XLSX", "a")), TEXT.filter(lambda name: "\r" not in name and "\n" not in name))

    @drawing(6, 160)
    def send(data):
        path, field = data.draw(st.sampled_from(doors))
        content = bytearray(data.draw(st.one_of(st.binary(max_size=400), st.sampled_from(honest))))
        for place, bits in data.draw(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), max_size=4)) if content else ():
            content[place % len(content)] ^= bits
        content = bytes(content[: data.draw(st.one_of(st.none(), st.integers(0, len(content))))])
        words = [("add", "scan"), ("material", data.draw(st.sampled_from(("application", "diagnosis", "x"))))] if "new/suspension" in path else []
        words += [(name, data.draw(WORD)) for name in data.draw(st.sets(st.sampled_from(("class_id", "material", "kind", "what", "year", "days", "version", "material")), max_size=3))]
        clerk.send(path, "POST", words, [(field, data.draw(names), content)])
        while jobs.run_next(NOW):
            pass

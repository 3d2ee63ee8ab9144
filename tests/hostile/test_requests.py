"""Requests that no page of ours sends: answered in Chinese, never broken, and without effect."""

import re

import pytest

from app.demo.cast import PASSWORD
from tests.pages import Person, hooks

from .house import NOBODY, token

ADDRESSES = ("/", "/students", "/cases", "/classes", "/enrolments/new", "/imports", "/documents", "/verify", "/login", "/nothing/here")


@pytest.fixture
def xia(sign_in):
    return sign_in("registrar.a1")


def said(answer):
    return " ".join(answer.html.main.get_text(" ", strip=True).split())


@pytest.mark.parametrize("address", ["/students?status=%00", "/verify/%00", "/verify?code=a%00", "/documents?after=%00", "/enrolments/new?draft=%00", "/login?back=/%00"])
def test_the_character_nul_is_told_and_not_asked_of_the_database(xia, address):
    answer = xia.get(address, status=400)
    assert "控制字符" in said(answer)


def test_nul_in_a_field_and_in_a_file_name(xia):
    for answer in (
        xia.post("/students/search", {"csrf_token": token(xia), "q": "张\x00"}, status=400),
        xia.post("/imports/new", {"csrf_token": token(xia)}, upload_files=[("file", "a\x00.csv", b"a")], status=400),
    ):
        assert "控制字符" in said(answer)


def test_a_file_name_with_line_breaks_is_told_and_comes_into_no_header(xia, county):
    """Encoded as RFC 5987 has it, a name can hold what the header of its download could not."""
    boundary, name = "xj", "filename*=UTF-8''a%0D%0ASet-Cookie:%20xj=1.jpg"
    for address, field in (("/imports/new", "file"), ("/photos/new", "photo"), (f"/students/{county.pupil('twin.1')}/photo", "photo")):
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token(xia)}', f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; {name}\r\n\r\na',
                 f"--{boundary}--\r\n"]
        answer = xia.request(address, method="POST", body="\r\n".join(parts).encode(), headers={"Content-Type": f"multipart/form-data; boundary={boundary}"}, status=400)
        assert "控制字符" in said(answer), address


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"])
def test_other_methods_change_nothing_and_tell_nothing(xia, method):
    for address in ADDRESSES:
        answer = xia.request(address, method=method, status="*")
        assert answer.status_int in ((200, 303, 404) if method in ("HEAD", "OPTIONS") else (404,)), (address, answer.status)
        assert not answer.body or "Method" not in answer.text


def test_bodies_of_other_kinds_are_forms_without_fields(xia):
    for kind, body in (("application/json", b'{"username": ["registrar.a1"]}'), ("text/xml", b"<!DOCTYPE x>"), ("multipart/form-data", b"--x"), ("", b"\xff\xfe"),
                       ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="q"; filename*=utf-8\'\'%ED%A0%80\r\n\r\n\xff\r\n--x--')):
        for address in ("/students/search", "/enrolments/new", "/posts/switch", "/imports/new"):
            answer = xia.request(address, method="POST", body=body, headers={"Content-Type": kind}, status="*")
            assert answer.status_int in (303, 422), (kind, address, answer.status)


@pytest.mark.parametrize(("fields", "status"), [({f"f{number}": "" for number in range(10_000)}, (303, 413, 422)), ({"q": "长" * 1_000_000}, (413,)), ({"q": "x" * 1_900_000}, (303, 422))])
def test_many_fields_and_long_ones(xia, fields, status):
    for address in ("/students/search", "/enrolments/new", "/posts/switch"):
        assert xia.post(address, fields | {"csrf_token": token(xia)}, status="*").status_int in status


def test_what_does_not_fit_a_form_is_told_with_the_limit(xia, sign_in):
    sysadmin = sign_in("sysadmin")
    answer = xia.post("/students/search", {"csrf_token": token(xia), "q": "长" * 1_000_000}, status=413)
    assert "超过 2 MB" in said(answer)
    for address, limit in (("/organisations/import", 12), ("/imports/new", 26)):
        clerk = sysadmin if limit == 12 else xia
        answer = clerk.post(address, {"csrf_token": token(clerk)}, upload_files=[("file", "a.csv", b"x" * ((limit + 1) * 1024 * 1024))], status=413)
        assert f"超过 {limit} MB" in said(answer)


def test_a_form_from_elsewhere_has_no_effect(app, xia):
    other = Person(app, "registrar.a2")
    for fields, headers in (({}, {}), ({"csrf_token": token(other)}, {}), ({"csrf_token": "x"}, {}), ({"csrf_token": token(xia)}, {"Sec-Fetch-Site": "cross-site"}),
                            ({"csrf_token": token(xia)}, {"Sec-Fetch-Site": "same-site"})):
        answer = xia.post("/students/search", fields | {"q": "庹思远"}, headers=headers, status="*")
        assert answer.status_int in (403, 422)
        assert not hooks(answer, "student-row")
    assert xia.get("/sessions").status_int == 200


def test_every_answer_is_kept_by_nobody_and_runs_no_foreign_script(xia):
    for address in (*ADDRESSES, f"/students/{NOBODY}", "/healthz/x"):
        headers = xia.get(address, status="*").headers
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"], "script-src 'self'" in headers["Content-Security-Policy"]) == ("no-store", "nosniff", True), address


def test_the_cookie_is_for_http_alone_and_changes_with_who_is_signed_in(app):
    stranger = Person(app)
    page = stranger.get("/login")
    before = stranger.cookies["xueji"]
    answer = stranger.post("/login", {"csrf_token": page.html.select_one("[name=csrf_token]")["value"], "username": "registrar.a1", "password": PASSWORD, "back": "//evil.example"})
    cookie = next(value for name, value in answer.headers.items() if name == "Set-Cookie")
    assert (answer.location, "HttpOnly" in cookie, "SameSite=Lax" in cookie) == ("/", True, True)
    assert stranger.cookies["xueji"] != before


@pytest.mark.parametrize("back", [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x", " //evil.example", "/\t/evil.example", "///evil.example",
    "/login?back=/login", "/logout", "http:evil.example", "/..//evil.example",
])
def test_nobody_is_sent_elsewhere_by_the_sign_in_page(xia, back):
    assert re.match(r"/(?![/\\])", xia.get("/login", {"back": back}, status=303).location)


def test_forged_htmx_headers_get_a_page_or_a_piece_of_it(xia):
    for headers in ({"HX-Request": "true", "HX-Target": "x" * 5000}, {"HX-Request": "true", "HX-Current-URL": "http://evil.example/\x7f"}, {"HX-Request": "TRUE"},
                    {"HX-Request": "true", "HX-History-Restore-Request": "true"}, {"HX-Boosted": "true"}, {"If-None-Match": "*"}, {"Range": "bytes=0-1"},
                    {"X-HTTP-Method-Override": "DELETE"}, {"X-Forwarded-Host": "evil.example"}, {"Accept-Language": "x" * 5000}):
        for address in ADDRESSES[:-2]:
            answer = xia.get(address, headers=headers, status="*")
            assert answer.status_int == 200 and b"evil.example" not in answer.body, (headers, address)

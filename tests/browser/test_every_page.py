"""Every page that a duty can reach from its menu, opened one after another: answered, sound, fit for a phone, a keyboard and a screen reader."""

import re
from urllib.parse import urldefrag, urlsplit

import pytest

from .house import lived_in
from .pages import look

DUTIES = (
    "registrar.a1", "registrar.a5", "head.a1", "teacher.a1", "township.a.t1", "officer.a", "officer.city1", "officer.province", "sysadmin", "security", "auditor",
)
MOST = 170  # pages for each duty: more than the fullest house of a duty has kinds of
ALIKE = 2  # pages of one kind: the third pupil's page is the first one's
FILES = (".pdf", ".xlsx", ".xls", ".csv", ".svg", ".png", ".jpg")


@pytest.mark.parametrize("username", DUTIES)
def test_every_page(username, app, at, county, work):
    lived_in(county, work)
    page = at(username)
    wrong, seen = {}, set()
    for address, is_file in _walk(page, "/"):
        if is_file:
            status = page.request.get(address).status
            found = [] if status == 200 else [f"answered {status}"]
        else:
            found = look(page)
            seen.add(_kind(address))
        if found:
            wrong[address] = found

    assert not wrong, "\n".join(f"{address}\n    " + "\n    ".join(found) for address, found in wrong.items())
    assert len(seen) > 1


@pytest.mark.parametrize(("address", "status"), [("/login", 200), ("/verify", 200), ("/students/1", 404), ("/accounts", 403), ("/nowhere", 404)])
def test_the_door_and_the_refusals(address, status, app, at):
    page = at("registrar.a1" if status > 400 else None)

    assert page.goto(address).status == status
    assert look(page) == []


@pytest.mark.parametrize(("key", "rare"), [("rare.ext-b", "𠮷"), ("rare.ext-e", "𬭎"), ("rare.compound", "𬱖")])
def test_a_name_that_the_machine_has_no_font_for_is_drawn_from_ours(key, rare, at, county):
    page = at("registrar.a1")
    page.goto(f"/students/{county.pupil(key)}")
    assert county.known(key).item["name"] in page.locator("h1").text_content()

    page.evaluate("(rare) => { const one = document.querySelector('.person h1'); one.textContent = rare; one.style.fontFamily = '\"Xueji Rare\"'; }", rare)
    page.evaluate("(rare) => document.fonts.load('22px \"Xueji Rare\"', rare)", rare)
    assert _fonts(page, ".person h1") == [(True, 1)]


def _fonts(page, selector):
    """[(whether it is a font of the page's own, number of characters)] that the browser drew the element's text with."""
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    return [(font["isCustomFont"], font["glyphCount"]) for font in tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]]


def _walk(page, start):
    """Breadth first along the links; yields (address, whether it is a file), the page being open at it."""
    waiting, known, kinds = [(start, False)], {start}, {}
    pages = 0
    while waiting and pages < MOST:
        address, saves = waiting.pop(0)
        kinds[_kind(address)] = kinds.get(_kind(address), 0) + 1
        if kinds[_kind(address)] > ALIKE:
            continue
        if saves or urlsplit(address).path.endswith(FILES) or "view=1" in address:
            yield address, True
            continue
        pages += 1
        answer = page.goto(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        links = page.eval_on_selector_all("a[href]", "all => all.map((one) => [one.href, one.hasAttribute('download')])")
        yield address, False
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        for link, saves in links:
            inside = urldefrag(link.removeprefix(origin))[0]
            if link.startswith(origin + "/") and inside not in known:
                known.add(inside)
                waiting.append((inside, saves))


def _kind(address):
    """The address without its numbers, and whether something is asked of it."""
    parts = urlsplit(address)
    return re.sub(r"\d{6,}", "<id>", parts.path) + ("?" if parts.query else "")

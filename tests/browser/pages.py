"""What every page is held to, looked at through the browser: measured on the page itself, by axe-core and by the Tab key."""

from pathlib import Path

AXE = (Path(__file__).parent / "vendor/axe-4.10.3/axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
OF_WIDTH = ["scrollable-region-focusable", "target-size"]  # what a narrow page can break that a wide one keeps
PHONE = {"width": 390, "height": 844}
NAME = "电子学籍管理系统"

FACTS = """async () => {
  await document.fonts.ready;
  const rare = [...new Set(document.body.innerText)].filter((one) => one.codePointAt(0) >= 0x20000);
  const faces = await Promise.all(rare.map((one) => document.fonts.load('16px "Xueji Rare"', one)));
  return {
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    forward: document.querySelectorAll("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").length,
    twice: [...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, place, all) => all.indexOf(id) !== place),
    nameless: [...document.querySelectorAll("form[method=post] :is(input:not([type=hidden]), select, textarea)")]
      .filter((one) => one.ariaHidden !== "true" && !one.labels.length).map((one) => one.name),
    untyped: rare.filter((one, place) => !faces[place].length || !document.fonts.check('16px "Xueji Rare"', one)),
    inline: document.querySelectorAll("[style], [onclick], script:not([src])").length,
  };
}"""
GOOD = {"headings": 1, "forward": 0, "twice": [], "nameless": [], "untyped": [], "inline": 0}

STOP = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  if (one === document.body || one === document.documentElement) return null;
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && look.visibility === "visible";
  const ringed = look.outlineStyle !== "none" || look.boxShadow !== "none" || one.matches("input[type=radio], input[type=checkbox]");
  return { what: `${one.tagName.toLowerCase()} ${one.id || one.name || one.textContent.trim().slice(0, 20)}`, seen, ringed };
}"""


def axe(page, rules=TAGS):
    """What axe finds: [rule: where]."""
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", rules)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def faults(page):
    """All that is wrong with the page as it stands, at a desk and on a phone; [] is a good page."""
    facts = page.evaluate(FACTS)
    title = facts.pop("title")
    found = [f"{name}: {value}" for name, value in facts.items() if value != GOOD[name]]
    if not title.endswith(f" - {NAME}") or title.startswith(" - "):
        found.append(f"title: {title}")
    found += axe(page)
    desk = page.viewport_size
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        found.append(f"as wide as {width} on a phone: {page.evaluate(WIDEST)}")
    found += [f"on a phone {one}" for one in axe(page, OF_WIDTH)]
    page.set_viewport_size(desk)
    return found


WIDEST = """() => [...document.querySelectorAll("main *, header *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll"))
  .map((one) => `${one.tagName.toLowerCase()}.${one.className}`).slice(0, 4)"""


def tab_stops(page, most=40):
    """Where the Tab key leads from the first link of the page: what each stop is, whether it is in sight and ringed."""
    page.keyboard.press("Tab")  # the hand is at the keyboard: after a click no ring is drawn around what takes the focus by itself
    page.locator("a, button, input").first.focus()
    stops = [page.evaluate(STOP)]
    while len(stops) < most:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
    return stops


def look(page):
    """All that is wrong with the page, its keyboard included; [] is a good page."""
    found = faults(page)
    stops = tab_stops(page)
    if stops and stops[0]["what"] != "a 跳到正文":
        found.append(f"Tab leads first to {stops[0]['what']}")
    found += [f"Tab leads out of sight: {stop['what']}" for stop in stops if not stop["seen"]]
    return found + [f"no ring around {stop['what']}" for stop in stops if not stop["ringed"]]

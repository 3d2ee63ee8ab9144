"""Hands at a keyboard: from one control to the next by Tab, each answered by the keys that its kind takes."""

HERE = """() => {
  const one = document.activeElement;
  return { name: one.name || "", tag: one.tagName, type: one.type || "", id: one.id, text: (one.textContent || "").trim() };
}"""
MOST = 400  # stops of Tab before a page is held to be a trap


def tab_to(page, **wanted):
    """Press Tab until the focus is on what has these marks (name=…, id=…, text=…)."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if all(here[key] == value for key, value in wanted.items()):
            return
    raise AssertionError(f"Tab never came to {wanted}")


def fill_by_tab(page, answers, until):
    """From where the focus is go through a form by Tab and answer what is asked, up to the button that reads `until`. Returns what was not come upon."""
    left = dict(answers)
    for _ in range(MOST):
        here = page.evaluate(HERE)
        if here["tag"] == "BUTTON" and here["text"] == until:
            return left
        if here["name"] in left:
            answer(page, here, left.pop(here["name"]))
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {until}")


def answer(page, here, wanted):
    if here["tag"] == "SELECT":
        choose(page, wanted)
    elif here["type"] == "radio":
        pick(page, here["name"], wanted)
    elif here["type"] == "checkbox":
        page.keyboard.press("Space")
    else:
        page.keyboard.type(wanted)


def choose(page, wanted):
    """Arrow down a menu until it shows the words."""
    shown = "() => document.activeElement.selectedOptions[0].textContent"
    page.keyboard.press("Home")
    for _ in range(60):
        if page.evaluate(shown) == wanted:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {wanted} in the menu")


def pick(page, name, wanted):
    """Space takes the first of a group, the arrows lead on."""
    label = f"() => document.querySelector('input[name={name}]:checked')?.labels[0].textContent.trim()"
    page.keyboard.press("Space")
    for _ in range(10):
        if page.evaluate(label) == wanted:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {wanted} to pick for {name}")

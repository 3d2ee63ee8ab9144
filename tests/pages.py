"""A person at a browser without script: pages, forms by their labels' names, clicks on links. Built on WebTest."""

from contextvars import Context

from webtest import TestApp

from app.demo.cast import PASSWORD


def alone(app):
    """Each request in a context of its own, as on a server: the test's pushed app context would carry one person's `g` over to the next."""
    return lambda environ, start_response: Context().run(app, environ, start_response)


class Person(TestApp):
    """`page = person.get("/students")`, `person.fill_in("/cases/7", action="approve")`: opens the page, fills the form that has these fields, sends it."""

    def __init__(self, app, username=None):
        super().__init__(alone(app))
        self.username = username
        if username:
            page = self.get("/login")
            form = form_with(page, "username")
            form["username"], form["password"] = username, PASSWORD
            answer = form.submit()
            assert answer.status_int == 303, answer.text

    def fill_in(self, path, button=None, status="*", **fields):
        """Fill the form of a page that has all these fields, hidden ones kept, and send it. `button=(name, value)` is the one pressed."""
        page = self.get(path)
        form = form_with(page, *fields)
        for name, value in fields.items():
            set_field(form, name, value)
        return form.submit(*(button or ()), status=status) if button is None else form.submit(button[0], value=button[1], status=status)


def form_with(page, *names):
    for form in page.forms.values():
        if form.method.upper() == "POST" and all(name in form.fields for name in names):
            return form
    there = [sorted(name for name in form.fields if name) for form in page.forms.values()]
    raise AssertionError(f"no form with {names}; there are {there}")


def set_field(form, name, value):
    if isinstance(value, bool):
        form[name].checked = value
    else:
        form[name] = value


def hooks(page, name):
    """The elements that carry data-hook=name."""
    return page.html.select(f'[data-hook="{name}"]')


def errors(page):
    """{field: sentence} of the marked fields."""
    return {element["data-field"]: element.get_text(" ", strip=True).removeprefix("错误：").strip() for element in hooks(page, "field-error")}


def summary(page):
    """The sentences of the error summary."""
    return [item.get_text(" ", strip=True) for element in hooks(page, "error-summary") for item in element.select("li")]

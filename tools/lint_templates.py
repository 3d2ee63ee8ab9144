"""Template lint: what the policy of the pages (CSP, no-JS, htmx on real links and forms) forbids, found before a browser does.

    python tools/lint_templates.py [directory]
"""

import re
import sys
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

TEMPLATES = Path(__file__).resolve().parent.parent / "app" / "templates"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "rect", "circle", "path", "line", "use"}
CARRIES_HTMX = {"form", "a", "button"}
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>")
ATTRIBUTE = re.compile(r"([\w:.-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
COMMENT = re.compile(r"\{#.*?#\}", re.S)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
TOKEN_MACRO = re.compile(r"\{\{-?\s*(?:\w+\.)?(?:csrf|hidden)\(")
IN_WORDS = [  # said of the text as it stands, Jinja included
    (re.compile(r"\|\s*safe\b"), "|safe turns escaping off"),
    (re.compile(r"\bMarkup\("), "Markup( turns escaping off"),
    (re.compile(r"\{%-?\s*autoescape\s+false"), "autoescape false turns escaping off"),
    (re.compile(r"(?<![\w-])style\s*="), "style= is refused by the content policy; use a class of app.css"),
    (re.compile(r"<style\b", re.I), "<style is refused by the content policy; use app.css"),
    (re.compile(r"hx-on\b"), "hx-on is an inline script"),
    (re.compile(r"[\"'\s(]js:"), "js: is an inline script"),
    (re.compile(r"javascript:", re.I), "javascript: is an inline script"),
    (re.compile(r"(?<![\w-])on(?!e\b|ce\b|ly\b)[a-z]{3,}\s*=[^=]", re.I), "inline handler; put it in app.js"),
]


def faults(directory):
    """Every fault of the templates in `directory`, as (file, line, sentence)."""
    sources = {path: path.read_text("utf-8") for path in sorted(Path(directory).rglob("*.html"))}
    trees, found = {}, []
    for path, source in sources.items():
        try:
            trees[path] = Environment(autoescape=True).parse(source)
        except TemplateSyntaxError as error:
            found.append((path, error.lineno, f"Jinja cannot read it: {error.message}"))
    macros = {macro.name for path, tree in trees.items() if path.parent.name == "components" for macro in tree.find_all(nodes.Macro)}
    for path, tree in trees.items():
        found += [(path, line, sentence) for line, sentence in sorted(_of_imports(tree, macros) + _of_markup(path, sources[path]))]
    return found


def _of_imports(tree, macros):
    imported = {name[1] if isinstance(name, tuple) else name for import_ in tree.find_all(nodes.FromImport) for name in import_.names}
    missing = (meta.find_undeclared_variables(tree) & macros) - imported  # a block does not see, there, what stands above it
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name in missing]
    return [(call.lineno, f"calls the macro {call.node.name} without importing it") for call in calls]


def _of_markup(path, source):
    source = COMMENT.sub(_blank, source)
    found = [(_line(source, hit.start()), sentence) for pattern, sentence in IN_WORDS for hit in pattern.finditer(source)]
    text = TOKEN_MACRO.sub(lambda hit: "<csrf/>" + hit[0], source)
    text = JINJA.sub(_blank, text)
    fragment = path.name.startswith("_")
    depth, post = 0, None  # post: [line, token seen] of the form that is open
    open_form = False
    for tag in TAG.finditer(text):
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        line = _line(text, tag.start())
        if name == "csrf":
            post = None
            continue
        if closing:
            depth -= 1
            if name == "form":
                open_form = False
                if post:
                    found.append((post, "a form that posts needs csrf() or hidden(form)"))
                post = None
            continue
        attributes = {key.lower(): (value or "").strip("\"'") for key, value in ATTRIBUTE.findall(rest)}
        if name == "form":
            open_form = True
            post = line if attributes.get("method", "").lower() == "post" else None
        if fragment and depth == 0 and "id" not in attributes:
            found.append((line, f"the outer <{name}> of a fragment needs an id"))
        found += [(line, sentence) for sentence in _of_tag(name, attributes, open_form)]
        if name not in VOID and not rest.rstrip().endswith("/"):
            depth += 1
    return found


def _of_tag(name, attributes, open_form):
    if name == "script" and "src" not in attributes:
        yield "inline script; put it in app.js"
    if name in ("img", "svg") and not {"width", "height"} <= set(attributes):
        yield f"<{name}> needs width and height"
    if name == "a" and attributes.get("href") == "#":
        yield 'href="#" leads nowhere; use a button'
    htmx = {key for key in attributes if key.startswith("hx-")}
    if not htmx:
        return
    if "[" in attributes.get("hx-trigger", ""):
        yield "a trigger filter needs eval"
    polls = "id" in attributes and "every" in attributes.get("hx-trigger", "")
    beside = "id" in attributes and htmx == {"hx-swap-oob"}
    if name not in CARRIES_HTMX and not polls and not beside:
        yield f"hx-* on <{name}>: it belongs on a link, a form, a button, or on what has an id and polls"
    if name == "a" and not attributes.get("href"):
        yield "a link with hx-* needs an href to work without script"
    if name == "button" and "form" not in attributes and not open_form:
        yield "a button with hx-* needs a form to work without script"


def _blank(hit):
    """Jinja out of the way: a word where a value stood, and as many lines as before."""
    return ("x" if hit[0].startswith("{{") else "") + "\n" * hit[0].count("\n")


def _line(text, position):
    return text.count("\n", 0, position) + 1


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES
    told = [f"{path}:{line}: {sentence}" for path, line, sentence in faults(root)]
    print("\n".join(told) or f"{root}: no fault found")
    sys.exit(bool(told))

"""create_app: settings, extensions, blueprints, manners of the web layer, commands."""

import hashlib
import logging
import secrets
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, render_template, request, templating, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from . import clock, commands, config, locks, permissions, sealing, views
from .errors import AlreadyDone, Refusal
from .extensions import db, engine_options, htmx, login, migrate, prepare, sqlite
from .models import ids
from .services.administration import house
from .services.people import sessions
from .views import late_forms

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
NODES = 256
SITE_KEPT = 300  # seconds
A_YEAR = 365 * 24 * 60 * 60
log = logging.getLogger("xueji")


class Templates(templating.Environment):
    def make_globals(self, d):
        """Our templates have no globals of their own. Jinja would chain two maps all the same, and compare the keys of the chain at every import of a macro."""
        return super().make_globals(d) if d else self.globals


class App(Flask):
    jinja_environment = Templates


def create_app(settings: dict | None = None) -> Flask:
    app = App(__name__)
    app.config.update(config.read() if settings is None else settings)
    sealing.use(app.config["KEY_RING"])
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        config.refuse_unsafe_sqlite(sqlite.sqlite_version_info)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url) | app.config.get("ENGINE_EXTRA", {})
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parents[1] / "migrations"), render_as_batch=True)
    login.init_app(app)
    htmx.init_app(app)
    with app.app_context():
        prepare(db.engine)
        if app.config["APP_ENV"] == "production":
            house.refuse_demo()
    app.extensions["node"] = locks.take_slot(app.config["DATA_DIR"] / "slots", NODES)
    if app.extensions["node"]:
        ids.use_node(app.extensions["node"][0])
    login.user_loader(_load_person)
    login.anonymous_user = Nobody
    login.unauthorized_handler(_to_sign_in)
    app.before_request(_refuse_other_sites)
    app.before_request(_first_change_the_password)
    app.after_request(_headers)
    app.url_defaults(_marked(Path(app.static_folder), app.debug))
    app.context_processor(_for_every_page)
    app.jinja_env.globals |= {"csrf_token": generate_csrf, "this_year": lambda: clock.today().year}  # macros see no page context
    _register_errors(app)
    views.register(app)
    commands.register(app)
    return app


class Nobody(permissions.Actor):
    is_authenticated = is_active = False
    is_anonymous = True

    def __init__(self):
        super().__init__(account_id=None, name="")


def _load_person(token):
    return sessions.find(token, now=clock.now(), address=request.remote_addr or "")


def _to_sign_in():
    """Sign in, and come back to the page one was at, or to the form as one sent it; htmx is told to go there (401, HX-Redirect)."""
    kept, lost = late_forms.keep()
    if request.headers.get("HX-Request") == "true":
        back = kept or _page_at(request.headers.get("HX-Current-URL"))
        return "", 401, {"HX-Redirect": url_for("sign_in.sign_in", back=back, again="lost" if lost else 1)}
    back = request.full_path.rstrip("?") if request.method == "GET" else kept or _page_at(request.referrer)
    return redirect(url_for("sign_in.sign_in", back=back, again="lost" if lost else None if back == "/" else 1), 303)


def _page_at(address):
    """The path of a page of this house; the sign-in page looks at it again before anyone is sent there."""
    parts = urlsplit(address or "")
    return parts._replace(scheme="", netloc="", fragment="").geturl() if parts.netloc == request.host else None


def _refuse_other_sites():
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return render_template("errors/403.html", refusal=Refusal("这次提交来自别的网站，没有受理。请从本系统的页面办理。")), 403
    return None


def _first_change_the_password():
    """A one-time password opens nothing but the page that changes it."""
    free = {"sign_in.change_password", "sign_in.sign_out", "sign_in.sign_in", "static"}
    if current_user.is_authenticated and current_user.must_change and request.endpoint not in free:
        return redirect(url_for("sign_in.change_password"), 303)
    return None


def _headers(response):
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if request.args.get("v") and response.status_code < 400 else "public, max-age=3600"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _marked(folder, changing):
    """The address of a static file carries a mark of what is in it: a browser may keep it as long as it likes, and asks for the next one after an upgrade."""
    def mark(name):
        path = folder / name
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None

    known = mark if changing else cache(mark)

    def add(endpoint, values):
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", known(values["filename"]))

    return add


MENU = (  # (permission, address, label, first part of the addresses below it)
    ("desk.see", "/", "工作台", ""), ("student.see", "/students", "学生", "students"), ("case.start", "/enrolments/new", "招生入学", "enrolments"),
    ("import.see", "/imports", "导入", "imports"), ("case.see", "/cases", "学籍业务", "cases"), ("problem.see", "/problems", "问题学籍", "problems"), ("absence.see", "/absences", "缺课劝返", "absences"), ("class.see", "/classes", "班级", "classes"),
    ("document.print", "/documents", "证明", "documents"),
    ("quota.see", "/quotas", "招生计划", "quotas"), ("organisation.see", "/organisations", "机构", "organisations"), ("account.see", "/accounts", "账号", "accounts"),
    ("post.see", "/posts", "岗位", "posts"), ("calendar.see", "/calendar", "校历", "calendar"),
    ("policy.see", "/policies", "规则", "policies"), ("audit.see", "/audit", "审计", "audit"),
)


def _for_every_page():
    person = current_user._get_current_object()  # the templates ask it a hundred times: not through the proxy each time
    me = person if person.is_authenticated else None
    first = request.path.split("/")[1] if request.path else ""
    menu = [
        (address, label, first == part, _waiting() if address == "/" else 0)
        for permission, address, label, part in MENU if me and permissions.may(me, permission)
    ]
    return {
        "me": me, "menu": menu, "may_find": bool(me) and permissions.may(me, "student.see"), "site": _site(me),
        "now": clock.now(), "today": clock.today(), "may": lambda permission: permissions.may(person, permission),
    }


def _waiting():
    """How many cases wait for the person, for the menu: once a request, and the desk's own count serves it too."""
    from .services.casework import inbox

    if "waiting" not in g:
        g.waiting = inbox.count(current_user) if permissions.may(current_user, "case.see") else 0
    return g.waiting


def _site(me):
    """What the masthead and foot say: whose house it is, whom to call and when. 系统管理员 may change it, so it is read anew every few minutes."""
    county_id, sites = me and me.county_id, current_app.extensions.setdefault("sites", {})
    site, until = sites.get(county_id, (None, 0))
    if site is None or time.monotonic() > until:
        office, called, phone, hours = house.contact(db.session, county_id)
        site = {"title": "电子学籍管理系统", "office": office, "called": called or office, "phone": phone or "", "hours": hours or ""}
        if office:
            sites[county_id] = site, time.monotonic() + SITE_KEPT
            current_app.extensions["site"] = site
    return site


def _register_errors(app):
    @app.errorhandler(Refusal)
    def refused(refusal):
        return _error_page(refusal.status, refusal)

    @app.errorhandler(AlreadyDone)
    def done_before(answer):
        return redirect(answer.args[0], 303)

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(error):
        most, words = (limit // 1024 // 1024 for limit in (request.max_content_length, request.max_form_memory_size))
        if (request.content_length or 0) > request.max_content_length:
            return _error_page(413, Refusal(f"提交的内容超过 {most} MB，没有受理。请压缩或分开后再传。"))
        return _error_page(413, Refusal(f"填写的文字超过 {words} MB，或者栏目太多，没有受理。请缩短或分开后再提交。"))

    @app.errorhandler(HTTPException)
    def http(error):
        if error.code >= 500:
            return broken(getattr(error, "original_exception", None) or error)
        ours = error.description and error.description != type(error).description  # werkzeug's own words are English
        return _error_page(error.code, Refusal(error.description) if ours else None)

    @app.errorhandler(Exception)
    def broken(error):
        number = f"E-{clock.now():%Y%m%d}-{secrets.token_hex(2).upper()}"
        log.exception("%s %s %s", number, request.method, request.endpoint)
        if app.testing and app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        return _error_page(500, error_id=number)


PAGES = {400, 401, 403, 404, 409, 413, 422, 429, 500}


def _error_page(status, refusal=None, error_id=""):
    """htmx gets one sentence in the flash place, so that the page and what was typed there stay."""
    if status == 405:
        status = 404
    template = f"errors/{status if status in PAGES else 500 if status >= 500 else 400}.html"
    headers = {}
    if request.headers.get("HX-Request") == "true":
        template, headers = "errors/_refusal.html", {"HX-Retarget": "#flash", "HX-Reswap": "outerHTML show:window:top"}
    if getattr(refusal, "seconds", None):
        headers["Retry-After"] = str(refusal.seconds)
    facts = {"refusal": refusal, "error_id": error_id, "status": status, "at": clock.now()}
    if status >= 500:  # asks the broken house nothing: no person, no menu, no database
        return current_app.jinja_env.get_template(template).render(site=current_app.extensions.get("site"), **facts), status, headers
    return render_template(template, **facts), status, headers

"""Settings from the environment (SURFACE 1), and what production refuses to start with."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from .sealing import FILE, load_keys, make_keys, new_ring

SAFE_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))  # older ones can corrupt a WAL database
PUBLIC_URL_BYTES = 38  # what fits the QR code of a paper (DECIDED 20)


class CannotStart(SystemExit):
    """A sentence on standard error and exit status 1."""


def read(environment=os.environ, arguments=sys.argv) -> dict:
    """The app's settings as a dict; makes the data folder and, in a demo house, its keys. `flask keys create` runs before there are any."""
    env = environment.get
    data_dir = Path(env("DATA_DIR") or "instance").resolve()
    app_env = env("APP_ENV") or "demo"
    if app_env not in ("demo", "production"):
        raise CannotStart(f"APP_ENV 只能是 demo 或 production，现在是“{app_env}”。")
    production = app_env == "production"
    keys_dir = Path(env("KEYS_DIR")).resolve() if env("KEYS_DIR") else data_dir / "keys"
    making_keys = "keys" in arguments[1:] and not (keys_dir / FILE).exists()
    if not making_keys and not (keys_dir / FILE).exists():
        if production:
            raise CannotStart("没有密钥：请先运行 flask keys create 目录，并把 KEYS_DIR 设为该目录。")
        if "restore" in arguments[1:]:
            raise CannotStart("没有密钥：请把备份时所用的密钥目录放好，用 KEYS_DIR 指明，再恢复。")
        _private(data_dir)
        make_keys(keys_dir)
    public_url = (env("PUBLIC_URL") or f"http://127.0.0.1:{env('PORT') or 8000}").rstrip("/")
    if len(public_url.encode()) > PUBLIC_URL_BYTES:
        raise CannotStart(f"PUBLIC_URL 不能超过 {PUBLIC_URL_BYTES} 个字节，否则印不进二维码。")
    keys = new_ring() if making_keys else load_keys(keys_dir)
    _private(data_dir)
    url = env("DATABASE_URL") or f"sqlite:///{data_dir / 'xueji.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    settings = {
        "APP_ENV": app_env, "DATA_DIR": data_dir, "KEYS_DIR": keys_dir, "KEY_RING": keys,
        "SECRET_KEY": keys.session_secret, "PUBLIC_URL": public_url, "SQLALCHEMY_DATABASE_URI": url,
        "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024, "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024, "MAX_FORM_PARTS": 8000,
        "WTF_I18N_ENABLED": False,  # WTForms' own Chinese: Flask-WTF's way asks an extension that is not here, and falls back to English
        "TEMPLATES_AUTO_RELOAD": False,
    }
    if urlsplit(public_url).scheme == "https":
        settings |= {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_NAME": "__Host-xueji", "SESSION_COOKIE_PATH": "/"}
    else:
        settings["SESSION_COOKIE_NAME"] = "xueji"
    if production and not making_keys:
        refuse_unsafe(environment)
    return settings


def _private(folder):
    """Names stand in clear in the database: for its owner alone. One that is there stays as the office has it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def refuse_unsafe(environment=os.environ) -> None:
    """What production never starts with (SURFACE 1). Demo accounts are looked for when the database is open."""
    if environment.get("DEMO_TODAY"):
        raise CannotStart("正式环境不能设 DEMO_TODAY：日期只能来自时钟。")
    if environment.get("FLASK_DEBUG", "").lower() in {"1", "true", "yes", "on"}:
        raise CannotStart("正式环境不能打开 FLASK_DEBUG。")
    if not environment.get("KEYS_DIR"):
        raise CannotStart("正式环境必须用 KEYS_DIR 指明密钥目录：自动生成的密钥不能用于正式数据。")


def refuse_unsafe_sqlite(version: tuple[int, int, int]) -> None:
    """The stock library of some systems can corrupt a WAL database; 3.51.3, 3.50.7 and 3.44.6 are mended."""
    mended = version >= SAFE_SQLITE[0] or any(version[:2] == safe[:2] and version >= safe for safe in SAFE_SQLITE)
    if not mended:
        raise CannotStart(f"SQLite {'.'.join(map(str, version))} 可能损坏数据库，请安装 requirements.txt 中的 pysqlite3。")

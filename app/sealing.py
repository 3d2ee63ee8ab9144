"""Sealed values: ID numbers, 学籍号, phones, scans. A stolen file tells none of them.

A sealed value is AES-256-GCM, bound to its table, row and column, so that one cannot be moved into another's place. What must be
found again has a blind index beside it: HMAC-SHA-256 of the cleaned value under a key of its own.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
FILE = "keys.json"


class KeyRing:
    """`field_keys` {id: 32 bytes}, the newest seals; `index_key`, `signing_key`, `session_secret`."""

    def __init__(self, field_keys, current, index_key, signing_key, session_secret):
        self.field_keys = field_keys
        self.current = current
        self.index_key = index_key
        self.signing_key = signing_key
        self.session_secret = session_secret
        self._index = hmac.new(index_key, digestmod=hashlib.sha256)

    @cached_property
    def _ciphers(self):
        return {number: AESGCM(key) for number, key in self.field_keys.items()}

    def seal_bytes(self, value: bytes, table: str, row: int, column: str) -> bytes:
        nonce = os.urandom(NONCE)
        sealed = self._ciphers[self.current].encrypt(nonce, value, f"{table}/{row}/{column}".encode())
        return bytes([self.current]) + nonce + sealed

    def unseal_bytes(self, blob: bytes, table: str, row: int, column: str) -> bytes:
        """Raises cryptography.exceptions.InvalidTag when the value was not sealed for this very place."""
        place = f"{table}/{row}/{column}".encode()
        return self._ciphers[blob[0]].decrypt(blob[1 : NONCE + 1], blob[NONCE + 1 :], place)

    @property
    def ids(self) -> dict[str, str]:
        """A fingerprint for each key, which tells it from others and nothing of it: what a backup carries instead of keys."""
        keys = {f"field {number}": key for number, key in self.field_keys.items()} | {"index": self.index_key, "signing": self.signing_key}
        return {name: hmac.digest(key, f"xueji key id: {name}".encode(), "sha256").hex()[:16] for name, key in keys.items()}

    def index(self, kind: str, cleaned: str) -> bytes:
        """32 bytes that say the same for the same value of a kind, and nothing without the key."""
        mac = self._index.copy()
        mac.update(f"{kind}:{cleaned}".encode())
        return mac.digest()


def new_ring() -> KeyRing:
    return KeyRing({1: os.urandom(32)}, 1, os.urandom(32), os.urandom(32), secrets.token_urlsafe(48))


def make_keys(folder: Path) -> Path:
    """Write a new key file; refuses to touch one that is there. Whoever loses it loses every sealed value."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, ring = folder / FILE, new_ring()
    keys = {
        "field_keys": {number: _b64(key) for number, key in ring.field_keys.items()}, "current": ring.current, "index_key": _b64(ring.index_key),
        "signing_key": _b64(ring.signing_key), "session_secret": ring.session_secret,
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=1)
    return path


def load_keys(folder: Path) -> KeyRing:
    return _load(str(Path(folder) / FILE))


@lru_cache(maxsize=8)
def _load(path):
    keys = json.loads(Path(path).read_text(encoding="utf-8"))
    return KeyRing(
        {int(number): base64.b64decode(key) for number, key in keys["field_keys"].items()}, keys["current"],
        base64.b64decode(keys["index_key"]), base64.b64decode(keys["signing_key"]), keys["session_secret"],
    )


def _b64(value):
    return base64.b64encode(value).decode()


_ring: KeyRing | None = None


def use(ring: KeyRing) -> None:
    """The ring that this process seals with; create_app sets it."""
    global _ring  # noqa: PLW0603 - one house, one ring
    _ring = ring


def ring() -> KeyRing:
    if _ring is None:
        raise RuntimeError("no key ring: create_app has not run")
    return _ring


def seal(value: str | None, table: str, row: int, column: str) -> bytes | None:
    return None if value in (None, "") else ring().seal_bytes(value.encode(), table, row, column)


def unseal(blob: bytes | None, table: str, row: int, column: str) -> str | None:
    return None if blob is None else ring().unseal_bytes(blob, table, row, column).decode()


def blind_index(kind: str, cleaned: str | None) -> bytes | None:
    """Kinds: `id_doc`, `national_no`, `phone`, `near` (one position left out), `fields` (a form's values), `account`."""
    return None if cleaned in (None, "") else ring().index(kind, cleaned)


def seal_json(value, table: str, row: int, column: str) -> bytes | None:
    return None if value is None else seal(json.dumps(value, ensure_ascii=False, default=str, sort_keys=True), table, row, column)


def unseal_json(blob: bytes | None, table: str, row: int, column: str):
    return None if blob is None else json.loads(unseal(blob, table, row, column))

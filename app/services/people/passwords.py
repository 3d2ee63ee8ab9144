"""Passwords: Argon2id, two at a time in the whole house, never while the write lock is held. What a password must be, in sentences."""

import base64
import re
import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from flask import current_app

from ... import locks, sealing

HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)  # OWASP: 46 MiB, one pass; about 40 ms
SLOTS = 2
# a hash of nothing anyone knows, with the parameters above: an unknown user name takes as long to refuse as a wrong password
DUMMY = "$argon2id$v=19$m=47104,t=1,p=1$mkrDDxGMzzPSiSGchrq9ag$z6BwGrKXnsIHbAnzVfIVFQrRrhSUAzidVSOdCIp7PFc"
DEMO = "Xueji-demo-2026"  # all of the demo county share it (SURFACE 2); production refuses to start with it

LEAST, LONG, MOST = 10, 16, 128
PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is taken for another when read from paper: no 0 o, 1 l i

COMMON = frozenset(
    ["password", "passwd", "passw0rd", "p@ssword", "p@ssw0rd", "admin", "administrator", "root", "guest", "user", "test", "welcome", "login", "letmein", "changeme", "default", "secret", "iloveyou", "sunshine", "princess", "dragon", "monkey", "football", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbnm", "qazwsx", "qazwsxedc", "1qaz2wsx", "1q2w3e4r", "1q2w3e4r5t", "q1w2e3r4", "abc123", "a123456", "a12345678", "aa123456", "woaini", "woaini1314", "5201314", "1314520", "123456", "1234567890", "0123456789", "12345678910", "0987654321", "9876543210", "1234554321", "1122334455", "1111111111", "0000000000", "8888888888", "6666666666", "123123123", "112233445566", "147258369", "987654321", "xueji", "xuexiao", "jiaoyu", "jiaoyuju", "zhongguo", "xuejidemo", "student", "teacher", "school", "education"]
)


def _narrow(password: str) -> str:
    """Full-width and half-width are one: a Chinese keyboard does not always say which it is in."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    with _slot():
        return HASHER.hash(_narrow(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password of that hash. Takes as long when there is none."""
    with _slot():
        try:
            return HASHER.verify(kept or DUMMY, _narrow(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Made with other parameters than today's: to be hashed again while the password is at hand."""
    return HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def demo_hash() -> str:
    """One hash for all of the demo county: forty of them would take seconds."""
    return hashed(DEMO)


def one_time() -> str:
    """A password to be handed over on paper and changed at the first sign-in: three groups of four, some 59 bits."""
    return "-".join("".join(secrets.choice(PLAIN) for _ in range(4)) for _ in range(3))


def wrap(password: str, account_id: int) -> str:
    """A one-time password on its way to the one page that shows it, sealed for the cookie."""
    return base64.urlsafe_b64encode(sealing.seal(password, "accounts", account_id, "one_time")).decode()


def unwrap(text: str, account_id: int) -> str | None:
    try:
        return sealing.unseal(base64.urlsafe_b64decode(text), "accounts", account_id, "one_time")
    except (InvalidTag, ValueError):
        return None  # another account's


def problem(password: str, username: str) -> str | None:
    """What is wrong with a new password, as a sentence; None when it will do."""
    plain = _narrow(password)
    low = plain.lower()
    if len(plain) < LEAST:
        return f"密码至少 {LEAST} 位，现在是 {len(plain)} 位。请加长，可以用几个不相干的词连起来。"
    if len(plain) > MOST:
        return f"密码最多 {MOST} 位，请改短一些。"
    if username and username.lower() in low:
        return "密码里不能有账号名，请换一个别人猜不到的。"
    if low in COMMON or re.sub(r"[^a-z]", "", low) in COMMON or re.sub(r"[^a-z0-9]", "", low) in COMMON:
        return "这个密码太常见，别人一试就中。请换一个别人猜不到的。"
    if len(set(plain)) < 5:
        return "密码里重复的字符太多，请换一个别人猜不到的。"
    if len(plain) < LONG and _kinds(plain) < 3:
        return f"密码要有大写字母、小写字母、数字、符号中的三种，或者不少于 {LONG} 位。请补上缺的种类，或再加长。"
    return None


def _kinds(text):
    """How many of: capitals, small letters, digits, anything else."""
    return len({"A" if c.isupper() else "a" if c.islower() else "1" if c.isdigit() else "." for c in text})


def _slot():
    return locks.one_of(current_app.config["DATA_DIR"] / "argon", SLOTS)

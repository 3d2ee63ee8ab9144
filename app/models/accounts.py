"""People sign in (accounts), posts grant (岗位: a duty at a body), sign-ins last (sessions)."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import Id, to


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=True)  # the first sign-in changes a one-time password
    password_set_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")  # open | sealed (unused half a year, N25 24) | closed
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    body_id: Mapped[int | None] = to("bodies", index=True)  # where the person works
    version: Mapped[int] = mapped_column(default=1)


class Post(Base):
    """A duty at a body, for a class teacher at a class. A grant is proposed by one 安全管理员 and confirmed by another."""

    __tablename__ = "posts"
    id: Mapped[Id]
    account_id: Mapped[int] = to("accounts")
    duty: Mapped[str]
    body_id: Mapped[int | None] = to("bodies")  # none for the three administrators of the house
    class_id: Mapped[int | None] = to("classes")
    state: Mapped[str]  # proposed | active | declined | ended
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")  # why it was declined or ended
    proposed_by_id: Mapped[int | None] = to("accounts")
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = to("accounts")
    decided_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = to("accounts")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (Index("ix_posts_account", "account_id", "state"), Index("ix_posts_body", "body_id", "duty", "state"), Index("ix_posts_class", "class_id"))


class SignIn(Base):
    """A session. Its key is the SHA-256 of the token in the cookie, so that a stolen table opens no session."""

    __tablename__ = "sign_ins"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = to("accounts", index=True)
    post_id: Mapped[int | None] = to("posts")
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(default="")  # signed out | idle | too long | killed | replaced
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")


class Throttle(Base):
    """Failures counted under a keyed name (an account's, an address's)."""

    __tablename__ = "throttles"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    first_at: Mapped[datetime]
    until: Mapped[datetime | None]


class Answer(Base):
    """Idempotency: a form once carried out answers a second POST with the same place (DECIDED 14)."""

    __tablename__ = "answers"
    account_id: Mapped[int] = to("accounts", primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str]
    fields: Mapped[bytes]  # keyed hash of what was handed in
    location: Mapped[bytes]  # sealed
    at: Mapped[datetime] = mapped_column(index=True)


class Draft(Base):
    """What a clerk typed and has not handed in. It lies on the desk of one post."""

    __tablename__ = "drafts"
    id: Mapped[Id]
    account_id: Mapped[int] = to("accounts")
    post_id: Mapped[int] = to("posts")
    kind: Mapped[str]  # a kind of case, or the name of a form
    subject: Mapped[str] = mapped_column(default="")  # what it is about, where there can be several
    content: Mapped[bytes]  # sealed JSON
    saved_at: Mapped[datetime]
    __table_args__ = (Index("ix_drafts_post", "post_id", "account_id", "kind", "subject", unique=True),)

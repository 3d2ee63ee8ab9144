"""${message}"""

import sqlalchemy as sa
from alembic import op

from app.models import guards
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}
    guards.install(op.get_bind())  # batch mode drops SQLite triggers silently


def downgrade():
    ${downgrades if downgrades else "pass"}

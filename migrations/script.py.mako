<%!
def own_words(body):
    """The operations without the generator's comments around them."""
    lines = [line for line in (body or "pass").splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(lines).strip()
%>\
"""${message}"""

import sqlalchemy as sa
from alembic import op

from app.models import guards
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${own_words(upgrades)}
    guards.install(op.get_bind())  # batch mode drops SQLite triggers silently


def downgrade():
    ${own_words(downgrades)}

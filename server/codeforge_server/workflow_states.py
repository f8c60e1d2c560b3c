"""The SQL of the workflow states that editors sync. A state goes in as canonical JSON text."""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy.dialects import postgresql, sqlite

from .database import Database
from .models import WorkflowState

_STATES = WorkflowState.__table__


def write(database: Database, workflow_id: str, user_id: str, state: str) -> bool:
    """Inserts the state or replaces the user's own; False, and nothing changed, where it is another user's."""
    now = datetime.now(timezone.utc)
    with database.writing() as connection:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(_STATES).values(id=workflow_id, user_id=user_id, state=state, created_at=now, updated_at=now)
        replaced = {name: statement.excluded[name] for name in ("state", "updated_at")}
        statement = statement.on_conflict_do_update(index_elements=[_STATES.c.id], set_=replaced, where=_STATES.c.user_id == user_id)
        return connection.execute(statement).rowcount > 0

"""One module a concern, each with one `blueprint`."""

from flask import current_app

from ..config import Settings
from ..database import Database


def current_database() -> Database:
    """The database of the application that serves this request."""
    return current_app.extensions["codeforge_database"]


def current_settings() -> Settings:
    """The settings of the application that serves this request."""
    return current_app.extensions["codeforge_settings"]

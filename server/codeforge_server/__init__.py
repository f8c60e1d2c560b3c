"""The CodeForge Flask API: a key-value store of JSON values with nine endpoints.

`create_app` is the only public name. Each concern is one blueprint in `blueprints/`; SQL lives in
`storage.py`, transactions in `database.py`, JSON rules in `json_text.py`, key rules in `keys.py`.
"""

from .app import create_app

__all__ = ["create_app"]

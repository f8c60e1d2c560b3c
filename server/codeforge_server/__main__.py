"""`python -m codeforge_server`: a development server. Use gunicorn for anything that lasts."""

from .app import create_app
from .config import settings_from


def main() -> None:
    """Serves on HOST (127.0.0.1) and PORT (5001) until interrupted."""
    settings = settings_from()
    create_app(settings).run(host=settings.host, port=settings.port, threaded=True)


if __name__ == "__main__":
    main()

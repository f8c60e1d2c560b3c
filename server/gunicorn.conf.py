"""Production settings; gunicorn reads this file when it is started in this folder.

Two processes with four threads each: SQLite takes one writer at a time, so more workers would only
queue, while threads let slow uploads and downloads overlap. A command-line option overrides any line.
"""

import os

wsgi_app = "codeforge_server:create_app()"
# Loopback unless asked otherwise: the API has no login, so it must not face a network by accident.
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '5001'}"
workers = 2
worker_class = "gthread"
threads = 4
# A 64 MiB import on a slow line needs more than the default 30 s.
timeout = 120
# Room for the longest key allowed (2,560 bytes), percent-encoded three for one.
limit_request_line = 8190
# Nobody steers this server through a socket, and two servers of one user would share its file.
control_socket_disable = True

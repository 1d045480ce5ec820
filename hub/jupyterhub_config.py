"""A hub on one machine of your own, for students who have accounts there: `jupyterhub -f hub/jupyterhub_config.py`.

Start it as root, so that each server runs as its student, and keep what it writes in a folder of its own: README.md.
"""

from pathlib import Path

c = get_config()  # noqa: F821
load_subconfig(str(Path(__file__).with_name("companion.py")))  # noqa: F821

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # behind a web server that speaks HTTPS
c.Authenticator.admin_users = set()  # who may stop servers: {"your_name"}
c.LocalAuthenticator.allowed_groups = {"students"}  # the group of the system that may come in
c.JupyterHub.concurrent_spawn_limit = 8  # when a class arrives at once: README.md, sizing

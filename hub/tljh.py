"""The Littlest JupyterHub: `ln -s /opt/mlsys-companion/hub/tljh.py /opt/tljh/config/jupyterhub_config.d/companion.py`.

It keeps students' packages in /opt/tljh/user and calls their accounts jupyter-NAME.
"""

import os
from pathlib import Path

from tljh.normalize import generate_system_username
from tljh.user import ensure_user

c = get_config()  # noqa: F821
os.environ.setdefault("MLSYS_ENVIRONMENT", "/opt/tljh/user")
load_subconfig(str(Path(__file__).resolve().with_name("companion.py")))  # noqa: F821
own_folders = c.Spawner.pre_spawn_hook


def account_first(spawner):
    """The account is otherwise made after this hook, when a student's first server starts."""
    account = generate_system_username(f"jupyter-{spawner.user.name}")
    ensure_user(account)
    own_folders(spawner, account)


c.Spawner.pre_spawn_hook = account_first

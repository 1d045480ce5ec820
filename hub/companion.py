"""What every hub says about its students' servers so that they hold the companion. JupyterHub configuration.

On a machine of your own jupyterhub_config.py loads this file, on The Littlest JupyterHub tljh.py does; on Kubernetes
values.yaml says the same in its own words. Two variables of the hub's process change it:

    MLSYS_ENVIRONMENT   the Python environment that has the companion; the hub's own if not set
    MLSYS_EXCHANGE      the folder through which notebooks are given out and handed in: /srv/mlsys/exchange
"""

import os
import pwd
import sys
from pathlib import Path

c = get_config()  # noqa: F821  JupyterHub gives it
HUB = Path(__file__).resolve().parent
sys.path.insert(0, str(HUB))
import exchange  # noqa: E402

ENVIRONMENT = Path(os.environ.get("MLSYS_ENVIRONMENT", sys.prefix))
EXCHANGE = Path(os.environ.get("MLSYS_EXCHANGE", "/srv/mlsys/exchange"))


def own_folders(spawner, system_user=""):
    """Before a server starts: the two folders of its student in the exchange, if this hub has one."""
    if EXCHANGE.is_dir():
        account = pwd.getpwnam(system_user or spawner.user.name)
        exchange.own_folders(EXCHANGE, spawner.user.name, account.pw_uid, account.pw_gid)


c.Spawner.cmd = [str(HUB / "companion-singleuser")]
c.Spawner.notebook_dir = "~/mlsys"  # the working copy, so that terminals begin there and `companion submit 06` works
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.pre_spawn_hook = own_folders
c.Spawner.environment = {
    "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    # Terminals that are no login shells: on Debian those forget the PATH, and `companion` with it. Kernels and servers
    # that end when nobody needs them. No news and no newer versions asked of other sites.
    "JUPYTER_CONFIG_PATH": str(HUB / "jupyter"),
    "MLSYS_EXCHANGE": lambda spawner: str(EXCHANGE / spawner.user.name),
}

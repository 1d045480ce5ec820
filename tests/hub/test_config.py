"""The hub's configuration files say what they should, as far as that can be told without a hub of each kind."""

import os
import pwd
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from tests.hub.hub import ROOT
from tests.hub.test_exchange import as_root

HUB = ROOT / "hub"


def load(name):
    return PyFileConfigLoader(name, str(HUB)).load_config()


def values():
    return yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf8"))


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """An exchange folder, and an environment that nothing but this test sees."""
    monkeypatch.setenv("MLSYS_EXCHANGE", str(tmp_path))
    monkeypatch.setenv("MLSYS_ENVIRONMENT", "/opt/somewhere")
    return tmp_path


def test_one_machine_and_littlest_hub_load_the_same(environment, monkeypatch):
    made = []
    normalize, user = types.ModuleType("tljh.normalize"), types.ModuleType("tljh.user")
    normalize.generate_system_username, user.ensure_user = str.upper, made.append
    for module in (types.ModuleType("tljh"), normalize, user):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    little, one = load("tljh.py").Spawner, load("jupyterhub_config.py").Spawner
    assert {name for name in one if repr(little[name]) != repr(one[name])} <= {"pre_spawn_hook", "environment"}
    with pytest.raises(KeyError, match="JUPYTER-ADA"):  # no such account here; it was made first
        little.pre_spawn_hook(types.SimpleNamespace(user=types.SimpleNamespace(name="ada")))
    assert made == ["JUPYTER-ADA"]


def test_a_server_finds_the_companion_and_its_own_folder(environment):
    said = load("companion.py").Spawner
    assert said.environment["PATH"].startswith("/opt/somewhere/bin:")
    ada = types.SimpleNamespace(user=types.SimpleNamespace(name="ada"))
    assert said.environment["MLSYS_EXCHANGE"](ada) == str(environment / "ada")
    (command,) = said.cmd
    assert os.access(command, os.X_OK)
    assert (ROOT / said.default_url.removeprefix("/lab/tree/")).is_file()


@as_root
def test_before_a_server_starts_its_account_gets_its_folders(environment):
    account = pwd.getpwnam("nobody")
    load("companion.py").Spawner.pre_spawn_hook(types.SimpleNamespace(user=types.SimpleNamespace(name="nobody")))
    assert (environment / "nobody" / "submitted").stat().st_uid == account.pw_uid
    assert (environment / "nobody" / "released").stat().st_gid == account.pw_gid


def test_without_an_exchange_the_hook_does_nothing(environment, monkeypatch):
    monkeypatch.setenv("MLSYS_EXCHANGE", str(environment / "none"))
    ada = types.SimpleNamespace(user=types.SimpleNamespace(name="nobody-of-this-name"))
    load("companion.py").Spawner.pre_spawn_hook(ada)


def test_kubernetes_is_told_the_same(environment):
    said, here = values(), load("companion.py").Spawner
    there = said["hub"]["config"]["Spawner"]
    assert there["notebook_dir"] == here.notebook_dir
    assert said["singleuser"]["defaultUrl"] == here.default_url
    assert said["singleuser"]["cmd"] == [Path(here.cmd[0]).name]
    image = dict(rest.split("=") for word, rest in instructions() if word == "ENV")
    assert ROOT / Path(image["JUPYTER_CONFIG_PATH"]).relative_to("/opt/mlsys-companion") == HUB / "jupyter"
    assert here.environment["JUPYTER_CONFIG_PATH"] == str(HUB / "jupyter")


def test_each_pod_sees_only_its_students_folders():
    storage = values()["singleuser"]["storage"]
    exchange = values()["singleuser"]["extraEnv"]["MLSYS_EXCHANGE"]
    mounts = {mount["mountPath"]: mount for mount in storage["extraVolumeMounts"]}
    assert set(mounts) == {f"{exchange}/released", f"{exchange}/submitted"}
    assert all(mount["subPath"] == "{username}/" + path.rpartition("/")[2] for path, mount in mounts.items())
    assert mounts[f"{exchange}/released"]["readOnly"] and "readOnly" not in mounts[f"{exchange}/submitted"]
    assert {mount["name"] for mount in mounts.values()} == {volume["name"] for volume in storage["extraVolumes"]}


def instructions():
    """The Dockerfile's instructions, each with what follows it."""
    text = re.sub(r"\\\n", " ", (HUB / "Dockerfile").read_text(encoding="utf8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def test_the_image_copies_what_is_there_and_runs_what_a_shell_can_read():
    for word, rest in instructions():
        if word == "COPY":
            assert all((ROOT / source).exists() for source in rest.split()[:-1]), rest
        if word == "RUN":
            subprocess.run(["sh", "-n", "-c", rest], check=True)


def test_the_image_starts_a_students_server_as_no_administrator():
    said = instructions()
    assert said[-1] == ("CMD", '["companion-singleuser"]')
    assert [rest for word, rest in said if word == "USER"] == ["jovyan"]
    assert any(word == "RUN" and "--uid 1000" in rest for word, rest in said)  # the chart's default


def test_the_readme_names_what_is_there():
    text = (HUB / "README.md").read_text(encoding="utf8")
    for name in re.findall(r"(?:hub|tests|benchmarks)/[\w/]+\.(?:py|yaml)", text):
        assert (ROOT / name).is_file(), name
    assert values()["singleuser"]["memory"]["limit"] == "2G" and "limits.memory 2G" in text


def test_no_address_is_made_up():
    for path in HUB.iterdir():
        if path.is_file():
            named = re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf8"))
            assert set(named) <= {"127.0.0.1", "hub.example.edu", "git.example.edu"}, path

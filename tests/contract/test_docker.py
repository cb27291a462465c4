"""What docker/ states is true of this server: no engine is here, but what would break is held."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from consult.cli import COMMANDS, serve_command
from consult.settings import Settings
from consult.store.redis.trust import WANTED

ROOT = Path(__file__).parent.parent.parent
PROXY = "FORWARDED_ALLOW_IPS"
"""uvicorn's own variable: whose word on scheme and address counts."""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its words, comments left out and lines joined."""
    lines = [line for line in (ROOT / "docker/Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, rest) for line in joined.splitlines() if line for name, _, rest in [line.partition(" ")]]


def last(name: str) -> str:
    """The words of the last instruction of a name."""
    return [rest for found, rest in instructions() if found == name][-1]


def environment() -> dict[str, str]:
    """What the image sets."""
    return dict(word.split("=", 1) for word in shlex.split(last("ENV")))


def service() -> dict[str, Any]:
    """The one service of the compose file."""
    compose = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())
    found: dict[str, Any] = compose["services"]["consult"]
    assert set(found["volumes"][0].split(":")[:1]) == set(compose["volumes"])
    return found


def composed() -> dict[str, str]:
    """The environment of the composed container, where nothing else is set."""
    chosen = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in service()["environment"].items()}
    return environment() | chosen


def settings(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The server's settings with these variables."""
    for name, value in variables.items():
        if name.startswith("CONSULT_"):
            monkeypatch.setenv(name, value)
    return Settings()


def command() -> list[str]:
    """The words that the image starts, from ENTRYPOINT and CMD."""
    words: list[str] = json.loads(last("ENTRYPOINT")) + json.loads(last("CMD"))
    return words


def copied() -> list[tuple[str, str]]:
    """Source and target of all that is copied from the project."""
    found = []
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            found += [(source, target) for source in sources]
    return found


def is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out: the last pattern that it, or a folder above it, matches."""
    ignored = False
    above = [str(p) for p in (PurePosixPath(path), *PurePosixPath(path).parents)]
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and any(fnmatch(part, pattern) for part in above):
            ignored = not line.startswith("!")
    return ignored


def test_what_is_copied_is_there_and_is_all_that_the_package_is_built_from() -> None:
    sources = {source for source, _ in copied()}
    assert all((ROOT / source).exists() and not is_ignored(source) for source in sources)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    assert sources >= wanted | set(wheel["packages"]) | set(wheel["force-include"])
    assert is_ignored("tests/unit")
    assert is_ignored(".git")
    assert is_ignored("data")
    assert is_ignored("docker/.env")


def test_the_command_is_one_of_the_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for words in (command(), json.loads(last("ENTRYPOINT")) + service().get("command", ["serve"])):
        assert words[0] in project["project"]["scripts"]
        assert words[1] == "serve"
        assert words[1] in COMMANDS
        parser = argparse.ArgumentParser(exit_on_error=False)
        serve_command.configure(parser)
        parser.parse_args(words[2:])


def test_every_variable_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {f"CONSULT_{name.upper()}" for name in Settings.model_fields} | {PROXY}
    assert {name for name in environment() if name.startswith("CONSULT")} <= known
    assert set(service()["environment"]) <= known
    chosen = settings(composed(), monkeypatch)
    assert (chosen.host, chosen.behind_tls_proxy) == ("0.0.0.0", True)


def test_ports_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings(environment(), monkeypatch)
    assert chosen.port == Settings.model_fields["port"].default
    exposed = last("EXPOSE").split()
    assert exposed == [f"{chosen.port}/tcp", f"{chosen.udp_port}/udp"]
    published = [port.rsplit(":", 1) for port in service()["ports"]]
    assert [inside for _, inside in published] == exposed
    assert published[0][0] == f"127.0.0.1:{chosen.port}", "published to all, patients' images would travel unencrypted"
    assert published[1][0] == str(chosen.udp_port), "browsers are given the port that the server has"
    assert not chosen.behind_tls_proxy, "the image alone cannot know who reaches it"


def test_the_server_is_not_root_and_its_data_is_a_volume() -> None:
    user, _, group = last("USER").partition(":")
    made = " ".join(rest for name, rest in instructions() if name == "RUN")
    assert int(user) > 0
    assert f"--uid {user} " in made
    assert f"--gid {group} " in made
    data = environment()["CONSULT_DATA"]
    assert last("VOLUME") == data
    assert f"install --directory --owner=consult --group=consult --mode=0700 {data}" in made
    assert service()["volumes"] == [f"data:{data}"]
    assert environment()["NUMBA_CACHE_DIR"].startswith(f"{data}/"), "the rest is read-only"


def test_two_nodes_are_what_running_md_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own name, address, port of media and decoded volumes; one data directory; a Redis that is taken."""
    compose = yaml.safe_load((ROOT / "docker/compose-nodes.yaml").read_text())
    nodes = {name: part for name, part in compose["services"].items() if part["image"] == "consult"}
    assert len(nodes) == 2
    seen = []
    for name, part in nodes.items():
        chosen = {key: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for key, value in part["environment"].items()}
        found = settings(environment() | chosen, monkeypatch)
        assert (found.node, found.node_address) == (name, f"{name}:8000")
        assert part["ports"] == [f"{found.udp_port}:{found.udp_port}/udp"], "nobody reaches 8000 but the proxy"
        mounts = dict(reversed(volume.split(":")[:2]) for volume in part["volumes"])
        assert mounts[str(found.data)] == "data"
        assert str(found.volumes) in mounts
        assert part["read_only"]
        assert found.behind_tls_proxy
        seen.append((found.udp_port, mounts[str(found.volumes)]))
        asked = (ROOT / "docker/nginx-nodes.conf").read_text()
        assert f"server {found.node_address} " in asked
    assert len({port for port, _ in seen}) == len({volume for _, volume in seen}) == 2
    words = compose["services"]["redis"]["command"]
    given = dict(zip((word.removeprefix("--") for word in words[1::2]), words[2::2], strict=True))
    assert given == {setting: right for setting, right, _ in WANTED}
    assert compose["networks"]["inside"]["internal"], "what nodes say to each other and to Redis is not encrypted"
    assert compose["services"]["redis"]["networks"] == ["inside"]


def test_the_health_check_knows_a_server_that_answers_from_one_that_is_gone(tmp_path: Path) -> None:
    _, _, words = last("HEALTHCHECK").partition("CMD ")
    inside = json.loads(words)
    script = {target: source for source, target in copied()}[inside[1]]
    here = {"CONSULT_HOST": "127.0.0.1", "CONSULT_PORT": "0", "CONSULT_UDP_PORT": "0", "CONSULT_DATA": str(tmp_path)}
    variables = {**os.environ, **composed(), **here, "PATH": os.environ["PATH"]}
    variables |= {"CONSULT_PUBLIC_URL": "", "NUMBA_CACHE_DIR": ""}
    with subprocess.Popen(
        [sys.executable, "-m", *command()], env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        port = server.stdout.readline().rstrip("\n").rpartition(":")[2]
        check = [sys.executable, str(ROOT / script), *inside[2:]]
        variables["CONSULT_PORT"] = port
        healthy = subprocess.run(check, env=variables, check=False).returncode
        server.terminate()
    gone = subprocess.run(check, env=variables, check=False).returncode
    assert (inside[0], healthy, gone, server.returncode) == ("python", 0, 1, 0)

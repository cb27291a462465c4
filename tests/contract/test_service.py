"""docker/consult.service is one that systemd takes, of settings that there are, closed to what is not needed."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from consult.cli import COMMANDS
from consult.settings import PREFIX, Settings

UNIT = Path(__file__).parent.parent.parent / "docker/consult.service"
NEEDED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes", "LockPersonality": "yes",
    "ProtectKernelModules": "yes", "ProtectKernelTunables": "yes", "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native", "UMask": "0077", "StateDirectoryMode": "0700",
}  # fmt: skip
MAX_EXPOSURE = 2.0
"""systemd's own measure, 10 where nothing is closed."""


def entries() -> list[tuple[str, str]]:
    """Each assignment of the unit."""
    lines = [line for line in UNIT.read_text().splitlines() if line and line[0] not in "#["]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def last(name: str) -> str:
    return [value for found, value in entries() if found == name][-1]


def test_it_is_closed_and_its_data_is_its_users_alone() -> None:
    assert {name: last(name) for name in NEEDED} == NEEDED
    assert last("User") not in ("", "root")
    assert "@system-service" in dict(reversed(entries()))["SystemCallFilter"]
    assert "MemoryDenyWriteExecute" not in dict(entries()), "Numba compiles the kernels that draw"


def test_it_starts_the_product_with_settings_that_there_are() -> None:
    words = shlex.split(last("ExecStart"))
    assert Path(words[0]).name == "consult"
    assert words[1] in COMMANDS
    assert words[2:] == ["--config", "/etc/consult/consult.toml"]
    variables = dict(word.split("=", 1) for word in shlex.split(last("Environment")))
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert {name for name in variables if name.startswith(PREFIX)} <= known
    assert variables["CONSULT_DATA"] == f"/var/lib/{last('StateDirectory')}"
    assert variables["NUMBA_CACHE_DIR"].startswith(variables["CONSULT_DATA"]), "the rest is read-only"
    assert int(last("LimitNOFILE")) > Settings.model_fields["connections"].default


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here; the others read the unit")
def test_systemd_takes_it(tmp_path: Path) -> None:
    """Seen to fail on a directive that is misspelled, which systemd says and passes over."""
    unit = tmp_path / UNIT.name
    here = str(Path(sys.executable).parent / "consult")
    unit.write_text(UNIT.read_text().replace(shlex.split(last("ExecStart"))[0], here))
    verified = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    said = [line for line in verified.stderr.splitlines() if UNIT.name in line]
    assert (verified.returncode, said) == (0, [])
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", str(unit)], capture_output=True, text=True, check=False
    )
    exposure = re.search(r"exposure level for consult\.service: ([\d.]+)", rated.stdout)
    assert exposure is not None, rated.stderr
    assert float(exposure[1]) <= MAX_EXPOSURE

"""What the tests of several servers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.sites import PREFIX, SERVERS, Site, server_processes, started, status

END = 10  # seconds for all of it to end in


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Servers behind nginx as `make serve` runs them, under PREFIX, with figures; SIGTERM must end all of it."""
    settings = {"WORKERS": str(len(SERVERS)), "LOSSARIUM_PREFIX": PREFIX, "LOSSARIUM_METRICS": "on"}
    folder = tmp_path_factory.mktemp("nginx")
    with started(folder, "deploy/serve.py", ports=1 + len(SERVERS), **settings) as running:
        yield running
        servers = server_processes(running).values()
        running.process.terminate()
        assert running.process.wait(END) == 0
        assert [pid for pid in servers if Path(f"/proc/{pid}").exists()] == []
        assert status(running.address) == 0

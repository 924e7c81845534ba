"""Who asks: the address of a connection, or of IPv6 its network."""

import pytest
from starlette.requests import Request

from core.stage.client import client_of


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),  # a household has all of the other 64 bits
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
    ],
)
def test_the_client(host: str, client: str) -> None:
    assert client_of(Request({"type": "http", "client": (host, 50000), "headers": []})) == client


def test_a_connection_without_an_address() -> None:
    assert client_of(Request({"type": "http", "client": None, "headers": []})) == ""

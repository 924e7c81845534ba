"""Who asks: one client, as far as an address can tell."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection

NETWORK = 64  # bits of an IPv6 address that one client cannot change


def client_of(connection: HTTPConnection) -> str:
    """The address that a request comes from; of IPv6 its network, in which one client has every address.

    Behind a proxy that the server trusts (FORWARDED_ALLOW_IPS), the server has put the visitor's address there.
    """
    text = connection.client.host if connection.client else ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> (128 - NETWORK) << (128 - NETWORK)))

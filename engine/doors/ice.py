"""Where a call's media is bound. aioice knows no port range, no chosen interface, and never the loopback."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from ipaddress import ip_address

from aioice import Candidate, Connection
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import StunProtocol, get_host_addresses

from engine.errors import Overloaded
from engine.settings import Rtc

COMPONENT = 1  # RTP and RTCP share it
LOOPBACK = "127.0.0.1"


async def gather(connection: Connection, rtc: Rtc) -> None:
    """Give the connection its own candidates, all of them, in place of `gather_candidates`. Raises Overloaded."""
    connection._local_candidates_start = True  # aioice then gathers none by itself
    for address in rtc.hosts or get_host_addresses(use_ipv4=True, use_ipv6=True) or [LOOPBACK]:
        if rtc.address and ip_address(address).version != ip_address(rtc.address).version:
            continue
        protocol = await _bind(connection, address, rtc)
        if protocol is not None:
            connection._protocols.append(protocol)
            connection._local_candidates.append(protocol.local_candidate)
    if not connection._local_candidates:
        raise Overloaded("No port is free for the media of another call: try again later.")
    connection._local_candidates_end = True


async def _bind(connection: Connection, address: str, rtc: Rtc) -> StunProtocol | None:
    loop = asyncio.get_running_loop()
    for port in _ports(rtc):
        try:
            _, protocol = await loop.create_datagram_endpoint(
                lambda: StunProtocol(connection), local_addr=(address, port)
            )
        except OSError:
            continue
        told = rtc.address or address
        protocol.local_candidate = Candidate(
            foundation=candidate_foundation("host", "udp", told),
            component=COMPONENT,
            transport="udp",
            priority=candidate_priority(COMPONENT, "host"),
            host=told,
            port=protocol.transport.get_extra_info("sockname")[1],
            type="host",
        )
        return protocol
    return None


def _ports(rtc: Rtc) -> Iterator[int]:
    """Each of the range once, from a random one on: calls that begin together do not try the same ones."""
    first, last = rtc.ports
    if not first:
        yield 0
        return
    count = last - first + 1
    start = random.randrange(count)  # noqa: S311 - it spreads load, it hides nothing
    for step in range(count):
        yield first + (start + step) % count

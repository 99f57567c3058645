"""The house's own network: addresses that nobody from outside could mean."""

import ipaddress

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_inside(address: str) -> bool:
    """Whether this IP address is of this machine, of a private network, or of none at all."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour or _through_nat64(found)
        if carried is not None:
            return is_inside(str(carried))
    return not found.is_global or found.is_multicast


def _through_nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None

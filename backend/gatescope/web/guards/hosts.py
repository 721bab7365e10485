"""One spelling for the names and addresses that a Host header may hold."""

import ipaddress
import re

HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{0,5})?", re.ASCII)


def host_name(host: str) -> str | None:
    """The name or address in ``host``, in lower case and without its port; None if it is malformed."""
    match = HOST.fullmatch(host.lower())
    if match is None:
        return None
    name = match["name"]
    if not name.startswith("["):
        return name.removesuffix(".")
    try:
        return f"[{ipaddress.IPv6Address(name[1:-1])}]"
    except ValueError:
        return None

"""Who asks, where a proxy asks for him: what a proxy says is believed of the proxies alone that were named."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


class BehindProxies:
    """The site behind proxies: lock-out, limits and links see the browser's address and scheme.

    `proxies` are addresses and networks with commas between. What comes from elsewhere loses its forwarded headers, so
    that nobody chooses his own address, or says that he came over TLS.
    """

    def __init__(self, application: Application, proxies: str) -> None:
        self.application = application
        self.networks = [ipaddress.ip_network(one.strip()) for one in proxies.split(",") if one.strip()]

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if self._trusts(str(environ.get("REMOTE_ADDR", ""))):
            passed = [one.strip() for one in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",") if one.strip()]
            # The last that no proxy of ours was: what stands before it the browser may have made up.
            for address in reversed(passed):
                environ["REMOTE_ADDR"] = address
                if not self._trusts(address):
                    break
        else:
            for name in FORWARDED:
                environ.pop(name, None)
        return self.application(environ, start)

    def _trusts(self, address: str) -> bool:
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(known in one for one in self.networks)

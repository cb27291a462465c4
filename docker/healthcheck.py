"""Exit status 0 where the server of this container can do its work, else 1: what HEALTHCHECK runs.

No library and no proxy of the environment comes between: http.client asks the very port.
"""

from __future__ import annotations

import http.client
import os  # noqa: TID251  # no package of the product

PATH = "/readyz"
DEADLINE_S = 4.0


def main() -> int:
    """Ask once."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["CONSULT_PORT"]), timeout=DEADLINE_S)
    try:
        connection.request("GET", PATH)
        return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    raise SystemExit(main())

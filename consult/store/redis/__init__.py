"""The stores in Redis: log, index, users and audit trail of several nodes. redis-py stops at `client.py`.

Rules of this package:
- Redis is used as one primary that confirms nothing before it is on its disk (`trust.py` refuses any other).
- Nothing is sent twice: redis-py repeats writes by default, and one that is repeated is stored twice.
- What is changed together is changed by one Function (`functions/`), which looks at all it depends on first.
"""

BASE = "{consult}"
"""All keys begin so: one slot, whatever holds them."""

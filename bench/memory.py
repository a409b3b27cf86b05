"""(d) Memory at rest of everything `make run` started, in MiB: the sum of each process's proportional share (PSS)."""

import time
from pathlib import Path

from fixtures.product import Product

REST_SECONDS = 5.0


def _pss_kib(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def measure(product: Product) -> dict[str, float]:
    """MiB by program, and in all."""
    time.sleep(REST_SECONDS)
    total: dict[str, float] = {}
    for pid in product.processes():
        pss = _pss_kib(pid) / 1024
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        name = next((word for word in ("serve", "web", "work") if f"cli.main {word}" in command), "")
        name = name or ("postgres" if "postgres" in command else "sandbox launcher")
        total[name] = total.get(name, 0.0) + pss
    return total | {"all": sum(total.values())}

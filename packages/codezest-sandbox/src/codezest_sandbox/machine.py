"""What this machine offers, and how to get what it does not. Starts nothing that stays; runs no program of anybody's."""

import json
import os
import subprocess
import sys
from pathlib import Path

from codezest_sandbox.cgroup_base import make_base, remove_soon
from codezest_sandbox.report import MEMORY_CGROUP, NEEDED, Finding, ProbeReport
from codezest_sandbox.syscalls import architecture
from codezest_sandbox.tiers import Tier

_OLDEST_KERNEL = (5, 14)
_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_SWITCH = Path("/proc/sys/kernel/unprivileged_userns_clone")
_COUNT = Path("/proc/sys/user/max_user_namespaces")

APPARMOR_PROFILE = """\
abi <abi/4.0>,
include <tunables/global>
profile codezest-sandbox {executable} flags=(unconfined) {{
  userns,
}}
"""


def probe() -> ProbeReport:
    """Look at everything. Takes some tens of milliseconds."""
    findings = [_system()]
    if findings[0].ok:
        findings += [_kernel_release(), _proc(), *_attempts(), _memory_cgroup()]
    return ProbeReport(findings=tuple(findings))


def _system() -> Finding:
    machine = architecture() if sys.platform == "linux" else None
    return Finding(
        name="system",
        ok=machine is not None,
        required=True,
        why=f"{sys.platform} {machine or os.uname().machine if hasattr(os, 'uname') else ''}".strip(),
        fix="" if machine else "run the grading worker on Linux, amd64 or arm64; a virtual machine will do",
    )


def _kernel_release() -> Finding:
    release = os.uname().release
    numbers = tuple(int("".join(filter(str.isdigit, part)) or 0) for part in release.split(".")[:2])
    return Finding(
        name="kernel",
        ok=numbers >= _OLDEST_KERNEL,
        required=True,
        why=release,
        fix="" if numbers >= _OLDEST_KERNEL else "upgrade to Linux 5.14 or newer",
    )


def _proc() -> Finding:
    pid = os.getpid()
    ok = Path(f"/proc/{pid}/task/{pid}/children").exists()
    return Finding(
        name="process tree in /proc",
        ok=ok,
        required=True,
        why="readable" if ok else "/proc/PID/task/TID/children is missing",
        fix="" if ok else "mount /proc, with a kernel that has CONFIG_PROC_CHILDREN",
    )


# Run by a fresh interpreter, because what it tries cannot be undone.
_ATTEMPTS = """
import errno, json, os, sys
sys.path.append(sys.argv[1])
SHORTAGES = {errno.ENOMEM, errno.EAGAIN, errno.ENFILE, errno.EMFILE}
from codezest_sandbox import kernel, landlock, seccomp, syscalls
results = {}
def attempt(name, function, *arguments):
    try:
        function(*arguments)
        results[name] = ""
    except Exception as error:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) in SHORTAGES:
            raise  # it says nothing of what the machine allows
        results[name] = f"{type(error).__name__}: {error}"
def namespaces():
    if os.geteuid() == 0:
        try:
            os.setresuid(65534, 65534, 65534)
            kernel.set_dumpable(True)
        except OSError:
            pass
    kernel.unshare(kernel.CLONE_NEWUSER)
    kernel.unshare(kernel.ALL_NAMESPACES & ~kernel.CLONE_NEWUSER)
def mounts():
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", "/tmp", "tmpfs", kernel.MS_NOSUID)
    kernel.set_mount_attributes("/tmp", kernel.MOUNT_ATTR_RDONLY)
def bounds():
    version = kernel.landlock_version()
    if version < landlock.LOWEST_VERSION:
        raise OSError(f"version {version} of the interface, {landlock.LOWEST_VERSION} is needed")
    kernel.forbid_new_privileges()
    landlock.Layer(()).put_on()
def filters():
    kernel.forbid_new_privileges()
    kernel.SeccompFilter(seccomp.assemble(seccomp.filter_for_sandbox(syscalls.architecture(), 'python'))).install()
attempt("namespaces", namespaces)
attempt("mounts", mounts)
attempt("landlock", bounds)
attempt("seccomp", filters)
print(json.dumps(results))
"""


def _attempts() -> list[Finding]:
    packages = str(Path(__file__).resolve().parent.parent)
    certain = True
    try:
        answer = subprocess.run(  # noqa: S603  # this very interpreter
            [sys.executable, "-I", "-S", "-c", _ATTEMPTS, packages], capture_output=True, check=True, timeout=20
        ).stdout
        results: dict[str, str] = json.loads(answer)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        certain = False
        results = dict.fromkeys(("namespaces", "mounts", "seccomp", "landlock"), f"the attempt itself failed: {error}")
    return [
        Finding(
            name=name,
            ok=not error,
            required=name in NEEDED[Tier.NAMESPACES],
            why=error or "allowed",
            fix=_how_to_allow(name) if error else "",
            certain=certain,
        )
        for name, error in results.items()
    ]


_KERNEL_OPTIONS = {
    "seccomp": "use a kernel with CONFIG_SECCOMP_FILTER",
    "landlock": (
        "of use where namespaces are forbidden: Linux 6.12 or newer, with `landlock` in the list of"
        " /sys/kernel/security/lsm (kernel parameter `lsm=landlock,…`)"
    ),
}


def _how_to_allow(name: str) -> str:
    if name in _KERNEL_OPTIONS:
        return _KERNEL_OPTIONS[name]
    if _read(_APPARMOR) == "1":
        profile = APPARMOR_PROFILE.format(executable=os.path.realpath(sys.executable))
        return (
            "Ubuntu restricts unprivileged user namespaces by AppArmor. Save this as"
            " /etc/apparmor.d/codezest-sandbox and run `apparmor_parser -r /etc/apparmor.d/codezest-sandbox`"
            f" (or, for the whole machine, `sysctl kernel.apparmor_restrict_unprivileged_userns=0`):\n{profile}"
        )
    if _read(_SWITCH) == "0":
        return "`sysctl kernel.unprivileged_userns_clone=1`"
    if _read(_COUNT) == "0":
        return "`sysctl user.max_user_namespaces=15000`"
    if _filtered():
        return (
            "a seccomp filter, such as Docker's default, blocks namespaces for this process. Run the worker outside the"
            " container, or with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
            " --security-opt systempaths=unconfined`; no privileged mode is needed. Or let it grade under Landlock:"
            " CODEZEST_SANDBOX_TIER=LANDLOCK"
        )
    return "the kernel refuses; see `man 7 user_namespaces`"


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _filtered() -> bool:
    status = _read(Path("/proc/self/status"))
    return any(line.split()[1:] == ["2"] for line in status.splitlines() if line.startswith("Seccomp:"))


def _memory_cgroup() -> Finding:
    base = make_base(os.geteuid(), os.getpid())
    if base is not None:
        remove_soon(base.path)
    return Finding(
        name=MEMORY_CGROUP,
        ok=base is not None,
        required=False,
        why="no group can be made below this process's own" if base is None else f"version {base.version}",
        fix=""
        if base
        else "optional: run the worker as a systemd service with Delegate=yes and DelegateSubgroup=worker",
    )

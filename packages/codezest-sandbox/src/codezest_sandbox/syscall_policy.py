"""Which system calls programs may make: a list of what is allowed, traced from real programs. Everything else fails."""

import errno
from dataclasses import dataclass

_TEXT = """
    # reading, writing, waiting
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3
    pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
    eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime sendfile copy_file_range
    # files
    open openat creat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents
    getdents64 mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat chmod
    fchmod fchmodat fchmodat2 chown fchown lchown fchownat truncate ftruncate fallocate fsync fdatasync statfs
    fstatfs umask chdir fchdir getcwd utime utimes futimesat utimensat flock fadvise64
    # memory
    brk munmap mprotect mremap madvise msync mincore membarrier
    # signals and timers
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack kill tkill
    tgkill pause alarm getitimer setitimer pidfd_open pidfd_send_signal restart_syscall
    # processes and threads
    fork vfork execve exit exit_group wait4 waitid getpid getppid gettid getpgid getpgrp getsid setpgid setsid
    set_tid_address set_robust_list get_robust_list futex futex_waitv rseq sched_yield sched_getaffinity
    sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getrlimit setrlimit getrusage
    times getpriority sysinfo uname getcpu
    # who and when
    getuid geteuid getgid getegid getresuid getresgid getgroups capget clock_gettime clock_getres clock_nanosleep
    nanosleep gettimeofday time getrandom
    # what asyncio does with a socket pair
    recvfrom recvmsg shutdown getsockopt getsockname getpeername
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.splitlines() if not line.lstrip().startswith("#") for word in line.split())


@dataclass(frozen=True, slots=True)
class Policy:
    """What a language's programs and compilers may call beside what all may."""

    more: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    """What the trusted processes of such a sandbox may call beside TRUSTED, and its programs may not."""
    shared_memory: bool = False
    """Whether nameless shared mappings are allowed; only where something else bounds them."""


COMMON = _words(_TEXT)
_TIMERS = ("timer_create", "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete")
"""POSIX timers: of the real-time library, and bounded by the limit on pending signals."""

POLICIES: dict[str, Policy] = {
    "java": Policy(),
    "bash": Policy(more=_TIMERS),  # timeout(1)
    "go": Policy(),
    "native": Policy(more=_TIMERS),
    "postgres": Policy(  # a single backend; what it shares with nobody is bounded by its own settings
        more=("shmat", "shmctl", "shmdt", "shmget", "signalfd4", "sync_file_range"), shared_memory=True
    ),
    "node": Policy(trusted=("sendmsg", "unshare")),  # the resident gives each program a process namespace of its own
    "python": Policy(),
}

REFUSED_WITH = {
    errno.ENOSYS: ("clone3", "openat2"),  # their arguments cannot be read by a filter; libraries fall back
    errno.ENOTSUP: (  # shutil copies files without attributes when told that there are none
        "setxattr",
        "lsetxattr",
        "fsetxattr",
        "getxattr",
        "lgetxattr",
        "fgetxattr",
        "listxattr",
        "llistxattr",
        "flistxattr",
        "removexattr",
        "lremovexattr",
        "fremovexattr",
    ),
    errno.ENOMEM: ("memfd_create", "memfd_secret"),  # memory that no resource limit would count
}

FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # duplicate, flags, locks, F_GETPIPE_SZ
IOCTL_COMMANDS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIO(N)CLEX
PRCTL_OPTIONS = (1, 2, 3, 15, 16, 23, 39, 0x53564D41)  # death signal, GET_DUMPABLE, name, reading, PR_SET_VMA
ARCH_PRCTL_CODES = (0x1002, 0x1003)  # ARCH_SET_FS, ARCH_GET_FS
AF_UNIX = 1
MAP_SHARED_ANONYMOUS = 0x21

TRUSTED = ("capset", "landlock_restrict_self", "memfd_create", "mount", "prctl", "sched_setaffinity", "umount2")
"""What the first process of a sandbox may call beside, and every program loses before it begins."""

MODES_AND_TIMES = (
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "utime",
    "utimes",
    "futimesat",
    "utimensat",
)
"""What Landlock does not guard. Where programs run under an account that owns files of the host, these calls change
nothing and report success, as on a file system that keeps no modes."""

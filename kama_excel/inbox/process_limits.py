"""Limit the resources of a reading process, so that a hostile file ends only that process."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_LARGE = 1024 * 1024
_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def return_large_blocks() -> None:
    """Return large memory blocks to the system once they are free; glibc would keep them.

    One ZIP of photos takes as much as all forms of a month.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def limit_process(memory_bytes: int) -> None:
    """Limit this process as far as the system can: memory, child processes, crash dialogs.

    On Windows a Job Object limits the committed memory, elsewhere RLIMIT_AS the address space. If the system
    refuses, the declared sizes of files are the only limit.
    """
    return_large_blocks()
    if sys.platform == "win32":
        _suppress_crash_dialogs()
        _join_limited_job(memory_bytes)
    else:
        _limit_address_space(memory_bytes)


if sys.platform == "win32":
    from ctypes import wintypes

    _EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
    _ACTIVE_PROCESSES, _PROCESS_MEMORY, _DIE_ON_UNHANDLED_EXCEPTION = 0x8, 0x100, 0x400
    _NO_DIALOGS = 0x1 | 0x2 | 0x8000  # critical errors, crashes, missing files

    class _BasicLimits(ctypes.Structure):
        """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _JobLimits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _suppress_crash_dialogs() -> None:
        """Let a crash end the process at once: a dialog without a window is never answered."""
        ctypes.windll.kernel32.SetErrorMode(_NO_DIALOGS)

    def _join_limited_job(memory_bytes: int) -> None:
        """Put this process into a Job Object with the limits; the job ends with it."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            wintypes.LPVOID,
            wintypes.DWORD,
        )
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        job = kernel.CreateJobObjectW(None, None)
        limits = _JobLimits()
        limits.BasicLimitInformation.LimitFlags = _ACTIVE_PROCESSES | _PROCESS_MEMORY | _DIE_ON_UNHANDLED_EXCEPTION
        limits.BasicLimitInformation.ActiveProcessLimit = 1
        limits.ProcessMemoryLimit = memory_bytes
        if job and kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)):
            kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())

else:

    def _limit_address_space(memory_bytes: int) -> None:
        """Set the soft limit of the address space up to the hard one, and disable core files."""
        with contextlib.suppress(ImportError, ValueError, OSError):
            import resource  # noqa: PLC0415 -- not on every system

            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            bound = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
            resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

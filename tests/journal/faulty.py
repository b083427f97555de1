"""SQLite's own files, with faults: a VFS around the system's one, made with ctypes.

Every write, truncation and synchronisation of a file is counted, and may fail with what SQLite would return for it:
ENOSPC is SQLITE_FULL, EIO one of the SQLITE_IOERR. Needs a shared libsqlite3, which `available` knows.
"""

import ctypes
import ctypes.util
import sqlite3

FULL = sqlite3.SQLITE_FULL
EIO = {
    "write": sqlite3.SQLITE_IOERR_WRITE,
    "truncate": sqlite3.SQLITE_IOERR_TRUNCATE,
    "sync": sqlite3.SQLITE_IOERR_FSYNC,
}
_POINTER = ctypes.c_void_p
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_int)
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER, _POINTER, ctypes.c_int, ctypes.POINTER(ctypes.c_int))


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("close", _POINTER),
        ("read", _POINTER),
        ("write", _POINTER),
        ("truncate", _POINTER),
        ("sync", _POINTER),
        ("others", _POINTER * 13),
    )


class _VFS(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", _POINTER),
        ("name", ctypes.c_char_p),
        ("data", _POINTER),
        ("open", _POINTER),
        ("others", _POINTER * 16),
    )


def _library():
    try:
        library = ctypes.CDLL(ctypes.util.find_library("sqlite3") or "libsqlite3.so.0")
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_VFS)
        version = ctypes.c_char_p.in_dll(library, "sqlite3_version")
        same = bytes(ctypes.string_at(ctypes.addressof(version))).decode() == sqlite3.sqlite_version
    except (OSError, AttributeError, ValueError):
        return None
    return library if same else None


_LIBRARY = _library()


class Faulty:
    """In force inside `with`; every connection opened there is counted."""

    def __init__(self):
        #: What was done so far, by kind; and the number (from 0) from which on, or at which, it fails.
        self.done = []
        self.at = None
        self.lasting = False
        self.code = FULL
        self._system = _LIBRARY.sqlite3_vfs_find(None)
        self._patched = {}
        self._keep = []
        self.vfs = _VFS.from_buffer_copy(self._system.contents)
        self.vfs.name = b"faulty"
        system_open = _OPEN(self._system.contents.open)

        def xopen(vfs, name, file, flags, out):
            result = system_open(vfs, name, file, flags, out)
            slot = ctypes.cast(file, ctypes.POINTER(_POINTER))
            if slot[0]:
                slot[0] = self._methods(slot[0])
            return result

        self._open = _OPEN(xopen)
        self.vfs.open = ctypes.cast(self._open, _POINTER)

    def _methods(self, address):
        if address not in self._patched:
            methods = _Methods.from_buffer_copy(ctypes.cast(address, ctypes.POINTER(_Methods)).contents)
            for name, kind in (("write", _WRITE), ("truncate", _TRUNCATE), ("sync", _SYNC)):
                wrapped = kind(self._counted(name, kind(getattr(methods, name))))
                self._keep.append(wrapped)
                setattr(methods, name, ctypes.cast(wrapped, _POINTER))
            self._keep.append(methods)
            self._patched[address] = ctypes.addressof(methods)
        return self._patched[address]

    def _counted(self, name, real):
        def call(*arguments):
            number = len(self.done)
            self.done.append(name)
            if self.at is not None and (number >= self.at if self.lasting else number == self.at):
                return self.code if self.code == FULL and name != "sync" else EIO[name]
            # Nobody pulls a plug here, and a real one is slow.
            return sqlite3.SQLITE_OK if name == "sync" else real(*arguments)

        return call

    def fail(self, at, code, *, lasting):
        """From now on count anew, and fail then."""
        self.done.clear()
        self.at, self.code, self.lasting = at, code, lasting

    def __enter__(self):
        _LIBRARY.sqlite3_vfs_register(ctypes.byref(self.vfs), 1)
        return self

    def __exit__(self, *exc_info):
        _LIBRARY.sqlite3_vfs_register(self._system, 1)
        _LIBRARY.sqlite3_vfs_unregister(ctypes.byref(self.vfs))


available = _LIBRARY is not None

"""Stands in for pywin32 in a process of its own: COM that remembers what it was asked."""

import sys
import types

EVENTS = []


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


def remember(name, answer=None):
    def call(*arguments):
        EVENTS.append((name, *arguments))
        return answer() if callable(answer) else answer

    return call


class ComError(Exception):
    pass


class Policy:
    CreateInstance = None


WAITS = []  # what each wait of the message loop answers
OPEN_EVENTS = set()


def open_event(_access, _inherit, name):
    EVENTS.append(("OpenEvent", name))
    if name not in OPEN_EVENTS:
        raise ComError(2, "OpenEvent", "not found")
    return f"handle of {name}"


def create_event(_security, _manual, _state, name):
    OPEN_EVENTS.add(name)
    EVENTS.append(("CreateEvent", name))
    return f"handle of {name}"


def wait(handles, _all, patience, _mask):
    EVENTS.append(("wait", patience))
    return WAITS.pop(0)


LAST_ERROR = [0]

pythoncom = module(
    "pythoncom",
    com_error=ComError, REGCLS_MULTIPLEUSE=1, REGCLS_SUSPENDED=4, CLSCTX_LOCAL_SERVER=4,
    MakePyFactory=remember("factory", "factory"),
    CoRegisterClassObject=remember("register", 7),
    CoRevokeClassObject=remember("revoke"),
    CoResumeClassObjects=remember("resume"),
    CoUninitialize=remember("uninitialize"),
    EnableQuitMessage=remember("quit message"),
    PumpWaitingMessages=lambda: WAITS.pop(0),
)  # fmt: skip
pywintypes = module("pywintypes", IID=str, error=ComError, SECURITY_ATTRIBUTES=object)
win32api = module("win32api", GetCurrentThreadId=lambda: 1, GetLastError=lambda: LAST_ERROR[0])
win32event = module(
    "win32event",
    INFINITE=-1, QS_ALLEVENTS=0, WAIT_OBJECT_0=0, WAIT_TIMEOUT=258, EVENT_MODIFY_STATE=2,
    CreateEvent=create_event, OpenEvent=open_event, SetEvent=remember("set"), MsgWaitForMultipleObjects=wait,
    CreateMutex=remember("mutex", "mutex"),
)  # fmt: skip
module("winerror", CLASS_E_CLASSNOTAVAILABLE=-2147221231, ERROR_ALREADY_EXISTS=183)
module("win32com")
module("win32com.client", Dispatch=lambda book: ("dispatched", book))
module("win32com.server")
policy = module("win32com.server.policy", CreateInstance=None)
module("win32com.server.util", wrap=lambda thing, iid: thing)
sys.modules["win32com"].client = sys.modules["win32com.client"]
sys.modules["win32com"].server = sys.modules["win32com.server"]
sys.modules["win32com.server"].policy = policy
sys.modules["win32com.server"].util = sys.modules["win32com.server.util"]

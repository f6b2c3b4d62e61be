"""What each route under /staff needs. One that is not listed here is not there."""

import re
from collections.abc import Mapping
from enum import Enum

from assistant.domain.roles import Role

HOME = "/staff"
LOGIN = "/staff/login"
UPLOADS = "/staff/uploads"
ANSWERS = "/staff/answers/write"
FORBIDDEN = "/staff/forbidden"
SSO = "/staff/sso"
CALLBACK = "/staff/sso/callback"


class Needs(Enum):
    """What a request needs, if it is no role."""

    NOTHING = "nothing"
    ANOTHER_METHOD = "another method"
    ANOTHER_PATH = "another path"


_READING: Mapping[str, Role | Needs] = {
    LOGIN: Needs.NOTHING,
    SSO: Needs.NOTHING,
    CALLBACK: Needs.NOTHING,
    FORBIDDEN: Role.VIEW,
    HOME: Role.VIEW,
    "/staff/documents": Role.VIEW,
    "/staff/documents/export": Role.VIEW,
    "/staff/document/edit": Role.EDIT,
    "/staff/document": Role.VIEW,
    "/staff/sources": Role.VIEW,
    "/staff/sources/add": Role.PUBLISH,
    "/staff/sources/remove": Role.PUBLISH,
    UPLOADS: Role.VIEW,
    "/staff/runs": Role.VIEW,
    "/staff/runs/{run_id}": Role.VIEW,
    "/staff/runs/{run_id}/progress": Role.VIEW,
    "/staff/runs/{run_id}/report": Role.VIEW,
    "/staff/try": Role.VIEW,
    "/staff/feedback": Role.VIEW,
    "/staff/widget": Role.VIEW,
    "/staff/questions": Role.VIEW,
    "/staff/questions/report": Role.VIEW,
    "/staff/answers": Role.VIEW,
    "/staff/answers/write": Role.EDIT,
    "/staff/history": Role.VIEW,
    "/staff/account": Role.VIEW,
    "/staff/accounts": Role.ADMINISTER,
    "/staff/accounts/change": Role.ADMINISTER,
}
_WRITING: Mapping[str, Role | Needs] = {
    LOGIN: Needs.NOTHING,
    "/staff/logout": Role.VIEW,
    "/staff/account/password": Role.VIEW,
    "/staff/account/language": Role.VIEW,
    "/staff/account/logout": Role.VIEW,
    "/staff/try": Role.VIEW,
    "/staff/document/hide": Role.EDIT,
    "/staff/document/show": Role.EDIT,
    "/staff/document/edit": Role.EDIT,
    "/staff/document/undo": Role.EDIT,
    "/staff/documents/chosen": Role.EDIT,
    "/staff/documents/publish-edits": Role.PUBLISH,
    "/staff/sources/try": Role.EDIT,
    "/staff/sources/plan": Role.EDIT,
    "/staff/sources/add": Role.PUBLISH,
    "/staff/sources/remove": Role.PUBLISH,
    UPLOADS: Role.EDIT,
    "/staff/uploads/remove": Role.EDIT,
    "/staff/questions/golden": Role.EDIT,
    "/staff/questions/golden/remove": Role.EDIT,
    "/staff/answers/write": Role.EDIT,
    "/staff/answers/withdraw": Role.EDIT,
    "/staff/runs/{run_id}/again": Role.EDIT,
    "/staff/runs/{run_id}/publish": Role.PUBLISH,
    "/staff/generations/publish": Role.PUBLISH,
    "/staff/accounts/add": Role.ADMINISTER,
    "/staff/accounts/role": Role.ADMINISTER,
    "/staff/accounts/password": Role.ADMINISTER,
    "/staff/accounts/disable": Role.ADMINISTER,
    "/staff/accounts/enable": Role.ADMINISTER,
    "/staff/accounts/remove": Role.ADMINISTER,
}
TABLE: Mapping[str, Mapping[str, Role | Needs]] = {
    "GET": _READING,
    "HEAD": _READING,
    "POST": _WRITING,
}
_PARTS = {"run_id": r"[\w-]{1,40}"}
"""What may stand in the place of a name in braces."""


def needed(method: str, path: str) -> Role | Needs:
    """Return the least role that a request needs."""
    for pattern, found in TABLE.get(method, {}).items():
        if _matches(pattern, path):
            return found
    is_known = any(_matches(pattern, path) for listed in TABLE.values() for pattern in listed)
    return Needs.ANOTHER_METHOD if is_known else Needs.ANOTHER_PATH


def _matches(pattern: str, path: str) -> bool:
    if "{" not in pattern:
        return pattern == path
    expression = re.sub(r"\{(\w+)\}", lambda name: _PARTS[name[1]], pattern)
    return re.fullmatch(expression, path) is not None

"""What a member of staff may do: four roles, each with all that the ones before it may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import total_ordering


@total_ordering
class Role(Enum):
    """What an account may do; a role that is greater may more."""

    VIEW = "view"
    EDIT = "edit"
    PUBLISH = "publish"
    ADMINISTER = "administer"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Role):
            return NotImplemented
        order = list(Role)
        return order.index(self) < order.index(other)


@dataclass(frozen=True, slots=True)
class ClaimRoles:
    """The roles that a sign-in provider gives: a claim, and the role of each of its values."""

    claim: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)

    def role(self, claims: Mapping[str, object]) -> Role | None:
        """Return the greatest role that somebody's claims bring, None where they bring none."""
        found = claims.get(self.claim)
        values = found if isinstance(found, list) else [found]
        brought = [
            self.roles[each] for each in values if isinstance(each, str) and each in self.roles
        ]
        return max(brought, default=None)


def claim_roles(text: str) -> ClaimRoles:
    """Return the roles of a text such as `groups: editors=edit, admins=administer`.

    Raises ValueError that says what is wrong with it.
    """
    if not text.strip():
        return ClaimRoles()
    claim, mark, listed = text.partition(": ")
    pairs = [pair.rpartition("=") for pair in listed.split(",")]
    if not (mark and claim.strip() and all(value.strip() and role for value, _, role in pairs)):
        msg = "must be like `groups: forum-editors=edit, forum-admins=administer`"
        raise ValueError(msg)
    known = {role.value: role for role in Role}
    for _, _, role in pairs:
        if role.strip() not in known:
            msg = f"there is no role {role.strip()!r}; the roles are {', '.join(known)}"
            raise ValueError(msg)
    roles = {value.strip(): known[role.strip()] for value, _, role in pairs}
    return ClaimRoles(claim.strip(), roles)

"""What the roles allow, and which a sign-in provider gives."""

import pytest

from assistant.domain.roles import ClaimRoles, Role, claim_roles

TEXT = "groups: forum-editors=edit, forum-admins=administer"


def test_each_role_has_all_that_the_ones_before_it_have() -> None:
    assert Role.VIEW < Role.EDIT < Role.PUBLISH < Role.ADMINISTER
    assert max(Role.EDIT, Role.ADMINISTER, Role.VIEW) is Role.ADMINISTER


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["forum-editors"]}, Role.EDIT),
        ({"groups": "forum-editors"}, Role.EDIT),
        ({"groups": ["forum-editors", "others", "forum-admins"]}, Role.ADMINISTER),
        ({"groups": ["Forum-Admins", "forum-admins "]}, None),
        ({"groups": []}, None),
        ({"groups": {"forum-admins": True}}, None),
        ({"groups": [None, 1, ["forum-admins"]]}, None),
        ({"roles": ["forum-admins"]}, None),
        ({}, None),
    ],
)
def test_a_claim_brings_the_greatest_role_of_its_values(
    claims: dict[str, object], role: Role | None
) -> None:
    assert claim_roles(TEXT).role(claims) is role


def test_names_of_claims_and_values_may_hold_colons_and_equal_signs() -> None:
    roles = claim_roles("https://example.org/roles: cn=staff=publish")

    assert roles.role({"https://example.org/roles": "cn=staff"}) is Role.PUBLISH


def test_without_a_mapping_nobody_gets_a_role() -> None:
    assert claim_roles("  ") == ClaimRoles()
    assert ClaimRoles().role({"": "x", "groups": ["x"]}) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("groups", "must be like"),
        ("groups:a=edit", "must be like"),
        ("groups: editors", "must be like"),
        ("groups: =edit", "must be like"),
        ("groups: a=edit,", "must be like"),
        (": a=edit", "must be like"),
        ("groups: a=boss", "view, edit, publish, administer"),
    ],
)
def test_what_is_no_mapping_is_refused_with_what_would_do(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        claim_roles(text)

"""The colours of a forum."""

import pytest

from assistant.domain.errors import SettingsError
from assistant.web.pages.branding import LEAST_CONTRAST, LIGHT, Theme, contrast


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_our_own_colours_can_be_read() -> None:
    assert "--accent:#1a4f8b" in Theme().style_sheet()
    assert contrast(Theme().accent, LIGHT) > LEAST_CONTRAST


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        (("#ffcc00", "#8fbcf0"), "FORUM_ACCENT_COLOR=#ffcc00: has a contrast of 1.5 to 1"),
        (("#1a4f8b", "#101010"), "FORUM_ACCENT_COLOR_DARK=#101010.*take a lighter one"),
        (("red", "#8fbcf0"), "FORUM_ACCENT_COLOR=red: give a colour such as"),
        (("#1a4f8b;}", "#8fbcf0"), "give a colour such as"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused(colours: tuple[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        Theme(*colours)

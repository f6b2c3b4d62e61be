"""Text of documents as HTML blocks."""

import pytest

from assistant.web.pages.rendering import blocks


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "1. Fill in\n  - in ink\n2. Pay",
            '<ol><li>Fill in</li><li class="level-1 dot">in ink</li><li value="2">Pay</li></ol>',
        ),
        (
            "- lamps\n- paths\n1. Count\n2. Pay",
            "<ul><li>lamps</li><li>paths</li></ul><ol><li>Count</li><li>Pay</li></ol>",
        ),
        (
            "1. Count\n2. Pay\n1. Wait",
            '<ol><li>Count</li><li>Pay</li><li value="1">Wait</li></ol>',
        ),
        ("3. Count\n4. Pay", '<ol start="3"><li>Count</li><li>Pay</li></ol>'),
        (
            "- lamps\n  1. Go\n- ways",
            '<ul><li>lamps</li><li class="level-1 numbered" value="1">Go</li><li>ways</li></ul>',
        ),
    ],
)
def test_an_item_has_the_number_that_its_text_gives_it(text: str, html: str) -> None:
    assert blocks(text) == html

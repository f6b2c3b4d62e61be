"""What pydantic finds wrong is told as a person would tell it."""

from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from assistant.domain.validation import in_words


class Values(BaseModel):
    """One of each kind that can be configured."""

    whole: int = Field(0, ge=1, le=5)
    number: float = Field(1, gt=0, lt=2.5)
    switch: bool = False
    words: str = Field("", max_length=3)
    choice: Literal["text", "json"] = "text"
    several: tuple[str, ...] = ()
    pattern: str = Field("a", pattern="^a$")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("whole", "seven", "must be a whole number"),
        ("whole", 1.5, "must be a whole number"),
        ("whole", 0, "must be at least 1"),
        ("whole", 6, "must be at most 5"),
        ("number", "0,2", "must be a number such as 0.5"),
        ("number", 0, "must be more than 0"),
        ("number", 2.5, "must be less than 2.5"),
        ("switch", "perhaps", "must be true or false"),
        ("words", "four", "must have at most 3 characters"),
        ("words", 4, "must be text, in quotes"),
        ("choice", "xml", "must be 'text' or 'json'"),
        ("several", "one", "must be a list, in [ ]"),
        ("pattern", "b", "string should match pattern '^a$'"),
    ],
)
def test_a_value_at_fault_is_told_with_what_would_do(field: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Values.model_validate({field: value})

    assert [in_words(error) for error in caught.value.errors()] == [words]

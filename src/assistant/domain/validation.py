"""What is wrong with a value that somebody configured, in words for people."""

from pydantic_core import ErrorDetails

_WORDS = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number such as 0.5",
    "float_type": "must be a number such as 0.5",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than": "must be less than {lt:g}",
    "string_too_long": "must have at most {max_length} characters",
    "string_type": "must be text, in quotes",
    "path_type": "must be the path of a folder or file",
    "list_type": "must be a list, in [ ]",
    "tuple_type": "must be a list, in [ ]",
    "dict_type": "must be a table, in {{ }}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}


def in_words(error: ErrorDetails) -> str:
    """Return what would do instead of a value; pydantic's own words where we have none."""
    if words := _WORDS.get(error["type"]):
        return words.format_map(error.get("ctx", {}))
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]

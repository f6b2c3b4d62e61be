from assistant.domain.corpus import DocumentId
from vectorstore.search.translations import Version, Works


def version(name: str, language: str, *translations: str) -> Version:
    return Version(DocumentId(name), f"https://forum.test/{name}", language, translations)


def test_versions_that_name_each_other_are_one_work() -> None:
    works = Works(
        [
            version("a", "en", "https://forum.test/b"),
            version("b", "fr", "https://forum.test/a", "https://forum.test/c"),
            version("c", "nl"),
            version("d", "en", "https://forum.test/gone"),
        ]
    )

    assert {works.of(DocumentId(char)) for char in "abc"} == {"a"}
    assert works.of(DocumentId("d")) == "d"
    assert works.of(DocumentId("unknown")) == "unknown"


def test_the_version_in_a_language_is_found_from_any_other() -> None:
    works = Works([version("a", "en"), version("b", "fr", "https://forum.test/a")])

    assert works.version(DocumentId("a"), "fr") == "b"
    assert works.version(DocumentId("b"), "fr") is None
    assert works.version(DocumentId("b"), "nl") is None
    assert works.version(DocumentId("unknown"), "nl") is None

"""Read and change tags of XML, whatever prefix their file has for a namespace."""

from lxml import etree


def attribute(tag: etree._Element, name: str) -> str:
    """Return an attribute that is in a namespace by its local name, empty if absent."""
    return next((str(v) for key, v in tag.attrib.items() if str(key).endswith(f"}}{name}")), "")


def remove(tag: etree._Element) -> None:
    """Take a tag out with all that it contains."""
    parent = tag.getparent()
    if parent is not None:
        parent.remove(tag)

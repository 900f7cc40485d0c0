"""What the tests of the public pages share."""

import json
import re
from html.parser import HTMLParser
from typing import Any

LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph(html: str) -> list[dict[str, Any]]:
    """The JSON-LD nodes of a page; a page has one block of them."""
    (block,) = LD.findall(html)
    nodes: list[dict[str, Any]] = json.loads(block)["@graph"]
    return nodes


def node(nodes: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The one node of a type."""
    (found,) = [node for node in nodes if kind in [node["@type"]] or kind in node["@type"]]
    return found


class Page(HTMLParser):
    """Elements as (name, attributes), and the text of the page with single spaces."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def find(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        wanted = attributes.items()
        return [attrs for name, attrs in self.elements if name == tag and wanted <= attrs.items()]

    def content(self, **attributes: str) -> str:
        """`content` of the one meta element with these attributes."""
        (meta,) = self.find("meta", **attributes)
        return str(meta["content"])

    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.elements if "id" in attrs]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

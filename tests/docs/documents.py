"""The documents and the examples in them.

An example is a block of Python or of shell; the block of text or JSON that follows it is what it prints, where ``…``
stands for anything. White space is not compared, so that an answer may be shown in several lines.
"""

import glob
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
}
SERVER = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Example:
    """A block of code, and what is shown below it; empty for nothing."""

    code: str
    shown: str

    def shows(self, printed: str) -> bool:
        """Whether this is what the document shows."""
        shown, text = ("".join(each.split()) for each in (self.shown, printed))
        return fnmatchcase(text, glob.escape(shown).replace("…", "*"))


def examples(document: str, language: str) -> list[Example]:
    """The blocks of a language in a document, in their order."""
    block = rf"^```{language}\n(.*?)^```$(?:\s*?(?:^[^\n`]+:\n\n)?^```(?:text|json)\n(.*?)^```$)?"
    blocks = re.findall(block, DOCUMENTS[document], re.DOTALL | re.MULTILINE)
    return [Example(code, shown) for code, shown in blocks]

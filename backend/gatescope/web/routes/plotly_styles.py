"""The styles that Plotly brings along in plotly.min.js, so that a strict Content-Security-Policy can name them.

Plotly writes its rules into a style element, which such a policy forbids. It leaves them to a stylesheet with the id
``plotly.js-style-global`` where there is one, but ships no such file. The styles of its map library cannot be left
out in this way; they never change, so the policy allows them by their hash.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

STRING = r"""(?:"[^"\\]*"|'[^'\\]*')"""
# {"X,X div":"direction:ltr;…",Y:'…'};for(…, where X and Y stand for PREFIXES.
RULE = rf"({STRING}|[XY]):({STRING})"
RULES = re.compile(rf"""\{{("X,X div":{STRING}(?:,{RULE})*)\}};for\(""")
PREFIXES = {"X": ".js-plotly-plot .plotly", "Y": ".plotly-notifier"}
# createElement("style");e.id="…",e.textContent='…'
STYLE_ELEMENT = re.compile(rf"""createElement\("style"\);\w+\.id=\w*{STRING},\w+\.textContent=({STRING})""")


@cache
def plotly_stylesheet() -> str:
    """Plotly's own CSS, one rule a line.

    Raises:
        ValueError: if the installed Plotly keeps its rules in another form.
    """
    rules = RULES.search(_script())
    if rules is None:
        raise ValueError("the installed Plotly keeps its style rules in an unknown form")
    # Plotly inserts each rule before the others, so that of two equally specific ones the first in its list wins.
    return "".join(
        f"{_selector(name)} {{{declarations[1:-1]}}}\n" for name, declarations in reversed(re.findall(RULE, rules[1]))
    )


@cache
def plotly_style_hashes() -> tuple[str, ...]:
    """The CSP sources of the style elements that Plotly inserts whole, such as ``'sha256-…'``."""
    styles = (match[1][1:-1] for match in STYLE_ELEMENT.finditer(_script()))
    digests = (hashlib.sha256(style.encode()).digest() for style in styles)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _script() -> str:
    return files("plotly").joinpath("package_data/plotly.min.js").read_text(encoding="utf-8")


def _selector(name: str) -> str:
    return re.sub("[XY]", lambda letter: PREFIXES[letter[0]], name.strip("\"'"))

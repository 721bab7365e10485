"""The words of the page, as its files hold them."""

import json
from pathlib import Path

FILES = sorted((Path(__file__).parents[1] / "frontend" / "i18n").glob("*.json"))
TEXTS: dict[str, dict[str, str]] = {file.stem: json.loads(file.read_text("utf-8")) for file in FILES}
LANGUAGES = tuple(TEXTS)

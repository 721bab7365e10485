"""Makes the README's picture, docs/page.png, from the running page: `scripts/screenshot`."""

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main() -> None:
    """Serve, open, wait for the plots, take the picture."""
    command = [sys.executable, "-m", "gatescope", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        browser = playwright.chromium.launch(
            executable_path=os.environ["GATESCOPE_CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light", locale="en")
        page.goto(address[0])
        page.locator("#agreement").wait_for()
        page.locator("#gates .heatmaplayer image").nth(5).wait_for()
        page.screenshot(path=Path(__file__).with_name("page.png"))
        browser.close()
        server.terminate()


if __name__ == "__main__":
    main()

"""A walk through the page with a model of a stranger, and what the places on its way show."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from playwright.sync_api import Locator, Page, Response, expect
from tests.browser.page import wait_until_idle
from tests.browser.strangers import Stranger
from torch import Tensor


@dataclass
class Walk:
    """A page on which a model of a stranger runs; refused: what the server said no to; answered: the questions met."""

    page: Page
    stranger: Stranger
    refused: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if "/api/" in response.url:
            if response.status >= 400:
                self.refused.append(f"{response.status} {response.url}")
            elif "/analyses/" in response.url:
                self.answered.append(response.url.split("/analyses/")[1].split("?")[0])

    @property
    def places(self) -> list[tuple[int, str]]:
        """Layers and directions."""
        return list(self.stranger.hidden_states())

    def go_to(self, layer: int, direction: str) -> None:
        self.page.locator(f"#layers [data-value='{layer}']").click()
        if self.stranger.recurrent.bidirectional:
            self.page.locator(f"#layers [data-value='{direction}']").click()

    def settled(self, *charts: str) -> None:
        """Waits until nothing is asked any more and the charts are drawn."""
        expect(self.page.locator(".answer[aria-busy=true]:visible")).to_have_count(0)
        wait_until_idle(self.page)
        for chart in charts:
            self.page.wait_for_function(f"() => document.getElementById('{chart}')?.data?.length > 0")

    @contextmanager
    def another_run(self) -> Iterator[None]:
        """Waits until what happens inside has led to another answer."""
        with self.page.expect_response(lambda response: "/api/v1/traces" in response.url and response.ok):
            yield
        self.settled()

    def is_refused(self, where: Locator, words: str, status: int | None = 422) -> None:
        """A refusal is said in words, where the reader looks."""
        expect(where).to_contain_text(words)
        assert status is None or [text.split()[0] for text in self.refused] == [str(status)], self.refused
        self.refused.clear()

    def panel(self, name: str) -> Locator:
        return self.page.locator(f"#panel-{name}")


def drawn(walk: Walk, chart: str, number: int, axis: str) -> Tensor:
    """What a trace of a chart shows."""
    script = """([chart, number, axis]) => JSON.stringify(document.getElementById(chart).data.at(number)[axis],
                (_key, value) => ArrayBuffer.isView(value) ? [...value] : value)"""
    return torch.tensor(json.loads(walk.page.evaluate(script, [chart, number, axis])))


def equal(found: Tensor, truth: Tensor) -> None:
    torch.testing.assert_close(found, truth.detach(), atol=1e-5, rtol=0)

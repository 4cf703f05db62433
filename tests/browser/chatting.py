"""The chat as a person uses it: opening, asking, reading."""

from __future__ import annotations

from tests.browser.pages import Page

GREEN = "Vad betyder målet om en grön kommun?"
GREEN_ENGLISH = "what does the green municipality goal mean?"
GREEN_WORDS = "Värnamo ska utvecklas så att både människor och miljö mår bra."
COMPARED = "Vad säger Värnamo och Vara om attraktiv kommun?"
LONG = "Hur arbetar Värnamo med målen?"
DECLINED = "När öppnar simhallen?"
ASK = "**/api/v1/ask"

# Every text that the live region comes to have, and how often a question is sent.
WATCHED = """() => {
  const region = document.querySelector("malvakt-chat").shadowRoot.querySelector("[role=status]");
  window.announced = [];
  new MutationObserver(() => region.textContent && window.announced.push(region.textContent))
    .observe(region, {childList: true, characterData: true, subtree: true});
}"""


class Chat:
    """The chat in a page, opened."""

    def __init__(self, page: Page, *, inside: str = "") -> None:
        """``inside``: a selector of the frame that holds the chat."""
        self.page = page
        self.root = page.frame_locator(inside) if inside else page
        self.field = self.root.locator("malvakt-chat textarea")
        self.launcher = self.root.locator("malvakt-chat .launcher")
        self.panel = self.root.locator("malvakt-chat .panel")
        self.reply = self.root.locator("malvakt-chat .reply").last
        self.people = self.root.locator("malvakt-chat .person")

    def open(self) -> Chat:
        self.launcher.click()
        self.field.wait_for()
        return self

    def write(self, question: str) -> None:
        self.field.fill(question)
        self.field.press("Enter")

    def ask(self, question: str) -> Chat:
        self.write(question)
        return self.finish()

    def finish(self) -> Chat:
        self.reply.wait_for()
        self.root.locator("malvakt-chat .waiting").wait_for(state="detached")
        return self

    def press(self, words: str) -> Chat:
        self.panel.get_by_role("button", name=words, exact=True).last.click()
        return self.finish()

    def watch(self) -> None:
        self.page.evaluate(WATCHED)

    @property
    def announced(self) -> list[str]:
        return list(self.page.evaluate("window.announced"))

    @property
    def focused(self) -> str:
        """What has the focus, within the chat: its id, class or name."""
        return str(
            self.page.evaluate(
                "() => { let one = document.activeElement;"
                " while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;"
                " return one.id || one.className || one.localName; }"
            )
        )


def asked(page: Page) -> list[str]:
    """The bodies of the questions sent from now on."""
    bodies: list[str] = []

    def note(request: Page) -> None:
        if request.url.endswith("/api/v1/ask") and request.method == "POST":
            bodies.append(request.post_data)

    page.on("request", note)
    return bodies

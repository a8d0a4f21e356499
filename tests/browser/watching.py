"""A page in a browser, watched for what goes wrong in it."""

from typing import Any

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


class Watched:
    """A page in a browser, with what went wrong in it and what it asked for."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self.requests.append(request.url))

    def _refuse(self, dialog: Any) -> None:
        self.complaints.append("a dialog")
        dialog.dismiss()

    def open(self) -> Any:
        self.page.goto(self.address)
        return self.page

    def assert_quiet(self) -> None:
        assert self.complaints == []
        assert [url for url in self.requests if not url.startswith("data:")] == [self.address]
        assert self.page.evaluate("window.attacked") is None

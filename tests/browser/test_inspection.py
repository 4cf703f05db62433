"""The checks themselves: each can fail, in the page and in a shadow root, in both colour schemes."""

from itertools import combinations, product

import pytest

from tests.browser.host_pages import HostPages
from tests.browser.pages import VIEWS, Check, OpenPage, Scheme

PAGE = """<!doctype html><html lang="sv"><title>Prov</title><meta name="color-scheme" content="light dark">
<style>:root {{color-scheme: light dark; background: light-dark(#fff, #111); color: light-dark(#111, #eee)}}
{style}</style><main><h1>Kommunens mål</h1><p>En text.</p><p>En till.</p>
<ul><li>En grön kommun</li></ul>
<p class="planted">Här står något.</p><malvakt-prov></malvakt-prov>{planted}</main>
<script>
customElements.define("malvakt-prov", class extends HTMLElement {{
  constructor() {{
    super();
    const root = this.attachShadow({{mode: "closed"}});
    const made = document.createRange().createContextualFragment(`<p>Inuti.</p>{inside}`);
    root.append(made);
  }}
}});
</script></html>"""

DARK_GREY = "@media (prefers-color-scheme: dark) { .planted { color: #333 } }"
LIGHT_GREY = "@media (prefers-color-scheme: light) { .planted { color: #ccc } }"


def page_with(host: HostPages, *, style: str = "", planted: str = "", inside: str = "") -> str:
    return host.put("/planted", PAGE.format(style=style, planted=planted, inside=inside))


@pytest.mark.parametrize(
    ("rule", "scheme", "faults"),
    [
        (None, "light", {}),
        (None, "dark", {}),
        ("image-alt", "light", {"planted": "<img src='/x.png'>"}),
        ("button-name", "light", {"inside": "<button></button>"}),
        ("color-contrast", "light", {"style": LIGHT_GREY}),
        (None, "dark", {"style": LIGHT_GREY}),
        ("color-contrast", "dark", {"style": DARK_GREY}),
        ("heading-order", "light", {"inside": "<h5>Rubrik</h5>"}),
        ("target-size", "light", {"inside": "<p><button>a</button><button>b</button></p><style>button"
                                  "{width:10px;height:10px;padding:0;border:0;font-size:8px}</style>"}),
    ],
)  # fmt: skip
def test_axe_finds_what_is_planted(
    open_page: OpenPage,
    hosts: tuple[HostPages, HostPages],
    axe: Check,
    rule: str | None,
    scheme: Scheme,
    faults: dict[str, str],
) -> None:
    found = axe(open_page(page_with(hosts[0], **faults), scheme=scheme))
    assert {fault.partition(":")[0] for fault in found} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ("", {}),
        ("wide in", {"planted": "<p style='width:5000px'>Bred</p>"}),
        ("high in", {"planted": "<p style='height:8px;overflow:hidden'>Avklippt</p>"}),
        ("lies over", {"planted": "<p>Under</p><p style='margin-top:-2.1em'>Ovanpå</p>"}),
        ("wide in", {"inside": "<div style='width:60px;overflow-x:auto'>Målvaktstexterna</div>"}),
        ("lies over", {"inside": "<p style='margin-top:-2.1em'>Ovanpå</p>"}),
    ],
)
def test_layout_finds_what_is_planted(
    open_page: OpenPage, hosts: tuple[HostPages, HostPages], layout: Check, words: str, faults: dict[str, str]
) -> None:
    found = layout(open_page(page_with(hosts[0], **faults)))
    assert bool(found) == bool(words), found
    assert all(words in fault for fault in found), found


def test_every_value_of_a_view_meets_every_other() -> None:
    for one, other in combinations(zip(*VIEWS, strict=True), 2):
        assert set(zip(one, other, strict=True)) == set(product(one, other))

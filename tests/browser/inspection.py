"""What is looked at on a page: accessibility by axe-core, and whether all text can be read."""

from __future__ import annotations

from typing import Any

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Text nodes with the boxes they are painted in; those read out only are one pixel large.
LAYOUT = """() => {
  const faults = [];
  const roots = [document];
  const name = element => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map(one => `.${one}`).join("");
    return `<${element.localName}${id}${classes}>`;
  };
  let texts = 0;
  for (const root of roots) {
    const boxes = [];
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      const scrolls = style.overflowX !== "visible" || element === document.documentElement;
      const wide = element.scrollWidth > element.clientWidth + 1;
      if (scrolls && wide && element.clientWidth > 0 && !element.matches("pre, input"))
        faults.push(`${name(element)} is ${element.scrollWidth} wide in ${element.clientWidth}`);
      const cuts = ["hidden", "clip"].includes(style.overflowY);
      if (cuts && element.scrollHeight > element.clientHeight + 1)
        faults.push(`${name(element)} is ${element.scrollHeight} high in ${element.clientHeight}`);
      if (element.localName === "button" && element.scrollWidth > element.clientWidth + 1)
        faults.push(`${name(element)} does not hold its text`);
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        texts += 1;
        for (const rect of range.getClientRects()) boxes.push({rect, node, element});
      }
    }
    // What lies outside the part of a scroller that is seen cannot cover anything.
    const clips = new Map();
    const clip = element => {
      if (!element || element.nodeType !== 1) return {top: -1e9, bottom: 1e9, left: -1e9, right: 1e9};
      if (!clips.has(element)) {
        const outer = clip(element.parentElement);
        const own = element.getBoundingClientRect();
        const scrolls = getComputedStyle(element).overflowY !== "visible";
        clips.set(element, scrolls ? {
          top: Math.max(outer.top, own.top), bottom: Math.min(outer.bottom, own.bottom),
          left: Math.max(outer.left, own.left), right: Math.min(outer.right, own.right),
        } : outer);
      }
      return clips.get(element);
    };
    const shown = boxes.map(({rect, node, element}) => {
      const by = clip(element);
      return {
        node, element,
        top: Math.max(rect.top, by.top), bottom: Math.min(rect.bottom, by.bottom),
        left: Math.max(rect.left, by.left), right: Math.min(rect.right, by.right),
      };
    }).filter(box => box.bottom - box.top > 1 && box.right - box.left > 1);
    const layer = element => {
      for (let one = element; one && one.nodeType === 1; one = one.parentElement)
        if (["fixed", "sticky"].includes(getComputedStyle(one).position)) return one;
      return null;
    };
    for (const box of shown) box.layer = layer(box.element);
    for (let a = 0; a < shown.length; a++)
      for (let b = a + 1; b < shown.length; b++) {
        const [one, other] = [shown[a], shown[b]];
        if (one.node === other.node || one.layer !== other.layer) continue;
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        // Lines stand closer than their boxes are high.
        const line = Math.min(one.bottom - one.top, other.bottom - other.top);
        const said = box => `"${box.node.data.trim().slice(0, 30)}"`;
        if (wide > 2 && high > line / 2) faults.push(`${said(one)} lies over ${said(other)}`);
      }
  }
  return {faults, texts};
}"""


def axe_violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    # Of the rules that pass, one element each: all of them are half a megabyte to hand over.
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    response = Axe().run(page, options=options).response
    assert len(response["passes"]) > 5, "axe found almost nothing to look at"
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


def layout_faults(page: Any) -> list[str]:
    found = page.evaluate(LAYOUT)
    assert found["texts"] > 3, "there is almost no text on the page"
    return list(found["faults"])

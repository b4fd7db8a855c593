/**
 * What a diagram does when it is looked at: hover, pin, search, and the choice of the scale. It
 * runs in a browser, so it is text here; it makes elements of text only by `textContent`.
 */
export const diagramScript = `"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const events = new Map(data.events.map((event) => [event.i, event]));
  const detail = document.getElementById("detail");
  const found = document.querySelector(".found");
  const search = document.querySelector("input");
  const figures = Array.from(document.querySelectorAll(".figure"));
  const marks = new Map();
  for (const element of document.querySelectorAll(".e")) {
    const index = Number(element.dataset.i);
    if (!marks.has(index)) marks.set(index, []);
    marks.get(index).push(element);
  }
  // Of each event the one before it on its lane: what happened there before may have led to it.
  const before = new Map();
  const last = new Map();
  for (const event of data.events) {
    before.set(event.i, last.get(event.l) ?? -1);
    last.set(event.l, event.i);
  }
  let pinned = -1;
  let shown = -1;

  const chainOf = (index) => {
    const chain = new Set();
    for (let at = index; events.has(at) && !chain.has(at); at = events.get(at).c) chain.add(at);
    return chain;
  };
  const pastOf = (index) => {
    const past = new Set();
    const left = [index];
    while (left.length > 0) {
      const at = left.pop();
      if (!events.has(at) || past.has(at)) continue;
      past.add(at);
      left.push(events.get(at).c, before.get(at));
    }
    return past;
  };
  const each = (indices, className, isOn) => {
    for (const index of indices) {
      for (const element of marks.get(index) ?? []) element.classList.toggle(className, isOn);
    }
  };
  const clear = () => {
    document.body.classList.remove("focus");
    each(marks.keys(), "past", false);
    each(marks.keys(), "chain", false);
    each(marks.keys(), "here", false);
    detail.textContent = "";
    shown = -1;
  };
  const tell = (index, chain) => {
    detail.textContent = "";
    const add = (name, text) => {
      const element = document.createElement(name);
      element.textContent = text;
      detail.append(element);
    };
    add("b", events.get(index).d + "\\n");
    const causes = Array.from(chain).slice(1, 9);
    if (causes.length > 0) add("i", "because of\\n");
    for (const cause of causes) add("span", "  " + events.get(cause).d + "\\n");
    if (chain.size > 9) add("i", "  and " + (chain.size - 9) + " before\\n");
  };
  const show = (index) => {
    if (index === shown) return;
    clear();
    if (!events.has(index)) return;
    shown = index;
    const chain = chainOf(index);
    each(pastOf(index), "past", true);
    each(chain, "chain", true);
    each([index], "here", true);
    document.body.classList.add("focus");
    tell(index, chain);
  };
  const indexAt = (target) => {
    const element = target instanceof Element ? target.closest(".e") : null;
    return element === null ? -1 : Number(element.dataset.i);
  };
  const reveal = (index) => {
    const isShown = (element) => !element.closest("svg").hasAttribute("hidden");
    const element = (marks.get(index) ?? []).find(isShown);
    element?.scrollIntoView({ block: "center", inline: "nearest" });
  };

  document.addEventListener("mouseover", ({ target }) => {
    if (pinned < 0) show(indexAt(target));
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("header, #detail") !== null) return;
    pinned = indexAt(target);
    show(pinned);
  });

  let hits = [];
  let at = -1;
  const look = () => {
    each(hits, "hit", false);
    const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    hits = words.length === 0 ? [] : data.events
      .filter(({ d }) => words.every((word) => d.toLowerCase().includes(word)))
      .map(({ i }) => i);
    each(hits, "hit", true);
    at = -1;
    found.textContent = words.length === 0 ? "" : hits.length + " found";
  };
  const step = (by) => {
    if (hits.length === 0) return;
    at = (at + by + hits.length) % hits.length;
    found.textContent = (at + 1) + " of " + hits.length;
    pinned = hits[at];
    show(pinned);
    reveal(pinned);
  };
  search.addEventListener("input", look);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape") {
      search.value = "";
      look();
      pinned = -1;
      clear();
    }
  });

  const scales = Array.from(document.querySelectorAll("button[data-figure]"));
  const choose = (name) => {
    for (const figure of figures) figure.toggleAttribute("hidden", figure.id !== name);
    for (const scale of scales) {
      scale.setAttribute("aria-pressed", String(scale.dataset.figure === name));
    }
    if (shown >= 0) reveal(shown);
  };
  for (const scale of scales) scale.addEventListener("click", () => choose(scale.dataset.figure));
  const wanted = new URLSearchParams(location.hash.slice(1));
  choose(wanted.get("scale") === "virtual" ? "virtual" : "logical");
  if (wanted.has("find")) {
    search.value = wanted.get("find");
    look();
  }
  if (wanted.has("event")) {
    pinned = Number(wanted.get("event"));
    show(pinned);
    reveal(pinned);
  }
})();
`

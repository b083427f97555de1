"use strict";
// Everything here is extra: without it the sheet shows the same pictures, and a click opens the file.
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(name, value);
      else made.setAttribute(name, value);
    }
    made.append(...inside);
    return made;
  };
  const button = (kind, label, sign, click) =>
    make("button", { type: "button", class: kind, "aria-label": label, click }, sign);

  // Theme: the system's, until somebody says otherwise. Remembered where the browser lets a page remember.
  const root = document.documentElement;
  const bar = document.querySelector(".bar");
  const fields = bar.elements;
  const dress = (theme) => {
    root.dataset.theme = theme;
    fields.theme.value = theme;
  };
  const remember = (act) => {
    try {
      return act(localStorage);
    } catch {
      return null; // a page from disk may have no store
    }
  };
  const kept = remember((store) => store.getItem("mjasync-theme"));
  dress(["light", "dark"].includes(kept) ? kept : "");
  fields.theme.addEventListener("change", () => {
    dress(fields.theme.value);
    remember((store) => store.setItem("mjasync-theme", fields.theme.value));
  });

  // Filter.
  const cards = all(".card");
  const shown = bar.querySelector("output");
  const nothing = document.querySelector(".nothing");
  const fits = (card, words) =>
    words.every((word) => card.dataset.text.includes(word)) &&
    ["mode", "ok"].every((name) => !fields[name].value || card.dataset[name] === fields[name].value) &&
    (!fields.accounts.value || card.dataset.accounts.split("|").includes(fields.accounts.value));
  const filter = () => {
    const words = fields.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const card of cards) card.hidden = !fits(card, words);
    const left = cards.filter((card) => !card.hidden).length;
    shown.textContent = left < cards.length ? `${left} of ${cards.length}` : "";
    nothing.hidden = left > 0 || !cards.length;
  };
  for (const name of ["mode", "accounts"]) {
    fields[name].closest("label").hidden = fields[name].options.length < 2;
  }
  fields.ok.closest("label").hidden = new Set(cards.map((card) => card.dataset.ok)).size < 2;
  fields.words.hidden = cards.length < 2;
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.addEventListener("input", filter);
  nothing.querySelector("button").addEventListener("click", () => {
    const theme = fields.theme.value;
    bar.reset();
    dress(theme);
    filter();
    fields.words.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, dialog") || fields.words.hidden) return;
    event.preventDefault();
    fields.words.focus();
  });
  bar.hidden = false;
  filter(); // a browser may have kept what was typed

  // One picture, large.
  const image = make("img", { alt: "" });
  const caption = make("p", { "aria-live": "polite", dir: "auto" });
  let at = 0;
  const links = () => {
    const seen = new Set();
    return all(".card:not([hidden]) .shot").filter((link) => !seen.has(link.href) && seen.add(link.href));
  };
  const show = (index) => {
    const every = links();
    at = (index + every.length) % every.length;
    image.src = every[at].href;
    image.alt = every[at].querySelector("img").alt;
    caption.replaceChildren(image.alt, " ", make("a", { href: every[at].href }, "open the file"));
  };
  const view = make(
    "dialog",
    {
      class: "view",
      "aria-label": "Picture",
      keydown: (event) => {
        if (event.key === "ArrowLeft") show(at - 1);
        if (event.key === "ArrowRight") show(at + 1);
      },
      click: (event) => event.target === image && view.close(),
    },
    image,
    caption,
    button("round back", "Previous picture", "‹", () => show(at - 1)),
    button("round on", "Next picture", "›", () => show(at + 1)),
    button("round close", "Close", "×", () => view.close()),
  );
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".shot");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(links().findIndex((each) => each.href === link.href));
    view.showModal();
  });

  // Two pictures, side by side or one over the other.
  let picked = [];
  const marks = new Map();
  const said = make("p", { "aria-live": "polite" });
  const pair = [0, 1].map(() => ({ image: make("img", { alt: "" }), words: make("figcaption", { dir: "auto" }) }));
  const cut = make("input", { type: "range", min: 0, max: 100, step: 1, value: 50, "aria-label": "How much of the first picture" });
  const stage = make(
    "div",
    { class: "pair" },
    ...pair.map((each) => make("figure", {}, each.image, each.words)),
    cut,
  );
  const slide = () => stage.style.setProperty("--cut", `${cut.value}%`);
  cut.addEventListener("input", slide);
  const way = (value, label) => {
    const radio = make("input", { type: "radio", name: "way", value, change: () => lay(value) });
    return make("label", {}, radio, label);
  };
  const ways = make("fieldset", { class: "ways-to", "aria-label": "How to compare" }, way("side", "Side by side"), way("over", "Slider"));
  const lay = (value) => {
    compare.classList.toggle("side", value === "side");
    compare.classList.toggle("over", value === "over");
    for (const radio of all("input", ways)) radio.checked = radio.value === value;
  };
  const compare = make(
    "dialog",
    { class: "compare", "aria-label": "Compare two pictures" },
    ways,
    stage,
    button("round close", "Close", "×", () => compare.close()),
  );
  const open = () => {
    picked.forEach((link, index) => {
      pair[index].image.src = link.href;
      pair[index].image.alt = pair[index].words.textContent = link.querySelector("img").alt;
    });
    lay("side");
    cut.value = 50;
    slide();
    compare.showModal();
    ways.querySelector("input").focus();
  };
  const start = make("button", { type: "button", class: "button main", click: open }, "Compare");
  const clear = () => {
    const last = picked.at(-1);
    pick([]);
    marks.get(last)?.focus();
  };
  const tray = make(
    "div",
    { class: "tray", role: "region", "aria-label": "Compare", hidden: "" },
    said,
    start,
    make("button", { type: "button", class: "button", click: clear }, "Clear"),
  );
  const pick = (links) => {
    picked = links;
    for (const [link, mark] of marks) {
      const place = picked.indexOf(link) + 1;
      mark.setAttribute("aria-pressed", String(place > 0));
      mark.textContent = place ? String(place) : "⇆";
    }
    tray.hidden = !picked.length;
    document.body.classList.toggle("picking", picked.length > 0);
    start.disabled = picked.length < 2;
    said.textContent = picked.length < 2 ? "Pick one more picture to compare." : "Two pictures picked.";
  };
  const shots = all(".picture .shot");
  for (const link of shots.length > 1 ? shots : []) {
    const mark = button("pick-button", `Compare ${link.querySelector("img").alt}`, "⇆", () => {
      const others = picked.filter((each) => each !== link);
      pick(others.length < picked.length ? others : [...picked, link].slice(-2));
    });
    mark.setAttribute("aria-pressed", "false");
    mark.title = "Compare";
    marks.set(link, mark);
    link.after(mark);
  }
  document.body.append(tray, view, compare);
})();

"use strict";
// Everything here is extra: without it the sheet shows the same pictures, and a click opens the file.
(() => {
  const cards = [...document.querySelectorAll(".card")];
  const form = document.querySelector(".filter");
  const [box, shown] = [form.querySelector("input"), form.querySelector("output")];
  const filter = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const card of cards) {
      card.hidden = !words.every((word) => card.dataset.text.includes(word));
      left += card.hidden ? 0 : 1;
    }
    shown.textContent = words.length ? `${left} of ${cards.length}` : "";
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", filter);
  form.hidden = cards.length < 2;
  if (box.value) filter();

  const view = document.createElement("dialog");
  view.setAttribute("aria-label", "Picture");
  const button = (name, label, sign, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.setAttribute("aria-label", label);
    made.textContent = sign;
    made.addEventListener("click", act);
    return made;
  };
  const image = document.createElement("img");
  const words = document.createElement("p");
  let at = 0;
  const links = () => [...document.querySelectorAll(".card:not([hidden]) .picture")];
  const show = (index) => {
    const all = links();
    at = (index + all.length) % all.length;
    image.src = all[at].href;
    image.alt = all[at].querySelector("img").alt;
    words.textContent = image.alt;
  };
  view.append(
    image,
    words,
    button("close", "Close", "×", () => view.close()),
    button("back", "Previous picture", "‹", () => show(at - 1)),
    button("on", "Next picture", "›", () => show(at + 1)),
  );
  document.body.append(view);
  view.addEventListener("click", (event) => event.target === image && view.close());
  view.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".picture");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !view.showModal) return;
    event.preventDefault();
    show(links().indexOf(link));
    view.showModal();
  });
})();

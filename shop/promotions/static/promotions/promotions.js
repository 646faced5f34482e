/*
 * The editor of promotions: shows the fields of the chosen kind, and says the promotion in words.
 * Without this script every field is shown, and only those of the kind count.
 */
(() => {
  "use strict";

  const WAIT = 500;

  function start() {
    const form = document.getElementById("w-editor-form");
    const words = document.querySelector("[data-promotion-words]");
    if (!form || !words) return;
    const place = words.querySelector("[data-promotion-sentences]");

    const show = () => {
      const kind = form.elements.reward_kind.value;
      for (const part of form.querySelectorAll("[data-for-kinds]")) {
        part.hidden = !part.dataset.forKinds.split(" ").includes(kind);
      }
      const isCatalogue = form.elements.kind.value === "catalogue";
      for (const part of form.querySelectorAll("[data-cart-only]")) part.hidden = isCatalogue;
    };

    const list = (sentences, className) => {
      const element = document.createElement("ul");
      element.className = className;
      element.append(...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      return element;
    };

    let asked = 0;
    const ask = async () => {
      const number = ++asked;
      let found;
      try {
        const answer = await fetch(words.dataset.promotionWords, { method: "POST", body: new FormData(form) });
        if (!answer.ok) return;
        found = await answer.json();
      } catch {
        return;
      }
      if (number !== asked) return;
      place.replaceChildren(list(found.sentences, "promo-sentences"));
      if (found.advice.length) place.append(list(found.advice, "promo-sentences promo-advice"));
      if (found.missing.length) {
        place.append(Object.assign(document.createElement("p"), { textContent: `Still to be mended: ${found.missing.join(", ")}.` }));
      }
    };

    let timer;
    const soon = () => {
      show();
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    // The builder of rules writes into its field without an event.
    form.addEventListener("click", soon);
    show();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

/*
 * Counts combinations and ticks while one chooses. Without this script both steps are plain forms.
 */
(() => {
  "use strict";

  const choose = document.querySelector("[data-matrix-choose]");
  const form = document.querySelector("[data-matrix]");

  if (choose) {
    const count = choose.querySelector("[data-matrix-count]");
    const tell = () => {
      const sizes = [...choose.querySelectorAll(".vm-attribute")].map((one) => one.querySelectorAll("input:checked").length).filter(Boolean);
      const total = sizes.reduce((product, size) => product * size, 1);
      count.textContent = sizes.length ? `${total} ${total === 1 ? "combination" : "combinations"}` : "";
    };
    choose.addEventListener("change", tell);
    tell();
  }

  if (form) {
    const picks = [...form.querySelectorAll("[data-matrix-pick]")];
    const all = form.querySelector("[data-matrix-all]");
    const told = form.querySelector("[data-matrix-picked]");
    const tell = () => {
      const ticked = picks.filter((pick) => pick.checked).length;
      all.checked = ticked > 0 && ticked === picks.length;
      all.indeterminate = ticked > 0 && ticked < picks.length;
      if (told) told.textContent = `${ticked} of ${picks.length} ticked`;
    };
    all.hidden = picks.length === 0;
    all.addEventListener("change", () => {
      for (const pick of picks) pick.checked = all.checked;
      tell();
    });
    for (const pick of picks) pick.addEventListener("change", tell);
    // Enter goes down the column instead of making variants by accident.
    form.addEventListener("keydown", (event) => {
      const field = event.target.closest("[data-cell]");
      if (!field || event.key !== "Enter") return;
      event.preventDefault();
      const column = [...field.closest("tr").children].indexOf(field.closest("td"));
      const fields = [...form.querySelectorAll("tbody tr")].map((row) => row.children[column]?.querySelector("[data-cell]")).filter(Boolean);
      const next = fields[fields.indexOf(field) + (event.shiftKey ? -1 : 1)];
      if (next) { next.focus(); next.select(); }
    });
    tell();
  }

  const errors = document.querySelector("[data-matrix-errors]");
  if (errors) errors.focus();
})();

/*
 * Moves products at once, by button or by dragging, and tells what was moved.
 * Without this script every button sends the form, which shows the new order the same way.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-category-order]");
  if (!form) return;
  const list = form.querySelector("[data-order-list]");
  const offers = form.querySelector("[data-order-offers]");
  const status = form.querySelector("[data-order-status]");
  const unsaved = form.querySelector("[data-order-unsaved]");
  let isSubmitting = false;
  let dragged = null;

  const rows = () => [...list.children];

  function changed(row, sentence) {
    form.querySelector("[data-order-count]").textContent = `(${rows().length})`;
    form.querySelector("[data-order-empty]").hidden = rows().length > 0;
    unsaved.hidden = false;
    status.textContent = sentence || `${row.dataset.title} is now number ${rows().indexOf(row) + 1} of ${rows().length}.`;
  }

  const MOVES = {
    first: (row) => list.prepend(row),
    up: (row) => row.previousElementSibling && row.previousElementSibling.before(row),
    down: (row) => row.nextElementSibling && row.nextElementSibling.after(row),
    add: (row) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "product", value: row.dataset.orderRow });
      row.prepend(field);
      list.append(row);
      enableDrag(row);
    },
    remove: (row) => {
      row.querySelector('input[name="product"]').remove();
      row.draggable = false;
      if (offers) offers.prepend(row);
      else row.remove();
    },
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="action"]');
    const row = button && button.closest("[data-order-row]");
    if (!row) return;
    const [move] = button.value.split(":");
    if (!MOVES[move]) return;
    event.preventDefault();
    const next = row.nextElementSibling || row.previousElementSibling;
    MOVES[move](row);
    changed(row, move === "remove" ? `${row.dataset.title} has no place by hand any more.` : "");
    const leaves = move === "remove" || move === "add";
    const target = leaves ? next && next.querySelector(`button[value^="${move}:"]`) : button;
    (target || form.querySelector('button[value="save"]')).focus();
  });

  function enableDrag(row) { row.draggable = true; }

  list.classList.add("co-can-drag");
  rows().forEach(enableDrag);
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-order-row]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.title);
    dragged.classList.add("co-dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-order-row]");
    if (!dragged || !over) return;
    event.preventDefault();
    rows().forEach((row) => row.classList.toggle("co-over", row === over && row !== dragged));
  });
  list.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-order-row]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    if (rows().indexOf(dragged) < rows().indexOf(over)) over.after(dragged);
    else over.before(dragged);
    changed(dragged);
  });
  list.addEventListener("dragend", () => {
    rows().forEach((row) => row.classList.remove("co-dragged", "co-over"));
    dragged = null;
  });

  form.addEventListener("submit", () => { isSubmitting = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved.hidden && !isSubmitting) event.preventDefault();
  });
})();

/*
 * Undo, redo, fill down, and changing a column by percent on a sheet, before it is saved.
 * Rounding is the server's: it answers with the cells that differ, and they become one step here.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-variant-grid]");
  if (!form) return;
  const body = form.querySelector("[data-grid-rows]");
  const status = form.querySelector("[data-grid-status]");
  const bar = form.querySelector("[data-grid-history]");
  const undoButton = form.querySelector("[data-grid-undo]");
  const redoButton = form.querySelector("[data-grid-redo]");
  const fillButton = form.querySelector("[data-grid-fill]");
  const adjust = form.querySelector("[data-grid-adjust]");
  const chooseAll = form.querySelector("[data-grid-choose-all]");
  if (!bar) return;

  const done = [];
  const undone = [];
  const known = new WeakMap();
  let last = null;

  const fields = () => form.querySelectorAll("[data-cell]");
  const say = (text) => { status.textContent = text; };
  // A row that a script has added begins empty, or with the first of a list.
  const knownOf = (field) => (known.has(field) ? known.get(field) : field.dataset.seen);
  const count = (number) => (number === 1 ? "1 cell" : `${number} cells`);

  function showState() {
    undoButton.disabled = done.length === 0;
    redoButton.disabled = undone.length === 0;
    fillButton.disabled = last === null;
  }

  // Whatever differs from what we knew is one step: a typed cell, a paste, a filled column.
  function keepStep(candidates) {
    const step = [];
    for (const field of candidates) {
      const before = knownOf(field);
      if (field.value === before) continue;
      step.push({ field, before, after: field.value });
      known.set(field, field.value);
    }
    if (step.length) {
      done.push(step);
      undone.length = 0;
    }
    showState();
    return step.length;
  }

  function replay(from, to, side, word) {
    keepStep(fields());
    const step = from.pop();
    if (!step) return;
    for (const { field, [side]: value } of step) {
      field.value = value;
      known.set(field, value);
    }
    to.push(step);
    tellSheet();
    const first = step[0].field;
    if (first.isConnected) {
      first.focus({ preventScroll: true });
      first.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    say(`${word}: ${count(step.length)}.`);
    showState();
  }

  const undo = () => replay(done, undone, "before", "Taken back");
  const redo = () => replay(undone, done, "after", "Done again");
  const tellSheet = () => form.dispatchEvent(new CustomEvent("grid:refresh"));

  function columnOf(field) {
    const cells = [...field.closest("tr").children];
    const index = cells.indexOf(field.closest("td"));
    return (row) => row.children[index]?.querySelector("[data-cell]");
  }

  function copyInto(source, targets) {
    for (const target of targets) if (target && target !== source) target.value = source.value;
    const changed = keepStep(targets.filter(Boolean));
    tellSheet();
    say(`${count(changed)} filled.`);
  }

  function fillDown() {
    if (!last || !last.isConnected) return;
    const rows = [...body.querySelectorAll("tr[data-row]")];
    const chosen = rows.filter((row) => row.querySelector("[data-grid-chosen]")?.checked);
    const below = rows.slice(rows.indexOf(last.closest("tr")) + 1);
    copyInto(last, (chosen.length ? chosen : below).map(columnOf(last)));
  }

  function fillFromAbove(field) {
    const rows = [...body.querySelectorAll("tr[data-row]")];
    const above = rows[rows.indexOf(field.closest("tr")) - 1];
    const source = above && columnOf(field)(above);
    if (source) copyInto(source, [field]);
  }

  function shortcuts(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const field = event.target.closest("[data-cell]");
    const key = event.key.toLowerCase();
    // Outside of the cells, the browser's own undo stands.
    if (!field) return;
    if (key === "z" && !event.shiftKey) undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) redo();
    else if (key === "d" && !event.shiftKey) fillFromAbove(field);
    else return;
    event.preventDefault();
  }

  function showError(name, text) {
    const place = adjust.querySelector(`[data-error-of="${name}"]`);
    if (place) place.textContent = text;
  }

  function showRefused(field, text) {
    const cell = field.closest("td");
    cell.classList.add("vg-wrong");
    field.setAttribute("aria-invalid", "true");
    let note = cell.querySelector(".vg-error");
    if (!note) {
      note = document.createElement("span");
      note.className = "vg-error";
      note.id = `${field.id}-error`;
      cell.append(note);
      field.setAttribute("aria-describedby", note.id);
    }
    note.textContent = text;
  }

  async function changeColumn(event) {
    event.preventDefault();
    keepStep(fields());
    const sent = new FormData(form);
    sent.set("action", "adjust");
    let answer;
    try {
      const response = await fetch(window.location.href, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      answer = await response.json();
    } catch {
      say("The cells could not be changed: check your connection, then try again. Nothing is lost.");
      showError("adjust-value", "No answer from the shop: try again. Nothing is lost.");
      return;
    }
    for (const place of adjust.querySelectorAll("[data-error-of]")) place.textContent = answer.errors[place.dataset.errorOf] || "";
    const changed = [];
    for (const [name, value] of Object.entries(answer.cells)) {
      const field = document.getElementById(name);
      if (field) {
        field.value = value;
        changed.push(field);
      }
    }
    for (const [name, text] of Object.entries(answer.refused)) {
      const field = document.getElementById(name);
      if (field) showRefused(field, text);
    }
    const steps = keepStep(changed);
    tellSheet();
    if (!Object.keys(answer.errors).length) say(steps ? `${count(steps)} changed, and not saved yet.` : "Nothing changed: the cells are empty, or hold this already.");
  }

  form.addEventListener("change", (event) => {
    const field = event.target.closest("[data-cell]");
    if (field) keepStep([field]);
  });
  form.addEventListener("grid:edited", () => keepStep(fields()));
  body.addEventListener("focusin", (event) => {
    const field = event.target.closest("[data-cell]");
    if (field) {
      last = field;
      showState();
    }
  });
  form.addEventListener("keydown", shortcuts);
  undoButton.addEventListener("click", undo);
  redoButton.addEventListener("click", redo);
  fillButton.addEventListener("click", fillDown);

  if (adjust) {
    const button = adjust.querySelector("button");
    button.addEventListener("click", changeColumn);
    adjust.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target !== button) changeColumn(event);
    });
  }
  if (chooseAll) {
    const all = chooseAll.querySelector("input");
    const boxes = [...body.querySelectorAll("[data-grid-chosen]")];
    chooseAll.hidden = false;
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
    body.addEventListener("change", (event) => {
      if (!event.target.closest("[data-grid-chosen]")) return;
      all.checked = boxes.every((box) => box.checked);
    });
  }
  // What came back from the server unsaved can be taken back too.
  keepStep(fields());
  bar.hidden = false;
  showState();
})();

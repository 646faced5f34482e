/*
 * The sheet of variants, prices and stock, made to feel like a spreadsheet.
 * Without this script it is a plain form and saves the same way.
 */
(() => {
  "use strict";

  const form = document.querySelector("[data-variant-grid]");
  if (!form) return;
  const body = form.querySelector("[data-grid-rows]");
  const template = form.querySelector("[data-grid-template]");
  const addButton = form.querySelector("[data-grid-add]");
  const status = form.querySelector("[data-grid-status]");
  const unsaved = form.querySelector("[data-grid-unsaved]");
  let isSubmitting = false;

  const rows = () => [...body.querySelectorAll("tr[data-row]")];
  // Cells by place, holes included: a column without a field must not shift what is pasted.
  // Columns that are hidden are no places at all.
  const shownCells = (row) => [...row.children].filter((cell) => !cell.hidden);
  const places = (row) => shownCells(row).map((cell) => cell.querySelector("[data-cell]"));
  const say = (text) => { status.textContent = text; };

  function addRow() {
    const taken = rows().map((row) => (row.dataset.row.startsWith("n") ? Number(row.dataset.row.slice(1)) : 0));
    const key = `n${Math.max(0, ...taken) + 1}`;
    const holder = document.createElement("tbody");
    holder.innerHTML = template.innerHTML.replaceAll("__row__", key).replaceAll("New variant " + key, "New variant " + key.slice(1));
    const row = holder.querySelector("tr");
    body.append(row);
    enableRemoval(row);
    showGroups(row);
    return row;
  }

  function enableRemoval(row) {
    const button = row.querySelector("[data-grid-remove]");
    if (button) button.hidden = false;
  }

  // Which groups of columns are shown is remembered in this browser, by their names.
  const groups = form.querySelector("[data-grid-groups]");
  const toggles = groups ? [...groups.querySelectorAll("[data-group-toggle]")] : [];
  const remembered = "nexus.sheet.columns";

  function showGroups(part) {
    for (const toggle of toggles) {
      for (const cell of part.querySelectorAll(`[data-group="${toggle.dataset.groupToggle}"]`)) cell.hidden = !toggle.checked;
    }
  }

  function recallGroups() {
    let choice = {};
    try { choice = JSON.parse(localStorage.getItem(remembered)) || {}; } catch { /* Nothing usable is remembered. */ }
    for (const toggle of toggles) {
      if (toggle.dataset.groupName in choice) toggle.checked = choice[toggle.dataset.groupName];
      // What has to be mended is never hidden.
      if (form.querySelector(`.vg-wrong[data-group="${toggle.dataset.groupToggle}"]`)) toggle.checked = true;
    }
    showGroups(form);
    if (groups) groups.hidden = toggles.length === 0;
  }

  function toggleGroups(event) {
    if (!event.target.closest("[data-group-toggle]")) return;
    showGroups(form);
    const choice = Object.fromEntries(toggles.map((toggle) => [toggle.dataset.groupName, toggle.checked]));
    try { localStorage.setItem(remembered, JSON.stringify(choice)); } catch { /* Private windows may keep nothing. */ }
  }

  // A sheet of many products holds thousands of cells: while one is typed into, only that one is looked at.
  const changedCells = new Set();

  function markCell(field) {
    const differs = field.value.trim() !== field.dataset.seen;
    field.closest("td").classList.toggle("vg-changed", differs);
    if (differs) changedCells.add(field);
    else changedCells.delete(field);
  }

  function countChanges() {
    const changed = changedCells.size + form.querySelectorAll(".vg-archive input:checked, [name=restore]:checked").length;
    if (unsaved) {
      unsaved.hidden = changed === 0;
      unsaved.textContent = changed === 1 ? "1 unsaved change." : `${changed} unsaved changes.`;
    }
    return changed;
  }

  function markChanges() {
    changedCells.clear();
    for (const field of form.querySelectorAll("[data-cell]")) markCell(field);
    return countChanges();
  }

  function focusCell(rowIndex, column) {
    const row = rows()[rowIndex];
    const field = row && places(row)[column];
    if (!field) return false;
    field.focus();
    if (field.select) field.select();
    return true;
  }

  function whereIs(field) {
    const row = field.closest("tr");
    return { row: rows().indexOf(row), column: shownCells(row).indexOf(field.closest("td")) };
  }

  // A paste may name a choice by what is read or by its short name.
  function fill(field, text) {
    if (field.tagName !== "SELECT") {
      field.value = text.trim();
      return true;
    }
    const wanted = text.trim().toLowerCase();
    const option = [...field.options].find((one) => one.text.trim().toLowerCase() === wanted || one.value.toLowerCase() === wanted);
    if (option) field.value = option.value;
    return Boolean(option);
  }

  // Cells with line breaks come quoted, as spreadsheets copy them.
  function readBlock(text) {
    const block = [[]];
    const pattern = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
    const trimmed = text.replace(/[\r\n]+$/, "");
    while (pattern.lastIndex <= trimmed.length) {
      const match = pattern.exec(trimmed);
      if (!match) break;
      block.at(-1).push(match[1] !== undefined ? match[1].replaceAll('""', '"').replace(/\s*[\r\n]+\s*/g, " ") : match[2]);
      if (match[3] === "") break;
      if (match[3] !== "\t") block.push([]);
    }
    return block;
  }

  function paste(event) {
    const field = event.target.closest("[data-cell]");
    const text = event.clipboardData.getData("text/plain");
    if (!field || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const start = whereIs(field);
    const block = readBlock(text);
    let pasted = 0;
    let refused = 0;
    block.forEach((values, down) => {
      const row = rows()[start.row + down] || (template ? addRow() : null);
      const fields = row ? places(row) : [];
      values.forEach((value, right) => {
        const target = fields[start.column + right];
        if (target && fill(target, value)) pasted += 1;
        else refused += 1;
      });
    });
    markChanges();
    form.dispatchEvent(new CustomEvent("grid:edited"));
    const lost = refused ? ` ${refused} did not fit: they are outside the sheet, or no value of the list.` : "";
    say(`${pasted} cells pasted.${lost}`);
  }

  function isAtEdge(field, side) {
    if (field.tagName === "SELECT") return true;
    const edge = side === "start" ? 0 : field.value.length;
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    return all || (field.selectionStart === edge && field.selectionEnd === edge);
  }

  function move(event) {
    const field = event.target.closest("[data-cell]");
    if (!field || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = whereIs(field);
    const isList = field.tagName === "SELECT";
    const steps = {
      Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowDown: isList ? null : [1, 0],
      ArrowUp: isList ? null : [-1, 0],
      ArrowRight: isAtEdge(field, "end") && !event.shiftKey ? [0, 1] : null,
      ArrowLeft: isAtEdge(field, "start") && !event.shiftKey ? [0, -1] : null,
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    let column = here.column + step[1];
    const fields = places(rows()[here.row]);
    while (step[1] && column in fields && !fields[column]) column += step[1];
    const isLast = here.row === rows().length - 1;
    if (event.key === "Enter" && !event.shiftKey && isLast && template && field.value.trim()) addRow();
    focusCell(here.row + step[0], column);
  }

  body.addEventListener("keydown", move);
  body.addEventListener("paste", paste);
  form.addEventListener("input", (event) => {
    const field = event.target.closest("[data-cell]");
    if (field) markCell(field);
    countChanges();
  });
  form.addEventListener("grid:refresh", markChanges);
  form.addEventListener("change", (event) => {
    toggleGroups(event);
    if (event.target.closest(".vg-archive")) {
      event.target.closest("tr").classList.toggle("vg-leaving", event.target.checked);
    }
    const field = event.target.closest("[data-cell]");
    if (field) markCell(field);
    countChanges();
  });
  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-grid-remove]");
    if (!button) return;
    const row = button.closest("tr");
    const index = rows().indexOf(row);
    row.remove();
    markChanges();
    say("Row removed.");
    if (!focusCell(Math.max(0, index - 1), 0) && addButton) addButton.focus();
  });
  if (addButton) {
    addButton.addEventListener("click", (event) => {
      event.preventDefault();
      places(addRow()).find(Boolean).focus();
    });
  }
  form.addEventListener("submit", () => { isSubmitting = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!isSubmitting && countChanges()) event.preventDefault();
  });

  rows().filter((row) => row.dataset.row.startsWith("n")).forEach(enableRemoval);
  recallGroups();
  markChanges();
  const errors = document.querySelector("[data-grid-errors]");
  if (errors) errors.focus();
})();

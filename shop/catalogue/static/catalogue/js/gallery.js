// Adds pictures to a product's gallery, many at once: chosen from the library, picked as files or dropped.
(() => {
  function setUp(tools) {
    const options = JSON.parse(tools.dataset.gallery);
    const panel = new window.MultipleChooserPanel(options);
    const files = tools.querySelector("[data-gallery-files]");
    const status = tools.querySelector("[data-gallery-status]");
    const errors = tools.querySelector("[data-gallery-errors]");
    let queue = Promise.resolve();

    const fieldOf = (row, name) => document.getElementById(`${options.formsetPrefix}-${row}-${name}`);

    function isFull() {
      return options.maxForms && panel.getChildCount() >= options.maxForms;
    }

    function addRow(picture) {
      panel.addForm();
      const row = panel.formCount - 1;
      const chooser = panel.chooserWidgetFactory.getById(`${options.formsetPrefix}-${row}-${options.chooserFieldName}`);
      chooser.setStateFromModalData(picture);
      const text = fieldOf(row, "alt_text");
      // The library's text is offered where somebody wrote one; a file's name is none.
      if (text && picture.default_alt_text !== picture.title) text.value = picture.default_alt_text;
      return text;
    }

    async function send(file) {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      body.append("title", file.name.replace(/\.[^.]+$/, "").replace(/[-_]+/g, " ").trim() || file.name);
      body.append("collection", tools.querySelector("[data-gallery-collection]").value);
      body.append("files[]", file);
      const headers = { "X-Requested-With": "XMLHttpRequest" };
      const answer = await fetch(tools.dataset.galleryUpload, { method: "POST", body, headers });
      if (!answer.ok) throw new Error("The server did not take it. Try it once more.");
      const stored = await answer.json();
      if (!stored.success) throw new Error(stored.error_message);
      if (!stored.image_id) throw new Error("Its collection is missing. Upload it in Images instead.");
      const chosen = await fetch(tools.dataset.galleryChosen.replace("/0/", `/${stored.image_id}/`), { headers });
      if (!chosen.ok) throw new Error("It was uploaded, but you may not choose it.");
      return (await chosen.json()).result;
    }

    function refuse(file, words) {
      const line = document.createElement("li");
      line.textContent = `${file.name}: ${words}`;
      errors.append(line);
      errors.hidden = false;
    }

    async function upload(list) {
      const chosen = [...list].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
      const texts = [];
      errors.replaceChildren();
      errors.hidden = true;
      for (const [index, file] of chosen.entries()) {
        status.textContent = `Uploading ${index + 1} of ${chosen.length}: ${file.name}`;
        try {
          if (isFull()) throw new Error(`A product has at most ${options.maxForms} pictures.`);
          texts.push(addRow(await send(file)));
        } catch (error) {
          refuse(file, error.message);
        }
      }
      const count = texts.length;
      status.textContent = count
        ? `${count} ${count === 1 ? "picture" : "pictures"} added. Write for each what it shows: the product is not published without.`
        : "";
      texts.find((text) => text && !text.value)?.focus();
    }

    function take(list) {
      const held = [...list];
      if (held.length) queue = queue.then(() => upload(held));
    }

    if (!files) return;
    tools.querySelector("[data-gallery-open]").addEventListener("click", () => files.click());
    files.addEventListener("change", () => {
      take(files.files);
      files.value = "";
    });
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    for (const kind of ["dragenter", "dragover"]) {
      tools.addEventListener(kind, (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        tools.classList.add("is-over");
      });
    }
    tools.addEventListener("dragleave", (event) => {
      if (!tools.contains(event.relatedTarget)) tools.classList.remove("is-over");
    });
    tools.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      tools.classList.remove("is-over");
      take(event.dataTransfer.files);
    });
  }

  function start() {
    for (const tools of document.querySelectorAll("[data-gallery]")) setUp(tools);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

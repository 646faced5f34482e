// Cart and checkout over the REST API: errors beside the fields, nothing lost, no order twice.
// Without this file the same pages work as plain forms.

const API = "/api/v1";

class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || "That did not work. Try again.");
    this.status = status;
    this.problem = problem;
  }
}

/** Something is missing, and says so already. */
class Incomplete extends Error {}

async function call(method, path, body, headers = {}) {
  const answer = await fetch(`${API}${path}`, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
  });
  if (answer.status === 204) return null;
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, data);
  return data;
}

// -- cart ----------------------------------------------------------------------------------------------

const cartPage = document.querySelector("[data-cart-page]");

/** Draw the cart anew from the server, and keep the focus where it was. */
async function redraw() {
  const focused = document.activeElement?.id;
  const answer = await fetch(location.pathname, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
  cartPage.innerHTML = await answer.text();
  const count = Number(cartPage.querySelector("[data-count]")?.dataset.count ?? 0);
  for (const plate of document.querySelectorAll("[data-cart-count]")) {
    plate.firstChild.nodeValue = String(count);
    plate.hidden = !count;
  }
  (document.getElementById(focused) ?? cartPage.querySelector("h1"))?.focus();
}

async function setQuantity(form, quantity) {
  const cart = cartPage.querySelector("[data-cart]").dataset.cart;
  const line = form.closest("[data-line]").dataset.line;
  cartPage.classList.add("is-busy");
  try {
    await call("PATCH", `/carts/${cart}/lines/${line}/`, { quantity });
  } catch (error) {
    // Taken out in another tab: what was wanted, or the new list says why not.
    if (!(error instanceof Refused)) return form.submit();
  } finally {
    cartPage.classList.remove("is-busy");
  }
  return redraw();
}

if (cartPage) {
  cartPage.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-line-form]");
    if (!form) return;
    event.preventDefault();
    const quantity = Number(new FormData(form, event.submitter).get("quantity"));
    if (Number.isInteger(quantity) && quantity >= 0 && quantity <= 999) setQuantity(form, quantity);
    else form.reportValidity();
  });
  cartPage.addEventListener("change", (event) => {
    if (event.target.matches("[data-line-form] input[type=number]")) event.target.form.requestSubmit();
  });
}

// -- checkout ------------------------------------------------------------------------------------------

const checkout = document.querySelector("[data-checkout]");
const form = checkout?.querySelector("[data-step]");
const cart = checkout?.dataset.cart;
const ADDRESS = ["first_name", "last_name", "company", "line1", "line2", "postal_code", "city", "region", "country", "phone"];

function readAddress(kind) {
  const address = {};
  for (const name of ADDRESS) {
    const value = form.elements[`${kind}-${name}`]?.value.trim();
    if (value) address[name] = value;
  }
  return address;
}

function clearErrors() {
  for (const text of form.querySelectorAll(".field__error")) text.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  form.querySelector("[data-form-error]").hidden = true;
}

function showFieldError(name, detail) {
  const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!field) return false;
  if (field.querySelector(".field__error")) return true;
  const input = field.querySelector("input, select, textarea");
  const text = document.createElement("p");
  text.className = "field__error";
  text.id = `${input.id}_error`;
  text.textContent = detail;
  field.append(text);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), text.id].filter(Boolean).join(" "));
  return true;
}

function showFormError(detail) {
  const note = form.querySelector("[data-form-error]");
  note.querySelector("p").textContent = detail;
  note.hidden = false;
  note.scrollIntoView({ block: "center" });
}

/** Put each error of a problem+json answer beside its field; what has none stands on top. */
function showProblem(refused) {
  const rest = [];
  for (const { attr, detail } of refused.problem.errors ?? []) {
    const name = (attr ?? "").replace("shipping_address.", "shipping-").replace("billing_address.", "billing-");
    if (!showFieldError(name, detail)) rest.push(detail);
  }
  const first = form.querySelector("[aria-invalid=true]");
  if (rest.length || !first) showFormError(rest[0] ?? refused.message);
  first?.focus();
}

const steps = {
  async address() {
    // The API takes a cart without an address of its own; an order needs one.
    if (!form.elements.email.validity.valid) {
      showFieldError("email", "Enter your e-mail address, for example ada@example.org.");
      form.elements.email.focus();
      throw new Incomplete();
    }
    const goesTo = "shipsNothing" in form.dataset ? {} : { shipping_address: readAddress("shipping") };
    await call("PATCH", `/carts/${cart}/`, {
      email: form.elements.email.value.trim(),
      note: form.elements.note.value,
      ...goesTo,
      billing_address: form.elements.other_billing.checked ? readAddress("billing") : null,
    });
    location.assign(form.dataset.next);
  },
  async delivery() {
    const chosen = new FormData(form).get("shipping_method");
    if (!chosen) {
      showFormError("Choose how it should travel.");
      throw new Incomplete();
    }
    await call("PATCH", `/carts/${cart}/`, { shipping_method: chosen });
    location.assign(form.dataset.next);
  },
  async payment() {
    const body = {
      cart,
      expected_total: { amount: form.elements.expected_total.value, currency: form.dataset.currency },
      payment: { gateway: new FormData(form).get("gateway") },
    };
    try {
      // The key was made with the page: a second press, or a press after a lost answer, is the same order.
      await call("POST", "/checkout/", body, { "Idempotency-Key": form.elements.key.value });
    } catch (error) {
      // Ordered by another tab: the server knows the way to the order.
      if (!(error instanceof Refused) || error.problem.code !== "cart_completed") throw error;
    }
    location.assign(location.pathname);
  },
};

if (form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[data-submit]");
    if (button.classList.contains("is-busy")) return;
    button.classList.add("is-busy");
    button.setAttribute("aria-disabled", "true");
    clearErrors();
    try {
      await steps[form.dataset.step]();
    } catch (error) {
      if (error instanceof Incomplete) { /* shown beside its field */ }
      else if (!(error instanceof Refused)) showFormError("The shop does not answer. Try again in a moment; pressing twice never orders twice.");
      else if (["total_changed", "insufficient_stock", "shipping_method_unavailable"].includes(error.problem.code)) location.reload();
      else showProblem(error);
      button.classList.remove("is-busy");
      button.removeAttribute("aria-disabled");
    }
  });
}

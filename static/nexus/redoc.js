// Starts Redoc with the fonts that are there already, and with nothing from elsewhere.
const container = document.getElementById("redoc");
const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

// Redoc's credit would load its maker's logo from a CDN.
const setAttribute = HTMLImageElement.prototype.setAttribute;
HTMLImageElement.prototype.setAttribute = function (name, value) {
  const isElsewhere = name === "src" && new URL(value, location.href).host !== location.host;
  if (!isElsewhere || String(value).startsWith("data:")) {
    setAttribute.call(this, name, value);
  }
};

Redoc.init(
  container.dataset.schema,
  { theme: { typography: { fontFamily: fonts, headings: { fontFamily: fonts } } } },
  container,
);

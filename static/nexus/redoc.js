// Starts Redoc with the fonts that are there already.
const container = document.getElementById("redoc");
const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

Redoc.init(
  container.dataset.schema,
  { theme: { typography: { fontFamily: fonts, headings: { fontFamily: fonts } } } },
  container,
);

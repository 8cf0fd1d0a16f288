// Lists without a reload: the filters stay open, and the field stays the one that was used.
(function () {
  "use strict";
  let used = null;

  document.addEventListener("htmx:configRequest", (event) => {
    const asked = event.detail.parameters;
    for (const name of Object.keys(asked)) if (asked[name] === "") delete asked[name];
  });

  document.addEventListener("htmx:beforeSwap", () => {
    const filters = document.querySelector(".filters");
    used = { open: Boolean(filters && filters.open), field: document.activeElement.id };
  });

  document.addEventListener("htmx:afterSettle", () => {
    const filters = document.querySelector(".filters");
    if (filters && used.open) filters.open = true;
    const field = used.field && document.getElementById(used.field);
    if (field) field.focus({ preventScroll: true });
  });
})();

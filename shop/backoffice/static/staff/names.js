// The theme has several scrolled parts on a page, all of one name: each gets one of its own.
addEventListener("load", () => {
  document.querySelectorAll(".simplebar-content-wrapper").forEach((part, place) => {
    part.setAttribute("aria-label", `Scrolled part ${place + 1}`);
  });
});

// Keeps what its reader has open, scrolled to and focused when a story is drawn anew; copies its address.
(() => {
  "use strict";
  const PART = "story-live";
  let kept = null;

  const part = () => document.getElementById(PART);

  // A link of the picture has no id of its own: it is told by where it leads, within what has one.
  function placeOf(element) {
    const within = element && element.closest("[id]");
    if (!within || !part().contains(within)) return null;
    return { id: within.id, href: within === element ? null : element.getAttribute("href") };
  }

  function elementAt(place) {
    const within = place && document.getElementById(place.id);
    if (!within || place.href === null) return within;
    return within.querySelector(`[href="${CSS.escape(place.href)}"]`);
  }

  function keep() {
    const picture = document.getElementById("story-picture");
    kept = {
      old: part(),
      focus: placeOf(document.activeElement),
      left: picture.scrollLeft,
      top: window.scrollY,
      open: [...part().querySelectorAll("details[open]")].map((each) => each.id),
      standing: part().querySelector("#standing span").textContent,
    };
  }

  function restore() {
    kept.open.map((id) => document.getElementById(id)).forEach((each) => each && (each.open = true));
    document.getElementById("story-picture").scrollLeft = kept.left;
    const focus = elementAt(kept.focus);
    if (focus && focus !== document.activeElement) focus.focus({ preventScroll: true });
    window.scrollTo({ top: kept.top, behavior: "instant" });
    const standing = part().querySelector("#standing span").textContent;
    if (standing !== kept.standing) document.getElementById("story-news").textContent = standing;
    kept = null;
  }

  function showCopy() {
    const button = document.getElementById("copy");
    if (button) button.hidden = false;
  }

  async function copy(button) {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      done = document.execCommand("copy");
    }
    document.getElementById("copied").textContent = done ? "Copied" : "Copy it from the field";
  }

  function isPoll(event) {
    return event.detail.elt.id === PART;
  }

  function tellWhetherLive(isLive) {
    const [live, lost] = ["live", "lost"].map((name) => part().querySelector(`[data-${name}-state]`));
    if (live) [live.hidden, lost.hidden] = [!isLive, isLive];
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isPoll(event) && document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === PART && event.detail.shouldSwap) keep();
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (kept && part() !== kept.old) restore();
    showCopy();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (isPoll(event) && part()) tellWhetherLive(event.detail.successful);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  document.addEventListener("DOMContentLoaded", showCopy);
})();

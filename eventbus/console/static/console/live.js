// Keeps a page up to date: one stream of server-sent events, or, where there is none, the page
// itself, asked for now and then. Parts are replaced by name; who is in one keeps the focus.
"use strict";
(() => {
  const place = document.querySelector("[data-live-url]");
  if (!place) return;
  const says = place.querySelector("[data-live-says]");
  const at = place.querySelector("[data-live-at]");
  const ASK_EVERY = 5000, TRY_STREAM_EVERY = 60000;
  let source = null, asking = null, again = null, held = false;
  let pending = new Map();

  function show(state, words) {
    place.hidden = false;
    place.dataset.liveState = state;
    if (says.textContent !== words) says.textContent = words;
  }

  // Between the press of a button or link and its release it must stay where it is.
  addEventListener("pointerdown", () => { held = true; }, true);
  for (const name of ["pointerup", "pointercancel"]) {
    addEventListener(name, () => setTimeout(() => { held = false; replacePending(); }), true);
  }

  function take(regions) {
    for (const [name, html] of Object.entries(regions)) pending.set(name, html);
    if (!held) replacePending();
  }

  function replacePending() {
    const regions = pending;
    pending = new Map();
    for (const [name, html] of regions) {
      for (const region of document.querySelectorAll(`[data-live="${CSS.escape(name)}"]`)) replace(region, html);
    }
  }

  function replace(region, html) {
    const focused = region.contains(document.activeElement) ? document.activeElement : null;
    const key = focused && keyOf(focused);
    const place = focused ? focusable(region).indexOf(focused) : -1;
    region.innerHTML = html;
    if (!focused) return;
    const now = focusable(region);
    (now.find((each) => keyOf(each) === key) || now[Math.min(place, now.length - 1)])?.focus({ preventScroll: true });
  }

  function focusable(region) {
    return [...region.querySelectorAll("a[href], button, input, select, summary, [tabindex]")];
  }

  function keyOf(element) {
    return [element.tagName, element.getAttribute("href"), element.name, element.value, element.id].join(" ");
  }

  function hear(message) {
    const news = JSON.parse(message.data);
    take(news.regions);
    if (news.away_since) show("lost", `No answer from the database since ${news.away_since}`);
    else show("live", "Live");
    at.textContent = news.away_since ? "" : news.at;
    document.dispatchEvent(new CustomEvent("console:pulse", { detail: news.pulse }));
  }

  function open() {
    stop();
    source = new EventSource(place.dataset.liveUrl);
    source.addEventListener("look", hear);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) askInstead();
      else show("lost", "Connection lost; trying again");
    };
  }

  function stop() {
    source?.close();
    clearInterval(asking);
    clearTimeout(again);
    source = asking = again = null;
  }

  function askInstead() {
    stop();
    ask();
    asking = setInterval(ask, ASK_EVERY);
    again = setTimeout(open, TRY_STREAM_EVERY);
  }

  async function ask() {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 403) {
        stop();
        return show("lost", "You are logged out: load the page again");
      }
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = [...page.querySelectorAll("[data-live]")];
      take(Object.fromEntries(found.map((each) => [each.dataset.live, each.innerHTML])));
      show("live", `Updated every ${ASK_EVERY / 1000} s`);
      at.textContent = new Date().toTimeString().slice(0, 8);
    } catch {
      show("lost", "No answer; trying again");
    }
  }

  // A page that nobody sees costs nothing, and a browser has few connections to one server.
  document.addEventListener("visibilitychange", () => document.hidden ? stop() : open());
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  if (!document.hidden) open();
})();

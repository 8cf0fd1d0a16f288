// Shows how an order goes on while its page is looked at. The server sends the story anew
// whenever it has changed; where it cannot, the page is asked for now and then.
(function () {
  "use strict";
  const SHORTEST = 5000, LONGEST = 60000;
  const story = document.getElementById("story");
  const news = document.getElementById("news");
  let source = null, timer = null, pause = SHORTEST, version = story.dataset.version;

  function follow() {
    stop();
    if (document.hidden || !story.dataset.events) return;
    if (!window.EventSource) return later();
    source = new EventSource(`${story.dataset.events}?last=${version}`);
    source.addEventListener("open", () => { pause = SHORTEST; });
    source.addEventListener("story", (event) => show(event.data, event.lastEventId));
    source.addEventListener("end", finish);
    // What it can mend itself, a lost connection, it does; what it cannot, it says so.
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) later(); });
  }

  function stop() {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  }

  function finish() {
    stop();
    delete story.dataset.events;
  }

  function later() {
    stop();
    timer = setTimeout(ask, pause);
    pause = Math.min(pause * 2, LONGEST);
  }

  async function ask() {
    try {
      const response = await fetch(location.pathname);
      if (!response.ok) return later();
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.getElementById("story");
      show(next.innerHTML, next.dataset.version);
      if (!next.dataset.events) return finish();
    } catch (away) {
      return later();
    }
    follow();
  }

  function show(html, itsVersion) {
    if (itsVersion === version) return;
    // Not while a finger is on a button of it.
    if (story.querySelector(":active")) return void setTimeout(show, 300, html, itsVersion);
    version = itsVersion;
    const focused = story.contains(document.activeElement) ? document.activeElement.id : null;
    const looked = looks();
    const headline = story.querySelector("h1").textContent;
    story.innerHTML = html;
    for (const step of story.querySelectorAll(".step")) {
      step.classList.toggle("fresh", looked.get(step.dataset.step) !== step.dataset.state);
    }
    if (focused !== null) (document.getElementById(focused) || story).focus({ preventScroll: true });
    const next = story.querySelector("h1").textContent;
    news.textContent = next === headline ? latest() : next;
  }

  function looks() {
    return new Map(Array.from(story.querySelectorAll(".step"), (s) => [s.dataset.step, s.dataset.state]));
  }

  function latest() {
    const fresh = story.querySelector(".step.fresh:not(.ahead) h2");
    return fresh ? fresh.textContent : "";
  }

  document.addEventListener("visibilitychange", follow);
  follow();
})();

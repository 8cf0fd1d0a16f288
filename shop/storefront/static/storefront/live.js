// Shows how an order goes on: asks for the page again, ever more rarely, while something is open.
(function () {
  "use strict";
  const SHORTEST = 1000, LONGEST = 30000;
  const part = (id, page = document) => page.getElementById(id);
  let pause = SHORTEST;

  async function look() {
    try {
      const response = await fetch(location.href);
      if (response.ok) show(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch (away) {
      // Asked again below.
    }
    pause = Math.min(pause * 1.2, LONGEST);
    if (part("story").hasAttribute("data-unfinished")) setTimeout(look, pause);
  }

  function show(page) {
    const next = part("story", page);
    if (!next || next.innerHTML === part("story").innerHTML) return;
    part("story").replaceWith(next);
    part("news").textContent = part("story").querySelector("h1").textContent;
    // Never under somebody's fingers: a form that is there stays.
    if (!part("after").children.length) part("after").replaceWith(part("after", page));
    pause = SHORTEST;
  }

  setTimeout(look, pause);
})();

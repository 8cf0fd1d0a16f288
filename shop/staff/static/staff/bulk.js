// Goes on by itself with what is done in steps; without it there is a button for each step.
addEventListener("DOMContentLoaded", () => {
  async function step() {
    const form = document.querySelector("[data-go-on]");
    if (!form) return;
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-bulk]");
    if (!answer.ok || !next) return;
    document.querySelector("[data-bulk]").replaceWith(next);
    await step();
  }
  step();
});

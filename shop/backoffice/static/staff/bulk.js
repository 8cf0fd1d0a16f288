// Goes on by itself with what is done in steps; without it there is a button for each step.
addEventListener("DOMContentLoaded", () => {
  async function step() {
    const form = document.querySelector("[data-go-on]");
    if (!form) return;
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-bulk]");
    if (!answer.ok || !next) throw new Error(`no progress: ${answer.status}`);
    document.querySelector("[data-bulk]").replaceWith(next);
    await step();
  }
  step().catch((error) => {
    document.querySelector("[data-bulk] [role=status]").append(" It stopped here. Go on by the button below.");
    throw error;
  });
});

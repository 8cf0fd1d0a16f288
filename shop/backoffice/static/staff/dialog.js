// Opens what a link marked data-dialog leads to in a dialog; without it the link is a page.
(() => {
  async function open(link) {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.querySelector("[data-dialog-content]");
    if (!answer.ok || !content) throw new Error(`no dialog at ${link.href}`);
    const dialog = document.createElement("dialog");
    dialog.className = "staff-modal";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    dialog.append(content);
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey) return;
    const close = event.target.closest("dialog [data-close]");
    if (close) {
      event.preventDefault();
      close.closest("dialog").close();
      return;
    }
    const link = event.target.closest("a[data-dialog]");
    if (!link) return;
    event.preventDefault();
    open(link).catch(() => window.location.assign(link.href));
  });
})();

// Lets people see the password they type: a button beside each field, named by its page.
(function () {
  "use strict";
  const words = document.currentScript.dataset;

  function addButton(field) {
    const button = document.createElement("button");
    const show = (shown) => {
      field.type = shown ? "text" : "password";
      button.textContent = shown ? words.hide : words.show;
    };
    button.type = "button";
    button.className = "quiet";
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => show(field.type === "password"));
    // Browsers keep what was typed in a password field only, so it is one again when sent.
    field.form.addEventListener("submit", () => show(false));
    const both = document.createElement("div");
    both.className = "with-show";
    field.replaceWith(both);
    both.append(field, button);
    show(false);
  }

  document.querySelectorAll('input[type="password"]').forEach(addButton);
})();

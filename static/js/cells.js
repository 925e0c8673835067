import { on } from "./util.js";

// A fact that is edited in its place: Escape leaves the small form, and its link has the focus again.
on("keydown", "form[data-cell]", (form, event) => {
  if (event.code !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  form.querySelector("[data-leave]").click();
});

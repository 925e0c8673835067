import { on } from "./util.js";

// Filters send themselves: <form data-autosubmit>. Without JavaScript the form's button does it.
on("change", "form[data-autosubmit]", (form) => form.requestSubmit());

// Ctrl or Cmd and Enter sends a form from inside a long text.
on("keydown", "textarea", (area, event) => {
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) area.form?.requestSubmit();
});

// A dropped file goes into the field of its <div data-drop>.
on("dragover", "[data-drop]", (zone, event) => {
  event.preventDefault();
  zone.classList.add("over");
});
on("dragleave", "[data-drop]", (zone) => zone.classList.remove("over"));
on("drop", "[data-drop]", (zone, event) => {
  event.preventDefault();
  zone.classList.remove("over");
  const input = zone.querySelector("input[type=file]");
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// The board. A card is moved by dragging (mouse or finger), by the keys [ and ] while it has the focus, or by its menu;
// all of them send the same POST, and the card goes at once. When the move is refused it returns, and the reason is said.
//   <div class="board" id="board" data-board>
//     <section class="column" …><ul data-stage="3"><li class="deal" id="deal-12" data-version="4">… <a data-menu href="…">
// The answer is fragments for the card, the sums and the toasts (200); a form for what is missing, for #dialog (422);
// or the whole board, when somebody else was faster (200 with HX-Retarget: #board).
// It stands alone (only this page loads it), hence the three words of util.js again.
const rtl = () => document.documentElement.dir === "rtl";
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] || "";
const on = (type, selector, act) => document.addEventListener(type, (event) => {
  const element = event.target instanceof Element && event.target.closest(selector);
  if (element) act(element, event);
});
const board = () => document.querySelector("[data-board]");
const cardsOf = (list) => [...list.querySelectorAll(".deal")];
const lists = () => [...board().querySelectorAll("[data-stage]")];

function focus(card) {
  card?.querySelector(".title")?.focus();
}

function putBack(card, home, focused) {
  home.list.insertBefore(card, home.next?.parentElement === home.list ? home.next : null);
  if (focused) focus(card);
}

/** Tells the server that `card` has gone from `home` (list and next card) to the list of `stage`. */
async function send(card, stage, home, focused) {
  const body = new FormData();
  body.set("stage", stage);
  body.set("version", card.dataset.version);
  const headers = { "HX-Request": "true", "X-CSRFToken": csrf() };
  card.setAttribute("aria-busy", "true");
  const answer = await fetch(card.querySelector("[data-menu]").href, { method: "POST", body, headers }).catch(() => null);
  card.removeAttribute("aria-busy");
  if (answer?.ok) {
    const whole = answer.headers.get("HX-Retarget") === "#board";
    await htmx.swap({ text: await answer.text(), target: "#board", swap: whole ? "outerMorph" : "none", sourceElement: board() });
    if (focused) focus(document.getElementById(card.id));
    board().dispatchEvent(new CustomEvent("board-moved", { bubbles: true }));
    return;
  }
  putBack(card, home, focused);
  if (answer?.status === 422) {
    htmx.swap({ text: await answer.text(), target: "#dialog", swap: "innerHTML", sourceElement: card });
  } else {
    document.dispatchEvent(new CustomEvent("tasmim:failed", { detail: { status: answer?.status, said: answer?.headers.get("X-Message") } }));
  }
}

/** Puts the card on top of the column and sends it. */
function move(card, stage, focused) {
  const list = board().querySelector(`[data-stage="${stage}"]`);
  const home = { list: card.parentElement, next: card.nextElementSibling };
  if (!list || list === home.list) return;
  list.prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focused) focus(card);
  send(card, stage, home, focused);
}

function step(card, by) {
  const all = lists();
  const next = all[all.indexOf(card.parentElement) + by];
  if (next && card.querySelector("[data-menu]")) move(card, next.dataset.stage, true);
}

function walk(card, down, across) {
  if (down) {
    const cards = cardsOf(card.parentElement);
    const next = cards[cards.indexOf(card) + down];
    if (next) focus(next);
    else if (down > 0) card.parentElement.querySelector(".more a")?.focus();
    return;
  }
  const all = lists();
  const place = cardsOf(card.parentElement).indexOf(card);
  for (let at = all.indexOf(card.parentElement) + across; all[at]; at += across) {
    const cards = cardsOf(all[at]);
    if (cards.length) return focus(cards[Math.min(place, cards.length - 1)]);
  }
}

// By the place of the key, so that they work with the Persian layout on.
const KEYS = {
  BracketLeft: (card) => step(card, -1),
  BracketRight: (card) => step(card, 1),
  KeyM: (card) => card.querySelector("[data-menu]")?.click(),
  ArrowDown: (card) => walk(card, 1, 0),
  ArrowUp: (card) => walk(card, -1, 0),
  ArrowLeft: (card) => walk(card, 0, rtl() ? 1 : -1),
  ArrowRight: (card) => walk(card, 0, rtl() ? -1 : 1),
};

let going = 0; // "g" and then a letter goes to a page, also from a card
on("keydown", "[data-board] .deal", (card, event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isSecond = Date.now() < going;
  going = event.code === "KeyG" ? Date.now() + 1200 : 0;
  if (isSecond || !KEYS[event.code]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  KEYS[event.code](card);
});

on("click", "[data-board] [data-menu]", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.getAttribute("href"), { target: "#dialog", swap: "innerHTML", source: link });
});

// The stages in the menu, and the way back in the toast.
on("submit", "form[data-move]", (form, event) => {
  const card = document.getElementById(`deal-${form.dataset.move}`);
  if (!board()?.contains(card)) return; // the page comes again
  event.preventDefault();
  form.closest("[data-toast]")?.remove();
  form.closest("dialog")?.close();
  move(card, event.submitter.value, true);
});

function attach() {
  for (const list of board() ? lists() : []) {
    if (list.dataset.sortable) continue;
    list.dataset.sortable = "yes";
    let home = null;
    Sortable.create(list, {
      group: "deals", draggable: ".deal", animation: 140, delay: 160, delayOnTouchOnly: true, filter: ".btn", preventOnFilter: false,
      // The same way of dragging for mouse and finger; a small move is still a click on the card's link.
      forceFallback: true, fallbackTolerance: 5,
      onStart: ({ item }) => (home = { list: item.parentElement, next: item.nextElementSibling }),
      onMove: ({ to }) => board().querySelectorAll(".column").forEach((column) => column.classList.toggle("over", column.contains(to))),
      onEnd: ({ item, to, from }) => {
        board().querySelectorAll(".over").forEach((column) => column.classList.remove("over"));
        if (to !== from) send(item, to.dataset.stage, home, false);
      },
    });
  }
}

attach();
document.addEventListener("htmx:after:swap", attach);

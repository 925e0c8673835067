// The board: cards are dragged by Sortable or moved by their menu; both send the same POST.
//   <div class="board" id="board" data-board>
//     <section class="column" …><ul data-stage="3"><li class="deal" data-id="12" data-move-url="…">
// The answer (200) is the whole board by outerMorph, or 422: a form for the missing fields, put into #dialog.
const board = () => document.querySelector("[data-board]");

function putBack(card, home) {
  home.list.insertBefore(card, home.next?.parentElement === home.list ? home.next : null);
}

async function send(card, list, home) {
  const body = new FormData();
  body.set("stage", list.dataset.stage);
  body.set("before", card.nextElementSibling?.dataset.id ?? "");
  if (card.dataset.version) body.set("version", card.dataset.version);
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers:inherited")) };
  const answer = await fetch(card.dataset.moveUrl, { method: "POST", body, headers }).catch(() => null);
  if (answer?.status === 422) {
    putBack(card, home);
    htmx.swap({ text: await answer.text(), target: "#dialog", swap: "innerHTML", sourceElement: card });
  } else if (answer?.ok) {
    htmx.swap({ text: await answer.text(), target: "#board", swap: "outerMorph", sourceElement: board() });
  } else {
    putBack(card, home);
    document.dispatchEvent(new CustomEvent("tasmim:failed", { detail: { status: answer?.status, said: answer?.headers.get("X-Message") } }));
  }
}

function attach() {
  for (const list of board()?.querySelectorAll("[data-stage]") ?? []) {
    if (list.dataset.sortable) continue;
    list.dataset.sortable = "yes";
    let home = null;
    Sortable.create(list, {
      group: "deals", animation: 140, delay: 160, delayOnTouchOnly: true, filter: ".btn", preventOnFilter: false,
      // The same way of dragging for mouse and finger; a small move is still a click on the card's link.
      forceFallback: true, fallbackTolerance: 5,
      onStart: ({ item }) => (home = { list: item.parentElement, next: item.nextElementSibling }),
      onMove: ({ to }) => board().querySelectorAll(".column").forEach((column) => column.classList.toggle("over", column.contains(to))),
      onEnd: ({ item, to, from, oldIndex, newIndex }) => {
        board().querySelectorAll(".over").forEach((column) => column.classList.remove("over"));
        if (to !== from || oldIndex !== newIndex) send(item, to, home);
      },
    });
  }
}

attach();
document.addEventListener("htmx:after:swap", attach);

"use strict";
// What the staff pages do beyond forms and links: show how far a run is, and send files one by one.

const EVERY = 2000; // milliseconds between two looks at a run

function follow(box) {
  const stage = box.querySelector("[data-stage]");
  const bar = box.querySelector("progress");
  async function look() {
    let seen;
    try {
      const response = await fetch(box.dataset.progress, { headers: { accept: "application/json" } });
      if (response.status === 401 || response.status === 404) {
        location.reload();
        return;
      }
      seen = response.ok ? await response.json() : null;
    } catch {
      seen = null; // The server is not there just now; the run may well go on.
    }
    if (seen && !seen.goes_on) {
      location.reload();
      return;
    }
    if (seen) {
      const text = seen.text.charAt(0).toUpperCase() + seen.text.slice(1);
      if (stage.textContent !== text) stage.textContent = text;
      if (seen.total) {
        bar.max = seen.total;
        bar.value = seen.done;
      } else {
        bar.removeAttribute("value");
      }
    }
    setTimeout(look, EVERY);
  }
  setTimeout(look, EVERY);
}

function line(list, name, words) {
  const item = document.createElement("li");
  const title = document.createElement("bdi");
  const state = document.createElement("span");
  title.className = "any";
  title.textContent = name;
  state.textContent = words.waiting;
  item.append(title, words.pair.replace("{name}", "").replace("{value}", ""), state);
  list.append(item);
  return { item, state };
}

function send(file, shown, words) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file);
    request.open("POST", `${document.documentElement.dataset.base}/staff/uploads`);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        const percent = Math.round((100 * event.loaded) / event.total);
        shown.state.textContent = words.sent.replace("{percent}", percent);
      }
    });
    request.addEventListener("loadend", () => {
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const became = answer.querySelector("[data-received] li");
      if (became) {
        shown.item.replaceWith(became);
        document.getElementById("kept").replaceWith(answer.getElementById("kept"));
      } else {
        shown.item.className = "bad";
        shown.state.textContent = { 401: words.loggedOut, 413: words.tooLarge }[request.status] || words.failed;
      }
      resolve();
    });
    request.send(body);
  });
}

function takeFiles(form) {
  const section = document.getElementById("received");
  const list = section.querySelector("[data-received]");
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button");
  const words = form.dataset;

  async function take(files) {
    if (!files.length) return;
    section.hidden = false;
    list.replaceChildren();
    button.disabled = true;
    const waiting = [...files].map((file) => [file, line(list, file.name, words)]);
    for (const [file, shown] of waiting) await send(file, shown, words);
    button.disabled = false;
    form.reset();
    section.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(input.files);
  });
  for (const kind of ["dragover", "dragenter"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

function copyOn(button) {
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      document.querySelector("[data-copied]").textContent = button.dataset.done;
    } catch {
      document.querySelector("[data-copied]").textContent = button.dataset.selected;
    }
  });
}

document.querySelectorAll("[data-copy]").forEach(copyOn);
document.querySelectorAll("[data-progress]").forEach(follow);
document.querySelectorAll("[data-drop]").forEach(takeFiles);
document.querySelectorAll("[data-only-script]").forEach((element) => {
  element.hidden = false;
});
if (location.hash === "#trial") document.getElementById("trial")?.focus();

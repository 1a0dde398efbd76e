// What pages cannot do by themselves: send an archive, show an answer as it comes, and stay calm while they are brought up
// to date.
"use strict";

// A part that has not changed is left alone: whoever reads or operates it keeps their place.
const shown = new Map();
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!part.id || event.detail.xhr.status !== 200) return;
  if (shown.get(part.id) === event.detail.serverResponse) event.detail.shouldSwap = false;
  shown.set(part.id, event.detail.serverResponse);
});

// A log stays at its end for whoever reads its end.
for (const log of document.querySelectorAll(".log")) {
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  let follows = true;
  log.addEventListener("scroll", () => { follows = isAtEnd(); });
  new MutationObserver(() => { if (follows) log.scrollTop = log.scrollHeight; }).observe(log, { childList: true, subtree: true });
  log.scrollTop = log.scrollHeight;
}

async function asked(place, options) {
  const answer = await fetch(place, options);
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

const chat = document.getElementById("chat");
if (chat) {
  const said = document.getElementById("said");
  const text = chat.querySelector("textarea");
  const button = chat.querySelector("button");
  chat.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams({ text: text.value });
    add(text.value, "step");
    text.value = "";
    button.disabled = true;
    const answer = add("…", "");
    try {
      await show(await asked(chat.dataset.place, { method: "POST", body }), answer);
    } catch (error) {
      add(`The answer did not come to its end: ${error.message}`, "bad");
    }
    button.disabled = false;
    text.focus();
  });

  function add(words, kind) {
    const line = document.createElement("p");
    line.className = kind;
    line.textContent = words;
    said.append(line);
    return line;
  }

  async function show(response, line) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    line.textContent = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) line.append(piece.value);
  }
}

const form = document.getElementById("upload");
if (form) {
  const words = document.getElementById("upload-words");
  const bar = form.querySelector("progress");
  const input = form.querySelector("input");
  input.addEventListener("change", () => { if (input.files.length) upload(input.files[0]); });
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) upload(file);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  async function upload(file) {
    input.disabled = true;
    try {
      words.textContent = "It is looked at…";
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const place = await (await asked(form.dataset.place, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ size: file.size, sha256 }),
      })).json();
      words.textContent = "It is sent…";
      const version = await sent(place, file);
      words.textContent = "It has arrived, and becomes a release…";
      location.assign(await releaseOf(version));
    } catch (error) {
      words.textContent = `It was not uploaded: ${error.message}`;
      bar.hidden = true;
      input.disabled = false;
      input.value = "";
    }
  }

  // Only this older interface tells how much has been sent.
  function sent(place, file) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(place.method, place.url);
      for (const [name, value] of Object.entries(place.headers)) {
        // Browsers say themselves where and how long.
        if (!["host", "content-length"].includes(name.toLowerCase())) request.setRequestHeader(name, value);
      }
      bar.hidden = false;
      request.upload.onprogress = (event) => { bar.value = event.loaded / event.total; };
      request.onerror = () => reject(new Error("the connection broke. Try again."));
      request.onload = () => {
        const version = request.getResponseHeader("x-amz-version-id");
        if (request.status !== 200) reject(new Error(`the store answered ${request.status}. Try again.`));
        else if (!version) reject(new Error("the store did not say what became of it. Look at the releases."));
        else resolve(version);
      };
      request.send(file);
    });
  }

  async function releaseOf(version) {
    for (let attempt = 0; attempt < 120; attempt += 1) {
      const answer = await asked(`${form.dataset.place}/${encodeURIComponent(version)}`, {});
      if (answer.status === 200) return (await answer.json()).place;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error("no release has come of it within a minute. Look at the events.");
  }
}

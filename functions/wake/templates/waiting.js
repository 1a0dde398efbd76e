(() => {
  const main = document.querySelector("main");
  const words = document.querySelector(".words");
  const bar = document.querySelector("progress");
  const later = seconds => setTimeout(ask, (seconds + Math.random() * 0.3) * 1000);
  const ask = async () => {
    try {
      const answer = await fetch(main.dataset.status, { cache: "no-store", credentials: "omit" });
      // Without the mark it is the app that answered.
      if (!answer.headers.has("roost-wake")) return location.reload();
      const state = await answer.json();
      if (state.ready) return location.reload();
      if (words.textContent !== state.words) words.textContent = state.words;
      if (bar) bar.value = Math.max(bar.value, state.share * 100);
      if (state.failed !== main.hasAttribute("data-failed")) return location.reload();
      if (state.failed) return setTimeout(() => location.reload(), state.retryAfter * 1000);
      later(1);
    } catch {
      later(3);
    }
  };
  later(main.hasAttribute("data-failed") ? 5 : 0.5);
})();

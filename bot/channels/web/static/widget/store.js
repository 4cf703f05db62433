// The conversation in this tab alone, for at most an hour. A browser that keeps nothing keeps nothing.
const HOUR = 3600 * 1000;

class Store {
  #key;

  constructor(key) {
    this.#key = key;
  }

  load() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key));
      if (kept && Date.now() - kept.at < HOUR && Array.isArray(kept.turns)) return kept;
      this.clear();
    } catch {}
    return null;
  }

  save(state) {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({...state, at: Date.now()}));
    } catch {}
  }

  clear() {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {}
  }
}

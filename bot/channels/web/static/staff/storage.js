// What the browser keeps for the page. Where it may keep nothing, the page lasts as long as it is open.

/** Like `localStorage` or `sessionStorage`, but where those are forbidden or full it remembers by itself. */
class Storage {
  #name;
  #own = new Map();

  constructor(name) {
    this.#name = name;
  }

  get(key) {
    if (this.#own.has(key)) return this.#own.get(key);
    try {
      return window[this.#name].getItem(key);
    } catch {
      return null;
    }
  }

  /** `null` removes it. */
  set(key, value) {
    try {
      if (value === null) window[this.#name].removeItem(key);
      else window[this.#name].setItem(key, value);
      this.#own.delete(key);
    } catch {
      this.#own.set(key, value);
    }
  }

  clear() {
    this.#own.clear();
    try {
      window[this.#name].clear();
    } catch {
      // Nothing has been kept.
    }
  }
}

export const always = new Storage("localStorage");
export const thisTab = new Storage("sessionStorage");

// Somebody has signed out: what they searched for is nobody else's. Who was signed out by the clock gets it back.
import { thisTab } from "./storage.js";

if (document.getElementById("signed-out")) thisTab.clear();

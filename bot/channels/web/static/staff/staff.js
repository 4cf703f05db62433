// The staff page works without this file; with it, it searches as somebody types.
import "./session.js";
import "./copying.js";
import "./reading.js";
import "./shortcuts.js";
import "./search.js";
import "./section.js";
import { equip } from "./page.js";

equip(document);

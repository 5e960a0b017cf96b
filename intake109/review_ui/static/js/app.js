/* Starts everything; each part does nothing on pages that do not have its place. */
import * as clock from "./clock.js";
import * as control from "./control.js";
import * as desk from "./desk.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import * as live from "./live.js";
import * as manual from "./manual.js";
import * as presence from "./presence.js";
import * as sound from "./sound.js";
import * as task from "./task.js";
import * as together from "./together.js";
import { restoreUndo } from "./toast.js";
import * as viewer from "./viewer.js";

clock.start();
keys.start();
list.start();
task.start();
presence.start();
together.start();
desk.start();
control.start();
sound.start();
live.start();
viewer.start();
manual.start();
restoreUndo();
document.documentElement.dataset.ready = "";

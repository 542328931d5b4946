// The panes that look into the machine, in one piece that is loaded when the first of them is opened: they share much, and
// together they are smaller than each alone.
import "./code_pane";
import "./counts_pane";
import "./devices_pane";
import "./log_pane";
import "./memory_pane";
import "./pages_pane";
import "./ports_pane";
import "./registers_pane";
import "./stack_pane";
import "./stops_pane";
import "./symbols_pane";
import "./tables_pane";
import "./translation_pane";

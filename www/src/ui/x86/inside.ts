// The panes of `inside_panes.ts`, in one piece that is loaded when the first of them is opened.
import "./devices_pane";
import "./log_pane";
import "./pages_pane";
import "./ports_pane";
import "./stack_pane";
import "./tables_pane";
import "./translation_pane";

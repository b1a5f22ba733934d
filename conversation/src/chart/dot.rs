//! The chart for Graphviz.

use std::fmt::Write as _;

use super::{ANY, Chart, lines};

pub(super) fn draw(chart: &Chart) -> String {
    let mut text = String::from("digraph script {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
    text.push_str("  start [shape=point];\n");
    for place in &chart.places {
        let question = place.question.as_deref().map(|key| format!("\\nasks {key}")).unwrap_or_default();
        let uncut = if place.barge_in { "" } else { "\\nnot to be cut short" };
        let _ = writeln!(text, "  {0} [label=\"{0}{question}{uncut}\"];", place.name);
    }
    text.push_str("  connected [label=\"connected with an agent\"];\n");
    let _ = writeln!(text, "  {ANY} [label=\"any phase without its own\", style=\"rounded,dashed\"];");
    let _ = writeln!(text, "  start -> {};", chart.start);
    for ((from, to), labels) in lines(chart) {
        let _ = writeln!(text, "  {from} -> {to} [label=\"{}\\l\"];", labels.join("\\l"));
    }
    text.push_str("}\n");
    text
}

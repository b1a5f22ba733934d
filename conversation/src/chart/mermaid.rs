//! The chart for Mermaid, which many pages draw by themselves.

use std::fmt::Write as _;

use super::{ANY, Chart, lines};

pub(super) fn draw(chart: &Chart) -> String {
    let mut text = String::from("stateDiagram-v2\n  direction LR\n");
    for place in &chart.places {
        let question = place.question.as_deref().map(|key| format!(", asks {key}")).unwrap_or_default();
        let uncut = if place.barge_in { "" } else { ", not to be cut short" };
        let _ = writeln!(text, "  {0} : {0}{question}{uncut}", place.name);
    }
    text.push_str("  connected : connected with an agent\n");
    let _ = writeln!(text, "  {ANY} : any phase without its own");
    let _ = writeln!(text, "  [*] --> {}", chart.start);
    for ((from, to), labels) in lines(chart) {
        // A colon would end the label's head.
        let labels = labels.iter().map(|label| label.replace(": ", " – "));
        let _ = writeln!(text, "  {from} --> {to} : {}", labels.collect::<Vec<_>>().join("<br/>"));
    }
    text.push_str("  closing --> [*]\n");
    text
}

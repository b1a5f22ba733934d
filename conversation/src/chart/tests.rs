use super::*;
use crate::Engine;
use std::collections::BTreeSet;

fn charts() -> Vec<Chart> {
    let engine = Engine::embedded().unwrap();
    [Lang::JA, Lang::EN].map(|lang| engine.chart(lang)).into()
}

#[test]
fn every_entry_is_in_the_drawings_once() {
    for chart in charts() {
        assert_eq!(
            chart.edges.len(),
            chart.edges.iter().map(|edge| &edge.written).collect::<BTreeSet<_>>().len()
        );
        let labels: usize = lines(&chart).values().map(Vec::len).sum();
        assert_eq!(labels, chart.edges.len());
        let (dot, mermaid) = (chart.dot(), chart.mermaid());
        for edge in &chart.edges {
            assert!(dot.contains(&label(edge)), "{}", edge.written);
            assert!(mermaid.contains(&label(edge).replace(": ", " – ")), "{}", edge.written);
        }
    }
}

#[test]
fn lines_join_places_that_are_there() {
    for chart in charts() {
        let places = chart.places.iter().map(|place| place.name.as_str());
        let places: BTreeSet<&str> = places.chain([ANY, "connected"]).collect();
        for (from, to) in lines(&chart).keys() {
            assert!(places.contains(from) && places.contains(to), "{from} → {to}");
        }
        assert!(places.contains(chart.start.as_str()));
    }
}

#[test]
fn the_drawings_are_whole() {
    for chart in charts() {
        let dot = chart.dot();
        assert!(dot.starts_with("digraph script {\n") && dot.ends_with("}\n"), "{dot}");
        assert_eq!(dot.matches('"').count() % 2, 0);
        assert!(
            dot.contains("  start -> opening;\n") && dot.contains("  opening -> purpose [label=\""),
            "{dot}"
        );
        let mermaid = chart.mermaid();
        assert!(
            mermaid.contains("  [*] --> opening\n") && mermaid.contains("  closing --> [*]\n"),
            "{mermaid}"
        );
        let one_colon = |line: &str| line.matches(" : ").count() == 1;
        assert!(mermaid.lines().filter(|line| line.contains(" : ")).all(one_colon), "{mermaid}");
    }
}

#[test]
fn an_entry_tells_when_it_holds_and_what_comes_of_it() {
    let chart = charts().remove(0);
    let label_of = |written: &str| label(chart.edges.iter().find(|edge| edge.written == written).unwrap());
    assert_eq!(label_of("on.unknown[0]"), "unknown [times 1 to 2]");
    assert_eq!(label_of("on.unknown[1]"), "unknown [from time 3, when unknown_hands_over] / not_understood");
    assert_eq!(label_of("phase.purpose.on.acknowledge[1]"), "acknowledge [from time 3] / as unknown");
    assert_eq!(label_of("on.do_not_call[0]"), "do_not_call / rejected: never_again, marked do_not_call");
    assert_eq!(label_of("waiting.otherwise[0]"), "otherwise / as comfort");
}

//! What is documented is what is exposed, and the figures are those of what happened.

use crate::{client::http, crowd::Crowd, wait::until};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

const LIMIT: Duration = Duration::from_secs(90);

/// What a page of metrics says.
#[derive(Default)]
struct Page {
    /// Name to kind, of those that have both HELP and TYPE.
    families: BTreeMap<String, String>,
    helped: BTreeSet<String>,
    /// Name, labels, value.
    samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

impl Page {
    async fn of(base: &str) -> Self {
        let text = http().get(format!("{base}/metrics")).send().await.unwrap().text().await.unwrap();
        let mut page = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(help.len() > 3, "{name} has no words");
                page.helped.insert(name.to_owned());
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                page.families.insert(name.to_owned(), kind.to_owned());
            } else {
                page.samples.push(sample(line));
            }
        }
        page
    }

    fn sum(&self, name: &str, label: &[(&str, &str)]) -> f64 {
        let fits = |labels: &BTreeMap<String, String>| {
            label.iter().all(|(key, value)| labels.get(*key).is_some_and(|found| found == value))
        };
        self.samples
            .iter()
            .filter(|(of, labels, _)| of == name && fits(labels))
            .map(|(.., value)| value)
            .sum()
    }
}

fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    let mut found = BTreeMap::new();
    for pair in labels.trim_end_matches('}').split("\",").filter(|pair| !pair.is_empty()) {
        let (label, value) = pair.split_once("=\"").unwrap();
        found.insert(label.to_owned(), value.trim_end_matches('"').to_owned());
    }
    (name.to_owned(), found, value.parse().unwrap())
}

/// The values that each label may have, where they are listed.
type Labels = BTreeMap<String, Option<BTreeSet<String>>>;

/// Name to kind and the values of its labels where they are listed, as the page in docs has it.
fn documented() -> BTreeMap<String, (String, Labels)> {
    let docs = include_str!("../../../docs/metrics.md");
    let mut metrics = BTreeMap::new();
    for row in docs.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].trim_matches('`').to_owned();
        let of_process = name.starts_with("process_");
        if !of_process && (cells.len() != 4 || !["counter", "gauge", "histogram"].contains(&cells[1])) {
            continue;
        }
        let mut labels = BTreeMap::new();
        for label in cells[2].split("; ").filter(|label| !of_process && !label.is_empty()) {
            let (label, values) = label.split_once(": ").unwrap();
            let values = (!values.starts_with("each "))
                .then(|| values.split(", ").map(str::to_owned).collect::<BTreeSet<_>>());
            labels.insert(label.trim_matches('`').to_owned(), values);
        }
        metrics.insert(name, (cells[1].to_owned(), labels));
    }
    metrics
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_are_those_of_what_happened_and_all_are_documented() {
    const CALLS: usize = 12;
    let personas = ["interested-manager", "refuses", "absent"];
    let crowd = Crowd::gather(20, &personas, CALLS).await;
    let base = &crowd.server.program.url;

    let documented = documented();
    let page = Page::of(base).await;
    assert_eq!(page.sum("calls_started_total", &[]), 0.0);
    assert_eq!(page.sum("calls_ended_total", &[]), 0.0);
    assert_eq!(page.sum("tsunagu_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), 1.0);

    let client = crowd.server.client().await;
    let ids = crowd.ring_all(&client).await;
    let page = Page::of(base).await;
    assert!(page.sum("calls", &[]) > 0.0, "calls are held");
    crowd.until_over(&client, LIMIT).await;
    // Somebody who is not the carrier, and a page that there is not.
    let gather = format!("{base}/api/twilio/voice/gather/{}", ids[0]);
    let refused = http().post(gather).body("CallSid=CA1").send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(http().get(format!("{base}/nothing/{}", ids[0])).send().await.unwrap().status(), 404);

    // A call is put aside, and the carrier's last answer is taken in, a moment after the last leg has ended.
    let page = until("no call stands anywhere when all are over", LIMIT, || async {
        let page = Page::of(base).await;
        let left = (page.sum("calls", &[]), page.sum("carrier_requests_under_way", &[]));
        if left == (0.0, 0.0) { Ok(page) } else { Err(left) }
    })
    .await;
    let exposed: BTreeSet<_> = page.families.keys().cloned().collect();
    let named: BTreeSet<_> = documented.keys().cloned().collect();
    assert_eq!(exposed, named, "exposed, and documented");
    assert_eq!(page.helped, named, "each has its words");
    for (name, kind) in &page.families {
        assert_eq!(*kind, documented[name].0, "{name}");
    }
    for (name, labels, _) in &page.samples {
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|ending| name.strip_suffix(ending));
        let (_, known) =
            family.and_then(|family| documented.get(family)).unwrap_or_else(|| &documented[name]);
        for (label, value) in labels.iter().filter(|(label, _)| *label != "le") {
            let values = known.get(label).unwrap_or_else(|| panic!("{name} has a label {label}"));
            if let Some(values) = values {
                assert!(values.contains(value), "{name}: {label} is {value}");
            }
            assert!(!ids.contains(value), "{name}: {label} names a call");
        }
    }

    let calls = CALLS as f64;
    assert_eq!(page.sum("calls_started_total", &[]), calls);
    assert_eq!(page.sum("calls_ended_total", &[]), calls);
    let mut outcomes: BTreeMap<String, f64> = BTreeMap::new();
    let mut connected = 0.0;
    for id in &ids {
        let call = client.call(id).await;
        *outcomes.entry(call["outcome"].as_str().unwrap().to_owned()).or_default() += 1.0;
        let events = client.events(id).await;
        connected += events.iter().filter(|event| event["event"]["stage"]["at"] == "bridged").count() as f64;
    }
    for (outcome, count) in outcomes {
        assert_eq!(page.sum("calls_ended_total", &[("outcome", &outcome)]), count, "{outcome}");
    }
    assert!(connected > 0.0);
    assert_eq!(page.sum("handovers_total", &[("result", "connected")]), connected);
    assert_eq!(page.sum("handover_wait_seconds_count", &[("result", "connected")]), connected);
    assert!(
        page.sum("handover_wait_seconds_sum", &[("result", "connected")]) > connected,
        "in seconds of call time"
    );
    let turns = page.sum("turn_duration_seconds_count", &[]);
    let asked = [("route", "/api/twilio/voice/gather/{call}"), ("status", "200")];
    assert!(turns > 0.0);
    assert_eq!(turns, page.sum("http_requests_total", &asked));
    assert_eq!(page.sum("webhooks_refused_total", &[("reason", "missing")]), 1.0);
    assert_eq!(page.sum("http_requests_total", &[("route", "none"), ("status", "404")]), 1.0);
    let created = [("operation", "call.create"), ("outcome", "ok")];
    assert!(page.sum("carrier_requests_total", &created) >= calls + connected);
    assert_eq!(page.sum("sessions", &[]), 1.0);
    // The team, and the two of the site who are no agents but have an agent's settings.
    assert_eq!(page.sum("agents", &[]), (crowd.site.agents.len() + 2) as f64);
    assert!(page.sum("store_commit_batch_sum", &[]) >= page.sum("store_commit_batch_count", &[]));
    assert!(page.sum("process_resident_memory_bytes", &[]) > 1e6);
}

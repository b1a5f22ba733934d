//! The catalogue is the truth: of the source, and of the page.

use super::*;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const DOCS: &str = include_str!("../../../../docs/metrics.md");

/// A row of the page, as it must be.
fn row(metric: &Metric) -> String {
    let kind = format!("{:?}", metric.kind).to_lowercase();
    let labels: Vec<_> = metric
        .labels
        .iter()
        .map(|(label, values)| match values {
            Values::Of(values) => format!("`{label}`: {}", values.join(", ")),
            Values::Each(what) => format!("`{label}`: each {what}"),
        })
        .collect();
    format!("| `{}` | {kind} | {} | {} |", metric.name, labels.join("; "), metric.help)
}

#[test]
fn the_page_says_exactly_what_there_is() {
    let rows: BTreeSet<_> =
        DOCS.lines().filter(|line| line.starts_with("| `") && !line.starts_with("| `process_")).collect();
    let wanted: Vec<_> = CATALOGUE.iter().map(row).collect();
    let missing: Vec<_> = wanted.iter().filter(|row| !rows.contains(row.as_str())).collect();
    assert!(
        missing.is_empty(),
        "docs/metrics.md lacks:\n{}",
        missing.iter().map(|row| format!("{row}\n")).collect::<String>()
    );
    assert_eq!(rows.len(), CATALOGUE.len(), "docs/metrics.md has rows of metrics that there are not");
}

/// Whatever is counted anywhere is in the catalogue as what it is, with its labels, and the other way round.
#[test]
fn what_is_counted_is_in_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut counted = BTreeSet::new();
    for room in [
        "actors/src",
        "advisor/src",
        "carrier/src",
        "exchange/src",
        "http/src",
        "socketio/src",
        "store/src",
        "src",
    ] {
        for (path, text) in sources(&root.join(room)) {
            if path.ends_with("http/src/metrics/catalogue.rs") {
                continue;
            }
            for kind in ["counter", "gauge", "histogram"] {
                let begin = format!("{kind}!(");
                counted.extend(text.split(&begin).skip(1).map(|call| told(kind, call, &path)));
            }
        }
    }
    let labels = |metric: &Metric| metric.labels.iter().map(|(label, _)| (*label).to_owned()).collect();
    let known: BTreeSet<Counted> = CATALOGUE
        .iter()
        .map(|metric| (metric.name.to_owned(), format!("{:?}", metric.kind).to_lowercase(), labels(metric)))
        .collect();
    let forgotten: Vec<_> = counted.difference(&known).collect();
    let idle: Vec<_> = known.difference(&counted).collect();
    assert!(
        forgotten.is_empty() && idle.is_empty(),
        "not in the catalogue: {forgotten:?}; nowhere counted: {idle:?}"
    );
}

/// A metric as the source has it: its name, its kind, its labels.
type Counted = (String, String, BTreeSet<String>);

/// The metric whose macro's arguments the text begins with: `"name", "label" => value, …)`.
fn told(kind: &str, call: &str, path: &Path) -> Counted {
    let end = call.char_indices().scan(1, |open, (at, letter)| {
        *open += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        Some((at, *open))
    });
    let (end, _) = end.into_iter().find(|(_, open)| *open == 0).unwrap();
    let arguments = &call[..end];
    let quoted = |text: &str| text.trim().strip_prefix('"')?.split_once('"').map(|(word, _)| word.to_owned());
    let name = quoted(arguments);
    let name =
        name.unwrap_or_else(|| panic!("{}: {kind}!({arguments}) has no name of its own", path.display()));
    let before = arguments.split("=>").collect::<Vec<_>>();
    let label = |before: &&str| before.rsplit(',').next().and_then(quoted);
    let labels: Vec<_> = before[..before.len() - 1].iter().map(label).collect();
    let labels = labels.into_iter().collect::<Option<_>>();
    let labels = labels.unwrap_or_else(|| panic!("{}: {kind}!({arguments}): which labels?", path.display()));
    (name, kind.to_owned(), labels)
}

/// What the carrier is asked for stands in its source.
#[test]
fn the_carriers_operations_are_all_there() {
    let Values::Of(known) = OPERATIONS else { panic!("a list") };
    let mut named = BTreeSet::new();
    for (_, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../carrier/src/twilio")) {
        for word in text.split('"') {
            let about = word.split_once('.').filter(|(about, what)| {
                ["account", "call", "conference", "participant", "recording"].contains(about)
                    && what.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            });
            named.extend(about.map(|_| word.to_owned()));
        }
    }
    assert_eq!(named, known.iter().map(|word| (*word).to_owned()).collect());
}

/// The files of Rust in a folder and below, with what they say.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
    found
}

#[test]
fn names_are_those_of_the_trade() {
    for metric in CATALOGUE {
        let name = metric.name;
        assert_eq!(metric.kind == Counter, name.ends_with("_total"), "{name}");
        assert!(metric.help.ends_with('.'), "{name}");
    }
}

/// Where the kinds of a label list themselves, the catalogue has all of them.
#[test]
fn labels_have_the_words_of_their_kinds() {
    let words = |values: Values| match values {
        Values::Of(words) => words.to_vec(),
        Values::Each(_) => Vec::new(),
    };
    assert_eq!(words(ATTEMPTS), tsunagu_call::campaign::AttemptResult::ALL.map(|result| result.as_str()));
    assert_eq!(words(DOING), tsunagu_store::Availability::ALL.map(|doing| doing.as_str()));
}

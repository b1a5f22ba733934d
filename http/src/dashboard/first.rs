//! What a browser needs before anything is seen: found out by following the imports, so that nothing waits for another.

use std::collections::{BTreeMap, BTreeSet};

/// Where it begins.
const MAIN: &str = "app/main.js";
/// What stands around every page.
const SHELL: &str = "app/shell.js";
/// Where one signs in.
const DOOR: &str = "pages/door/door.js";
/// What is seen first of an address that says nothing.
const HOME: &str = "pages/wall/wall.js";

/// The modules that the page at this address needs. `place` is the first part of the address, with a stroke when
/// more follows.
pub(super) fn modules<'a>(sources: &BTreeMap<&'a str, &str>, place: &str) -> BTreeSet<&'a str> {
    let page = match place {
        "signin" | "signup" | "join" | "reset" => return reached(sources, &[MAIN, DOOR]),
        "" => return reached(sources, &[MAIN, SHELL, DOOR, HOME]),
        "calls" => "pages/call/call.js".to_owned(),
        "campaigns/" => "pages/campaigns/campaign.js".to_owned(),
        "demo/" => "pages/demo/visitor.js".to_owned(),
        _ => format!("pages/{place}/{place}.js"),
    };
    reached(sources, &[MAIN, SHELL, &page])
}

/// Everything that these import, and what that imports, and they themselves.
fn reached<'a>(sources: &BTreeMap<&'a str, &str>, from: &[&str]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut left: Vec<String> = from.iter().map(|path| (*path).to_owned()).collect();
    while let Some(path) = left.pop() {
        let Some((path, text)) = sources.get_key_value(path.as_str()) else { continue };
        if found.insert(*path) {
            left.extend(imports(text).filter_map(|import| resolved(path, import)));
        }
    }
    found
}

/// What a module imports before it runs: `import … from "…"`, `export … from "…"`, `import "…"`.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    let quoted = |word: &'static str| {
        text.match_indices(word).filter_map(move |(at, word)| {
            let before = text.get(..at)?.chars().next_back();
            let rest = text.get(at + word.len()..)?.trim_start_matches(' ').strip_prefix('"')?;
            let begins =
                !before.is_some_and(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '$' | '.'));
            rest.split_once('"').map(|(path, _)| path).filter(|path| begins && path.starts_with('.'))
        })
    };
    quoted("from").chain(quoted("import"))
}

/// `../../parts/icon.js`, written in `pages/wall/card.js`, is `parts/icon.js`.
fn resolved(within: &str, import: &str) -> Option<String> {
    let mut folders: Vec<&str> = within.split('/').collect();
    folders.pop()?;
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(folders.pop()?),
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "import \"./looks.js\";\nimport { x } from \"../vendor/x.js\";\nconst later = () => import(\"../pages/wall/wall.js\");";

    fn sources() -> BTreeMap<&'static str, &'static str> {
        BTreeMap::from([
            ("app/main.js", BEGIN),
            ("app/looks.js", "/** @type {import(\"../vendor/y.js\").Y} */ export{a}from\"../vendor/z.js\";"),
            ("app/shell.js", ""),
            ("vendor/x.js", "import{n as t}from\"./z.js\";"),
            ("vendor/y.js", ""),
            ("vendor/z.js", "perform\"./y.js\""),
            ("pages/wall/wall.js", "import { C } from \"./card.js\";"),
            (
                "pages/wall/card.js",
                "import \"nothing\"; import { N } from \"./none.js\"; from \"../../../../out.js\"",
            ),
            ("pages/door/door.js", ""),
            ("pages/campaigns/campaigns.js", ""),
            ("pages/campaigns/campaign.js", ""),
        ])
    }

    #[test]
    fn imports_are_followed_and_what_is_loaded_later_is_not() {
        let door: Vec<_> = modules(&sources(), "signin").into_iter().collect();
        assert_eq!(door, ["app/looks.js", "app/main.js", "pages/door/door.js", "vendor/x.js", "vendor/z.js"]);
        let wall = modules(&sources(), "wall");
        assert!(wall.contains("pages/wall/card.js") && wall.contains("app/shell.js"));
        assert!(!wall.contains("pages/door/door.js") && !wall.contains("vendor/y.js"), "{wall:?}");
        assert!(modules(&sources(), "").contains("pages/door/door.js"));
        let (list, one) = (modules(&sources(), "campaigns"), modules(&sources(), "campaigns/"));
        assert!(
            list.contains("pages/campaigns/campaigns.js") && !list.contains("pages/campaigns/campaign.js")
        );
        assert!(one.contains("pages/campaigns/campaign.js") && !one.contains("pages/campaigns/campaigns.js"));
        assert!(!modules(&sources(), "nowhere").contains("pages/wall/wall.js"));
    }
}

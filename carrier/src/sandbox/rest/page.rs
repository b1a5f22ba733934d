//! Lists in Twilio's paging envelope.

use super::{Fields, RestError};
use serde_json::{Map, Value, json};

/// Most entries of one page.
pub const MAX_PAGE_SIZE: usize = 1_000;
const PAGE_SIZE: usize = 50;

/// Cuts the page that is asked for out of `items` and puts it into its envelope under `key`.
///
/// A page token is `PA` and the id of the last item before the page, so that what is added meanwhile shifts nothing.
pub fn envelope<T>(
    fields: &Fields,
    (path, query): (&str, &str),
    key: &str,
    items: &[T],
    id: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Value,
) -> Result<Value, RestError> {
    let size = match fields.get("PageSize").map(str::parse::<usize>) {
        None => PAGE_SIZE,
        Some(Ok(size)) if (1..=MAX_PAGE_SIZE).contains(&size) => size,
        Some(_) => {
            return Err(RestError::bad(20006, format!("PageSize must be within 1 to {MAX_PAGE_SIZE}")));
        }
    };
    let page = match fields.get("Page").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(page)) => page,
        Some(Err(_)) => return Err(RestError::bad(20006, "Page must be a whole number")),
    };
    let after = fields.get("PageToken").and_then(|token| token.strip_prefix("PA"));
    let start = match after {
        Some(last) => items.iter().position(|item| id(item) == last).map_or(page * size, |place| place + 1),
        None => page * size,
    };
    let shown = items.get(start..).unwrap_or_default();
    let shown = shown.get(..size).unwrap_or(shown);
    let link = |page: usize, token: Option<String>| {
        let keep = |pair: &&str| {
            !["Page=", "PageSize=", "PageToken="].iter().any(|own| pair.starts_with(own)) && !pair.is_empty()
        };
        let mut pairs: Vec<String> = query.split('&').filter(keep).map(str::to_owned).collect();
        pairs.push(format!("PageSize={size}"));
        pairs.push(format!("Page={page}"));
        pairs.extend(token.map(|token| format!("PageToken=PA{token}")));
        format!("{path}?{}", pairs.join("&"))
    };
    let more = start + shown.len() < items.len();
    let mut body = Map::new();
    body.insert(key.to_owned(), shown.iter().map(show).collect());
    body.insert("page".into(), json!(page));
    body.insert("page_size".into(), json!(size));
    body.insert("start".into(), json!(start));
    body.insert("end".into(), json!((start + shown.len()).saturating_sub(1)));
    body.insert(
        "uri".into(),
        json!(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }),
    );
    body.insert("first_page_uri".into(), json!(link(0, None)));
    body.insert("previous_page_uri".into(), json!((page > 0).then(|| link(page - 1, None))));
    let last = shown.last().filter(|_| more).map(&id);
    body.insert("next_page_uri".into(), json!(last.map(|last| link(page + 1, Some(last)))));
    Ok(Value::Object(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str, items: &[u32]) -> Value {
        let fields = Fields::parse(query.as_bytes()).unwrap();
        let path = ("/Calls.json", query);
        envelope(&fields, path, "calls", items, ToString::to_string, |item| json!(item)).unwrap()
    }

    #[test]
    fn pages_follow_one_another_even_when_the_list_grows() {
        let first = page("To=x&PageSize=2", &[5, 4, 3, 2, 1]);
        assert_eq!(first["calls"], json!([5, 4]));
        let next = first["next_page_uri"].as_str().unwrap();
        assert_eq!(next, "/Calls.json?To=x&PageSize=2&Page=1&PageToken=PA4");
        let second = page(next.split_once('?').unwrap().1, &[6, 5, 4, 3, 2, 1]);
        assert_eq!(second["calls"], json!([3, 2]));
        let third =
            page(second["next_page_uri"].as_str().unwrap().split_once('?').unwrap().1, &[5, 4, 3, 2, 1]);
        assert_eq!((third["calls"].clone(), third["next_page_uri"].clone()), (json!([1]), Value::Null));
    }

    #[test]
    fn a_page_that_is_too_large_is_refused() {
        let fields = Fields::parse(b"PageSize=1001").unwrap();
        let refused = envelope(&fields, ("/", ""), "calls", &[1], ToString::to_string, |item| json!(item));
        assert_eq!(refused.unwrap_err().code, 20006);
    }
}

//! An object within a body: read as a body of its own, and what is wrong with it is told with the way to it
//! (`settings.handover.attempts`).

use super::Body;
use crate::error::Detail;
use serde_json::Value;
use std::collections::BTreeMap;

impl Body {
    /// Reads the object in a field, if there is one; null counts as none.
    pub(crate) fn section<T>(&mut self, field: &'static str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let given = match self.given.remove(field)? {
            Value::Null => return None,
            Value::Object(given) => given,
            _ => {
                self.refuse(field, "must be an object");
                return None;
            }
        };
        let mut section = Self { given, wrong: Vec::new() };
        let read = read(&mut section);
        let inside = |detail: Detail| Detail { field: format!("{field}.{}", detail.field), ..detail };
        self.wrong.extend(section.wrong.into_iter().map(inside));
        Some(read)
    }

    /// As [`Body::section`], where null empties the field (the inner `None`).
    pub(crate) fn change_of_section<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<Option<T>> {
        match self.given.get(field)? {
            Value::Null => Some(None),
            _ => self.section(field, read).map(Some),
        }
    }

    /// A whole number within a range that may be there.
    pub(crate) fn optional_number(&mut self, field: &'static str, least: u32, most: u32) -> Option<u32> {
        self.change_of_number(field, least, most).flatten()
    }

    /// What a whole number shall be changed to, if at all; null empties it.
    pub(crate) fn change_of_number(
        &mut self,
        field: &'static str,
        least: u32,
        most: u32,
    ) -> Option<Option<u32>> {
        let value = self.given.remove(field)?;
        if value.is_null() {
            return Some(None);
        }
        // 30.0 is a whole number in JSON.
        let whole = value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64);
        let number = whole.and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.refuse(field, format!("must be a whole number from {least} to {most}"));
        }
        number.map(Some)
    }

    /// What a number that need not be whole shall be changed to, if at all; null empties it.
    pub(crate) fn change_of_decimal(
        &mut self,
        field: &'static str,
        least: f64,
        most: f64,
    ) -> Option<Option<f64>> {
        let value = self.given.remove(field)?;
        if value.is_null() {
            return Some(None);
        }
        let number = value.as_f64().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.refuse(field, format!("must be a number from {least} to {most}"));
        }
        number.map(Some)
    }

    /// What yes or no shall be changed to, if at all; null empties it.
    pub(crate) fn change_of_flag(&mut self, field: &'static str) -> Option<Option<bool>> {
        match self.given.get(field)? {
            Value::Null => Some(None),
            _ => self.optional_flag(field).map(Some),
        }
    }

    /// An object of texts that may be there, at most `most` of them; `read` takes each by its key, null as none, or says what
    /// is wrong with it.
    pub(crate) fn optional_map<T>(
        &mut self,
        field: &'static str,
        most: usize,
        read: impl Fn(&str, Option<&str>) -> Result<T, String>,
    ) -> Option<BTreeMap<String, T>> {
        let given = match self.given.remove(field)? {
            Value::Null => return None,
            Value::Object(given) => given,
            _ => {
                self.refuse(field, "must be an object");
                return None;
            }
        };
        if given.len() > most {
            // Whatever is behind the known keys cannot be right, and need not be told one by one.
            self.refuse(field, format!("must not have more than {most} entries"));
            return None;
        }
        let mut map = BTreeMap::new();
        for (key, value) in given {
            let taken = match &value {
                Value::Null => read(&key, None),
                Value::String(text) => read(&key, Some(text)),
                _ => Err("must be a text".to_owned()),
            };
            match taken {
                Ok(taken) => drop(map.insert(key, taken)),
                Err(message) => {
                    let key: String = key.chars().take(100).collect();
                    self.wrong.push(Detail { field: format!("{field}.{key}"), message });
                }
            }
        }
        Some(map)
    }

    /// A list of objects that must be there: at most `most`, each read as a body of its own. What is wrong inside is told with its
    /// place (`phrases[3].text`).
    pub(crate) fn objects<T>(
        &mut self,
        field: &'static str,
        most: usize,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let given = match self.given.remove(field) {
            None | Some(Value::Null) => {
                self.require(field);
                return Vec::new();
            }
            Some(Value::Array(given)) if given.len() <= most => given,
            Some(_) => {
                self.refuse(field, format!("must be a list of at most {most} entries"));
                return Vec::new();
            }
        };
        let mut list = Vec::with_capacity(given.len());
        for (place, value) in given.into_iter().enumerate() {
            let Value::Object(given) = value else {
                let field = format!("{field}[{place}]");
                self.wrong.push(Detail { field, message: "must be an object".to_owned() });
                list.push(read(&mut Self::default()));
                continue;
            };
            let mut entry = Self { given, wrong: Vec::new() };
            list.push(read(&mut entry));
            let inside =
                |detail: Detail| Detail { field: format!("{field}[{place}].{}", detail.field), ..detail };
            self.wrong.extend(entry.wrong.into_iter().map(inside));
        }
        list
    }

    /// A list that may be there: at most `most` texts, each of which `read` takes or calls wrong.
    pub(crate) fn optional_list<T>(
        &mut self,
        field: &'static str,
        most: usize,
        form: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let given = match self.given.remove(field)? {
            Value::Null => return None,
            Value::Array(given) if given.len() <= most => given,
            _ => {
                self.refuse(field, format!("must be a list of at most {most} entries"));
                return None;
            }
        };
        let list: Option<Vec<T>> = given.iter().map(|value| read(value.as_str()?.trim())).collect();
        if list.is_none() {
            self.refuse(field, format!("each entry must be {form}"));
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ApiError;

    #[test]
    fn entries_are_read_one_by_one_and_keep_their_places() {
        let given = serde_json::from_str(r#"{"list":[{"a":"x"},7,{"a":1}],"long":[{},{},{}],"odd":{}}"#);
        let mut body = Body { given: given.unwrap(), wrong: Vec::new() };
        let read = body.objects("list", 3, |entry| entry.text("a", 1));
        assert_eq!(read, ["x", "", ""]);
        for field in ["long", "odd", "missing"] {
            assert!(body.objects(field, 2, |entry| entry.text("a", 1)).is_empty());
        }
        let Err(ApiError::Invalid(details)) = body.done() else { panic!("must be refused") };
        let fields: Vec<_> = details.iter().map(|detail| detail.field.as_str()).collect();
        assert_eq!(fields, ["list[1]", "list[2].a", "long", "odd", "missing"]);
    }

    #[test]
    fn what_is_wrong_inside_is_told_with_the_way_to_it() {
        let given = serde_json::from_str(
            r#"{"settings":{"handover":{"attempts":11,"secs":30.0},"numbers":["1","x"],"hours":null,"on":null},"other":7}"#,
        );
        let mut body = Body { given: given.unwrap(), wrong: Vec::new() };
        let read = body.section("settings", |settings| {
            let attempts = settings.section("handover", |handover| {
                (handover.optional_number("attempts", 1, 10), handover.optional_number("secs", 1, 60))
            });
            let hours = settings.change_of_section("hours", |_| ());
            settings.optional_list("numbers", 2, "a digit", |text| text.parse::<u8>().ok());
            (attempts, hours, settings.change_of_flag("on"), settings.change_of_flag("off"))
        });
        assert_eq!(read, Some((Some((None, Some(30))), Some(None), Some(None), None)));
        assert!(body.section("other", |_| ()).is_none());
        let Err(ApiError::Invalid(details)) = body.done() else { panic!("must be refused") };
        let fields: Vec<_> = details.iter().map(|detail| detail.field.as_str()).collect();
        assert_eq!(fields, ["settings.handover.attempts", "settings.numbers", "other"]);
    }
}

//! A document as a small tree, read whole before anything in it is believed.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::Error;
use crate::response::MAX_BODY;

/// Elements nested deeper than this are refused; TwiML itself needs four, speech markup a few more.
pub(crate) const MAX_DEPTH: usize = 32;

/// An element.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// In document order; names are unique.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Child>,
}

/// What stands in an element: neighbouring texts are one.
#[derive(Debug)]
pub(crate) enum Child {
    Element(Node),
    Text(String),
}

impl Node {
    /// All text directly inside, as one.
    pub(crate) fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Child::Text(text) => Some(text.as_str()),
            Child::Element(_) => None,
        });
        texts.collect()
    }

    fn push_text(&mut self, text: &str) {
        if let Some(Child::Text(last)) = self.children.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.children.push(Child::Text(text.to_owned()));
        }
    }
}

/// Reads a document's root element.
pub(crate) fn parse(xml: &str) -> Result<Node, Error> {
    if xml.len() > MAX_BODY {
        return Err(Error::TooLong { bytes: xml.len() });
    }
    let xml = xml.strip_prefix('\u{FEFF}').unwrap_or(xml);
    if xml.trim().is_empty() {
        return Err(Error::Empty);
    }
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_comments = true;
    let mut open: Vec<Node> = Vec::new();
    let mut root: Option<Node> = None;
    loop {
        let start = reader.buffer_position();
        let malformed = |reason: String| Error::Malformed { offset: start, reason };
        let event = reader.read_event().map_err(|error| malformed(error.to_string()))?;
        match event {
            Event::Start(tag) => {
                if root.is_some() {
                    return Err(malformed("a second root element".into()));
                }
                if open.len() >= MAX_DEPTH {
                    return Err(malformed(format!("elements are nested deeper than {MAX_DEPTH}")));
                }
                open.push(element(&tag).map_err(malformed)?);
            }
            Event::Empty(tag) => {
                if root.is_some() {
                    return Err(malformed("a second root element".into()));
                }
                if open.len() >= MAX_DEPTH {
                    return Err(malformed(format!("elements are nested deeper than {MAX_DEPTH}")));
                }
                let node = element(&tag).map_err(malformed)?;
                close(node, &mut open, &mut root);
            }
            // The reader has compared the names.
            Event::End(_) => {
                if let Some(node) = open.pop() {
                    close(node, &mut open, &mut root);
                }
            }
            Event::Text(text) => {
                if text.contains("]]>") {
                    return Err(malformed("]]> in text".into()));
                }
                add_text(&text.xml10_content(), &mut open).map_err(malformed)?;
            }
            Event::CData(text) => {
                if open.is_empty() {
                    return Err(malformed("text outside of the root element".into()));
                }
                add_text(&text.xml10_content(), &mut open).map_err(malformed)?;
            }
            Event::GeneralRef(reference) => {
                let resolved = reference.resolve_char_ref().map_err(|error| malformed(error.to_string()))?;
                let mut buffer = [0; 4];
                let text = match resolved {
                    Some(c) => &*c.encode_utf8(&mut buffer),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| malformed(format!("the entity &{};  is not defined", &*reference)))?,
                };
                match open.last_mut() {
                    Some(node) => {
                        legal(text).map_err(malformed)?;
                        node.push_text(text);
                    }
                    None => return Err(malformed("text outside of the root element".into())),
                }
            }
            Event::Decl(declaration) => {
                if start != 0 {
                    return Err(malformed("the XML declaration must be the very first thing".into()));
                }
                let version = declaration.version().map_err(|error| malformed(error.to_string()))?;
                if version != "1.0" {
                    return Err(Error::Version { version: version.into_owned() });
                }
            }
            Event::DocType(_) => return Err(malformed("a DOCTYPE is not allowed".into())),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let offset = reader.buffer_position();
    match root {
        Some(root) if open.is_empty() => Ok(root),
        _ => Err(Error::Malformed { offset, reason: "the document ends too early".into() }),
    }
}

fn close(node: Node, open: &mut [Node], root: &mut Option<Node>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(Child::Element(node)),
        None => *root = Some(node),
    }
}

fn add_text(text: &str, open: &mut [Node]) -> Result<(), String> {
    legal(text)?;
    match open.last_mut() {
        Some(node) => node.push_text(text),
        None if text.trim_matches(crate::check::BLANKS).is_empty() => {}
        None => return Err("text outside of the root element".into()),
    }
    Ok(())
}

fn element(tag: &BytesStart<'_>) -> Result<Node, String> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.value.contains('<') {
            return Err("'<' in an attribute".into());
        }
        let key: &str = attribute.key.as_ref();
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?;
        legal(&value)?;
        attributes.push((xml_name(key)?, value.into_owned()));
    }
    let name = tag.name();
    Ok(Node { name: xml_name(name.as_ref())?, attributes, children: Vec::new() })
}

fn xml_name(name: &str) -> Result<String, String> {
    let start = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    let rest = |c: char| start(c) || c.is_alphanumeric() || c == '-' || c == '.';
    if name.starts_with(start) && name.chars().all(rest) {
        Ok(name.to_owned())
    } else {
        Err(format!("{name:?} is not a name"))
    }
}

fn legal(text: &str) -> Result<(), String> {
    let illegal = |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    match text.chars().find(|c| illegal(*c)) {
        Some(c) => Err(format!("the character {c:?} is not allowed in XML")),
        None => Ok(()),
    }
}

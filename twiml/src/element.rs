//! What every verb and noun can do: write itself, and read itself from a node, skipping what is wrong.

use crate::attribute::{Attributes, SCHEMA};
use crate::check::BLANKS;
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Child, Node, Writer};

/// A verb, a noun, or a part of one.
pub(crate) trait Element: Attributes + Default {
    /// Appends what stands between the tags.
    fn write_content(&self, _writer: &mut Writer) -> Result<(), Error> {
        Ok(())
    }

    /// Takes what stands between the tags.
    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        no_children(node, warnings);
        no_text(node, warnings);
    }

    /// Rules beyond single attributes. An element that breaks one is not written, and is skipped when read.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// An [`Error::Invalid`] about this element's content.
    fn refuse(code: u32, reason: impl Into<String>) -> Error {
        Error::Invalid { element: Self::NAME, attribute: None, code, reason: reason.into() }
    }
}

/// Reads an element; `None`, with a warning, when it has to be skipped.
pub(crate) fn read<E: Element>(node: &Node, warnings: &mut Warnings) -> Option<E> {
    let mut element = E::default();
    for (name, text) in &node.attributes {
        match element.read_attribute(name, text) {
            Some(Ok(())) => {}
            Some(Err((code, reason))) => {
                warnings.add(code, &node.name, Some(name), format!("{reason}; the attribute is skipped"));
            }
            None => warnings.add(SCHEMA, &node.name, Some(name), "there is no such attribute; it is skipped"),
        }
    }
    element.read_content(node, warnings);
    match element.check_attributes().and_then(|()| element.check()) {
        Ok(()) => Some(element),
        Err(error) => {
            let attribute = match &error {
                Error::Invalid { attribute, .. } => *attribute,
                _ => None,
            };
            let reason = match &error {
                Error::Invalid { reason, .. } => reason.clone(),
                other => other.to_string(),
            };
            warnings.add(error.code(), &node.name, attribute, format!("{reason}; the element is skipped"));
            None
        }
    }
}

/// Reads the child elements with `take`, which answers false for a child that does not belong there.
pub(crate) fn children(
    node: &Node,
    warnings: &mut Warnings,
    mut take: impl FnMut(&Node, &mut Warnings) -> bool,
) {
    children_or(node, warnings, SCHEMA, &mut take);
}

/// As [`children`], with a code of its own for a misplaced child.
pub(crate) fn children_or(
    node: &Node,
    warnings: &mut Warnings,
    code: u32,
    mut take: impl FnMut(&Node, &mut Warnings) -> bool,
) {
    for child in &node.children {
        if let Child::Element(child) = child
            && !take(child, warnings)
        {
            warnings.add(
                code,
                &child.name,
                None,
                format!("does not belong in <{}>; it is skipped", node.name),
            );
        }
    }
}

pub(crate) fn no_children(node: &Node, warnings: &mut Warnings) {
    children(node, warnings, |_, _| false);
}

pub(crate) fn no_text(node: &Node, warnings: &mut Warnings) {
    let blank = |child: &Child| match child {
        Child::Text(text) => text.trim_matches(BLANKS).is_empty(),
        Child::Element(_) => true,
    };
    if !node.children.iter().all(blank) {
        warnings.add(SCHEMA, &node.name, None, "text does not belong here; it is skipped");
    }
}

/// The text of an element that has only text, without the blanks around it.
pub(crate) fn name_text(node: &Node, warnings: &mut Warnings) -> String {
    no_children(node, warnings);
    trimmed_text(node)
}

/// The text directly inside an element, without the blanks around it.
pub(crate) fn trimmed_text(node: &Node) -> String {
    node.text().trim_matches(BLANKS).to_owned()
}

//! `<Enqueue>`.

use super::Method;
use super::queue::MAX_QUEUE_NAME;
use crate::check::{self, filled, url};
use crate::element::{Element, children, name_text, trimmed_text};
use crate::error::Error;
use crate::warning::Warnings;
use crate::xml::{Node, Writer};

/// Puts the call into a queue, or gives it to TaskRouter as a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enqueue {
    /// The queue, at most 64 characters; empty with `workflow_sid`.
    pub name: String,
    /// What TaskRouter is told; only with `workflow_sid`.
    pub task: Option<Task>,
    /// Where control goes when the wait is over (default: the next verb).
    pub action: Option<String>,
    /// How `action` is requested (default POST).
    pub method: Option<Method>,
    /// What is heard meanwhile (default: music).
    pub wait_url: Option<String>,
    /// How that is requested (default POST).
    pub wait_url_method: Option<Method>,
    /// Sid of the TaskRouter workflow.
    pub workflow_sid: Option<String>,
}

/// A task for TaskRouter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// Its attributes, a JSON object as text.
    pub attributes: String,
    /// Its priority.
    pub priority: Option<u32>,
    /// Seconds until it is given up.
    pub timeout: Option<u32>,
}

attributes!(Enqueue, "Enqueue" {
    "action" => action: 14203, url;
    "method" => method: 14201;
    "waitUrl" => wait_url: 14202, url;
    "waitUrlMethod" => wait_url_method: 14206;
    "workflowSid" => workflow_sid: 14220, filled;
});

attributes!(Task, "Task" {
    "priority" => priority;
    "timeout" => timeout;
});

impl Element for Enqueue {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.name)?;
        self.task.as_ref().map_or(Ok(()), |task| writer.element(task))
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.name = trimmed_text(node);
        children(node, warnings, |child, warnings| {
            let takes = child.name == "Task" && self.task.is_none();
            if takes {
                self.task = crate::element::read(child, warnings);
            }
            takes
        });
    }

    fn check(&self) -> Result<(), Error> {
        if self.workflow_sid.is_none() || !self.name.is_empty() {
            check::name(&self.name).map_err(|reason| Self::refuse(14204, reason))?;
            check::at_most(MAX_QUEUE_NAME)(&self.name).map_err(|reason| Self::refuse(14205, reason))?;
        }
        if self.task.is_some() && self.workflow_sid.is_none() {
            return Err(Self::refuse(14220, "a <Task> needs a workflowSid"));
        }
        Ok(())
    }
}

impl Element for Task {
    fn write_content(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.text::<Self>(&self.attributes)
    }

    fn read_content(&mut self, node: &Node, warnings: &mut Warnings) {
        self.attributes = name_text(node, warnings);
    }

    fn check(&self) -> Result<(), Error> {
        check::name(&self.attributes).map_err(|reason| Self::refuse(14221, reason))?;
        if self.attributes.starts_with('{') && self.attributes.ends_with('}') {
            Ok(())
        } else {
            Err(Self::refuse(14221, "the attributes must be a JSON object"))
        }
    }
}

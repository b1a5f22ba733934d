//! How the value of an attribute is written, read and checked; one table per element serves all three.

use std::borrow::Cow;

use crate::error::Error;
use crate::xml::{Escape, escape};

/// Why a value is refused, in a phrase.
pub(crate) type Reason = Cow<'static, str>;

/// Twilio's code for whatever its schema does not allow, where no code of its own is known.
pub(crate) const SCHEMA: u32 = 12200;

/// One value inside an attribute.
pub(crate) trait Value: Sized {
    /// Appends the value, escaped.
    fn write(&self, out: &mut String) -> Result<(), Reason>;
    /// Reads the value from unescaped text.
    fn read(text: &str) -> Result<Self, Reason>;
}

/// Appends the text of an attribute, escaped.
pub(crate) fn write_text(out: &mut String, text: &str) -> Result<(), Reason> {
    escape(out, text, Escape::Attribute)
}

impl Value for String {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        write_text(out, self)
    }

    fn read(text: &str) -> Result<Self, Reason> {
        Ok(text.to_owned())
    }
}

impl Value for bool {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        out.push_str(if *self { "true" } else { "false" });
        Ok(())
    }

    fn read(text: &str) -> Result<Self, Reason> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(format!("{text:?} is neither true nor false").into()),
        }
    }
}

impl Value for u32 {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        use std::fmt::Write;
        write!(out, "{self}").map_err(|_| Reason::Borrowed("cannot be written"))
    }

    fn read(text: &str) -> Result<Self, Reason> {
        // `parse` alone would take a leading plus sign.
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().map_err(|_| format!("{text:?} is not a whole number in range").into())
        } else {
            Err(format!("{text:?} is not a whole number").into())
        }
    }
}

impl Value for f32 {
    fn write(&self, out: &mut String) -> Result<(), Reason> {
        use std::fmt::Write;
        write!(out, "{self}").map_err(|_| Reason::Borrowed("cannot be written"))
    }

    fn read(text: &str) -> Result<Self, Reason> {
        text.parse::<Self>()
            .ok()
            .filter(|number| number.is_finite())
            .ok_or_else(|| format!("{text:?} is not a number").into())
    }
}

/// A field of an element's struct that is one attribute: `Option<T>`, a space-separated `Vec<T>`, or a required `String`.
pub(crate) trait Field: Sized {
    type Item: Value;
    /// The values; none means that the attribute is not written.
    fn items(&self) -> &[Self::Item];
    fn read(text: &str) -> Result<Self, Reason>;
}

impl<T: Value> Field for Option<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self.as_slice()
    }

    fn read(text: &str) -> Result<Self, Reason> {
        T::read(text).map(Some)
    }
}

impl<T: Value> Field for Vec<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }

    fn read(text: &str) -> Result<Self, Reason> {
        text.split_ascii_whitespace().map(T::read).collect()
    }
}

impl Field for String {
    type Item = Self;

    fn items(&self) -> &[Self] {
        std::slice::from_ref(self)
    }

    fn read(text: &str) -> Result<Self, Reason> {
        Ok(text.to_owned())
    }
}

/// A bad attribute: Twilio's code and the reason.
pub(crate) type Bad = (u32, Reason);

/// The attributes of one element.
pub(crate) trait Attributes {
    /// The element's name.
    const NAME: &'static str;

    /// Checks and appends all attributes, each with a blank before it.
    fn write_attributes(&self, out: &mut String) -> Result<(), Error>;

    /// Sets one attribute; `None` when the element has none of that name. A bad value leaves the field as it was.
    fn read_attribute(&mut self, name: &str, text: &str) -> Option<Result<(), Bad>>;

    /// Checks every attribute, so that a required one that never came is found.
    fn check_attributes(&self) -> Result<(), Error>;
}

pub(crate) fn write_field<F: Field>(
    out: &mut String,
    (element, attribute, code): (&'static str, &'static str, u32),
    field: &F,
    check: impl Fn(&F::Item) -> Result<(), Reason>,
) -> Result<(), Error> {
    let items = field.items();
    if items.is_empty() {
        return Ok(());
    }
    out.push(' ');
    out.push_str(attribute);
    let mut separator = "=\"";
    for item in items {
        out.push_str(separator);
        separator = " ";
        check(item).and_then(|()| item.write(out)).map_err(|reason| Error::Invalid {
            element,
            attribute: Some(attribute),
            code,
            reason: reason.into_owned(),
        })?;
    }
    out.push('"');
    Ok(())
}

pub(crate) fn read_field<F: Field>(
    field: &mut F,
    text: &str,
    code: u32,
    check: impl Fn(&F::Item) -> Result<(), Reason>,
) -> Result<(), Bad> {
    let value = F::read(text).map_err(|reason| (code, reason))?;
    value.items().iter().try_for_each(check).map_err(|reason| (code, reason))?;
    *field = value;
    Ok(())
}

pub(crate) fn check_field<F: Field>(
    (element, attribute, code): (&'static str, &'static str, u32),
    field: &F,
    check: impl Fn(&F::Item) -> Result<(), Reason>,
) -> Result<(), Error> {
    field.items().iter().try_for_each(check).map_err(|reason| Error::Invalid {
        element,
        attribute: Some(attribute),
        code,
        reason: reason.into_owned(),
    })
}

/// The table of an element's attributes: `"wireName" => field: code, check;`, code and check optional.
macro_rules! attributes {
    ($type:ty, $element:literal { $($name:literal => $field:ident $(: $code:literal)? $(, $check:expr)?;)* }) => {
        impl $crate::attribute::Attributes for $type {
            const NAME: &'static str = $element;

            #[allow(unused_variables)]
            fn write_attributes(&self, out: &mut String) -> Result<(), $crate::error::Error> {
                $($crate::attribute::write_field(
                    out,
                    ($element, $name, attributes!(@code $($code)?)),
                    &self.$field,
                    attributes!(@check $($check)?),
                )?;)*
                Ok(())
            }

            #[allow(unused_variables)]
            fn read_attribute(
                &mut self,
                name: &str,
                text: &str,
            ) -> Option<Result<(), $crate::attribute::Bad>> {
                match name {
                    $($name => Some($crate::attribute::read_field(
                        &mut self.$field,
                        text,
                        attributes!(@code $($code)?),
                        attributes!(@check $($check)?),
                    )),)*
                    _ => None,
                }
            }

            fn check_attributes(&self) -> Result<(), $crate::error::Error> {
                $($crate::attribute::check_field(
                    ($element, $name, attributes!(@code $($code)?)),
                    &self.$field,
                    attributes!(@check $($check)?),
                )?;)*
                Ok(())
            }
        }
    };
    (@code) => { $crate::attribute::SCHEMA };
    (@code $code:literal) => { $code };
    (@check) => { $crate::check::any };
    (@check $check:expr) => { $check };
}

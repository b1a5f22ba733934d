//! From a form to a typed value and back; one table per type serves both.

use std::borrow::Cow;

use super::{Form, FormError};

/// A value of a parameter.
pub(crate) trait ParameterValue: Sized {
    /// What it is, for an error.
    const EXPECTED: &'static str;
    /// `None` when it cannot be read.
    fn from_value(value: &str) -> Option<Self>;
    fn to_value(&self) -> Cow<'_, str>;
}

impl ParameterValue for String {
    const EXPECTED: &'static str = "text";

    fn from_value(value: &str) -> Option<Self> {
        Some(value.to_owned())
    }

    fn to_value(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl ParameterValue for u32 {
    const EXPECTED: &'static str = "a whole number";

    fn from_value(value: &str) -> Option<Self> {
        // `parse` alone would take a leading plus sign.
        value.parse().ok().filter(|_| !value.starts_with('+'))
    }

    fn to_value(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl ParameterValue for f32 {
    const EXPECTED: &'static str = "a number";

    fn from_value(value: &str) -> Option<Self> {
        value.parse::<Self>().ok().filter(|number| number.is_finite())
    }

    fn to_value(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl ParameterValue for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_value(value: &str) -> Option<Self> {
        match value {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn to_value(&self) -> Cow<'_, str> {
        if *self { "true".into() } else { "false".into() }
    }
}

/// A form of which parameters are taken one by one.
pub(crate) struct Source {
    form: Form,
    taken: Vec<bool>,
}

impl Source {
    pub(crate) fn new(form: Form) -> Self {
        Self { taken: vec![false; form.len()], form }
    }

    /// The first parameter of that name, if it can be read.
    pub(crate) fn optional<T: ParameterValue>(&mut self, name: &str) -> Option<T> {
        let (index, value) = self.form.find(name)?;
        let value = T::from_value(value)?;
        self.mark(index);
        Some(value)
    }

    /// The first parameter of that name, which must be there; a Sid must not be empty either.
    pub(crate) fn required<T: ParameterValue>(&mut self, name: &'static str) -> Result<T, FormError> {
        let (index, value) = self.form.find(name).ok_or(FormError::Missing { parameter: name })?;
        if value.is_empty() && name.ends_with("Sid") {
            return Err(FormError::Missing { parameter: name });
        }
        let value =
            T::from_value(value).ok_or(FormError::Invalid { parameter: name, expected: T::EXPECTED })?;
        self.mark(index);
        Ok(value)
    }

    /// What was not taken.
    pub(crate) fn rest(self) -> Form {
        let mut taken = self.taken.into_iter();
        self.form.filter(|| !taken.next().unwrap_or_default())
    }

    fn mark(&mut self, index: usize) {
        if let Some(taken) = self.taken.get_mut(index) {
            *taken = true;
        }
    }
}

/// A typed webhook.
pub(crate) trait Parameters: Sized {
    fn take(source: &mut Source) -> Result<Self, FormError>;
    fn put(&self, form: &mut Form);
    fn extra(&self) -> &Form;
    fn set_extra(&mut self, extra: Form);
}

pub(crate) fn from_form<T: Parameters>(form: Form) -> Result<T, FormError> {
    let mut source = Source::new(form);
    let mut value = T::take(&mut source)?;
    value.set_extra(source.rest());
    Ok(value)
}

pub(crate) fn to_form<T: Parameters>(value: &T) -> Form {
    let mut form = Form::new();
    value.put(&mut form);
    form.extend(value.extra().iter());
    form
}

/// `from_form` and `to_form` of a type.
macro_rules! form_conversions {
    ($type:ty) => {
        impl $type {
            /// Reads the webhook.
            ///
            /// # Errors
            /// When a parameter that Twilio always sends is missing or cannot be read.
            pub fn from_form(form: $crate::webhook::Form) -> Result<Self, $crate::webhook::FormError> {
                $crate::webhook::parameters::from_form(form)
            }

            /// Writes the webhook as Twilio sends it.
            pub fn to_form(&self) -> $crate::webhook::Form {
                $crate::webhook::parameters::to_form(self)
            }
        }
    };
}

/// The table of a type's parameters. `extra` types keep the rest themselves, `voice` types in their [`VoiceRequest`].
///
/// [`VoiceRequest`]: super::VoiceRequest
macro_rules! parameters {
    (
        $type:ident: extra
        required { $($rname:literal => $rfield:ident: $rtype:ty;)* }
        optional { $($oname:literal => $ofield:ident;)* }
    ) => {
        impl $type {
            /// With what Twilio always sends, and nothing else.
            pub fn new($($rfield: $rtype),*) -> Self {
                Self { $($rfield,)* $($ofield: None,)* extra: $crate::webhook::Form::new() }
            }
        }

        impl $crate::webhook::parameters::Parameters for $type {
            fn take(
                source: &mut $crate::webhook::parameters::Source,
            ) -> Result<Self, $crate::webhook::FormError> {
                Ok(Self {
                    $($rfield: source.required($rname)?,)*
                    $($ofield: source.optional($oname),)*
                    extra: $crate::webhook::Form::new(),
                })
            }

            fn put(&self, form: &mut $crate::webhook::Form) {
                use $crate::webhook::parameters::ParameterValue;
                $(form.push($rname, &self.$rfield.to_value());)*
                $(if let Some(value) = &self.$ofield {
                    form.push($oname, &value.to_value());
                })*
            }

            fn extra(&self) -> &$crate::webhook::Form {
                &self.extra
            }

            fn set_extra(&mut self, extra: $crate::webhook::Form) {
                self.extra = extra;
            }
        }

        form_conversions!($type);
    };
    (
        $type:ident: voice
        required { $($rname:literal => $rfield:ident: $rtype:ty;)* }
        optional { $($oname:literal => $ofield:ident;)* }
    ) => {
        impl $type {
            /// With what Twilio always sends, and nothing else.
            pub fn new(voice: $crate::webhook::VoiceRequest, $($rfield: $rtype),*) -> Self {
                Self { voice, $($rfield,)* $($ofield: None,)* }
            }
        }

        impl $crate::webhook::parameters::Parameters for $type {
            fn take(
                source: &mut $crate::webhook::parameters::Source,
            ) -> Result<Self, $crate::webhook::FormError> {
                Ok(Self {
                    voice: $crate::webhook::parameters::Parameters::take(source)?,
                    $($rfield: source.required($rname)?,)*
                    $($ofield: source.optional($oname),)*
                })
            }

            fn put(&self, form: &mut $crate::webhook::Form) {
                #[allow(unused_imports)]
                use $crate::webhook::parameters::ParameterValue;
                $crate::webhook::parameters::Parameters::put(&self.voice, form);
                $(form.push($rname, &self.$rfield.to_value());)*
                $(if let Some(value) = &self.$ofield {
                    form.push($oname, &value.to_value());
                })*
            }

            fn extra(&self) -> &$crate::webhook::Form {
                &self.voice.extra
            }

            fn set_extra(&mut self, extra: $crate::webhook::Form) {
                self.voice.extra = extra;
            }
        }

        form_conversions!($type);
    };
}

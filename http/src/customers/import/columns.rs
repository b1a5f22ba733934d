//! Which column of a sheet is which field, by the names in its first row: English or Japanese, in any width and case.

use crate::sheet::Cells;

/// A field that a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Company,
    Phone,
    Email,
    Notes,
    Status,
    DoNotCall,
    WrongNumber,
    NextCallAt,
}

/// The names, in the form of [`plain`]. What calls find out is not taken from a sheet.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "name",
            "fullname",
            "customer",
            "customername",
            "contact",
            "contactname",
            "名前",
            "氏名",
            "お名前",
            "顧客名",
            "お客様名",
            "担当者",
            "担当者名",
            "ご担当者名",
        ],
    ),
    (
        Field::Company,
        &[
            "company",
            "companyname",
            "organization",
            "organisation",
            "会社",
            "会社名",
            "企業名",
            "法人名",
            "勤務先",
            "社名",
        ],
    ),
    (
        Field::Phone,
        &[
            "phone",
            "phonenumber",
            "tel",
            "telephone",
            "telephonenumber",
            "mobile",
            "mobilephone",
            "電話",
            "電話番号",
            "携帯",
            "携帯電話",
            "携帯番号",
            "携帯電話番号",
            "連絡先電話番号",
        ],
    ),
    (Field::Email, &["email", "emailaddress", "mail", "メール", "メールアドレス", "eメール", "電子メール"]),
    (
        Field::Notes,
        &["notes", "note", "memo", "remarks", "comment", "comments", "備考", "メモ", "ノート", "特記事項"],
    ),
    (Field::Status, &["status", "ステータス", "状態", "状況"]),
    (Field::DoNotCall, &["donotcall", "dnc", "架電禁止", "架電不可", "電話禁止"]),
    (Field::WrongNumber, &["wrongnumber", "番号違い", "番号間違い", "間違い電話", "誤番号"]),
    (
        Field::NextCallAt,
        &["nextcallat", "nextcall", "次回架電", "次回架電日", "次回架電日時", "次回電話日時"],
    ),
];

/// The columns of a sheet, from left to right; `None` for those that are passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns(Vec<Option<Field>>);

/// The first row names no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the first row must name the columns, one of them `phone` or 電話番号")]
pub(crate) struct NoPhoneColumn;

impl Columns {
    /// Those that a first row names. Of two columns of one field the first counts.
    pub(crate) fn read(first: &Cells) -> Result<Self, NoPhoneColumn> {
        let Cells::Read(names) = first else { return Err(NoPhoneColumn) };
        let mut columns: Vec<Option<Field>> = Vec::with_capacity(names.len());
        for name in names {
            columns.push(field(name).filter(|field| !columns.contains(&Some(*field))));
        }
        if columns.contains(&Some(Field::Phone)) { Ok(Self(columns)) } else { Err(NoPhoneColumn) }
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.0.len()
    }

    /// The cells that fill a field, with it; without those that are empty.
    pub(crate) fn filled<'a>(&'a self, cells: &'a [String]) -> impl Iterator<Item = (Field, &'a str)> {
        let pairs = self.0.iter().zip(cells);
        pairs
            .filter_map(|(field, cell)| Some(((*field)?, cell.as_str())))
            .filter(|(_, cell)| !cell.is_empty())
    }
}

impl Field {
    /// Its key in JSON.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Company => "company",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Notes => "notes",
            Self::Status => "status",
            Self::DoNotCall => "doNotCall",
            Self::WrongNumber => "wrongNumber",
            Self::NextCallAt => "nextCallAt",
        }
    }
}

fn field(name: &str) -> Option<Field> {
    let name = plain(name);
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
}

/// A name in one way of writing: narrow, in lower case, without blanks, hyphens, underscores and brackets' contents.
fn plain(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let narrow: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let name = narrow.split('(').next().unwrap_or_default();
    name.chars()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '_' | '.' | '*' | '・'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Result<Vec<Option<Field>>, NoPhoneColumn> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Columns::read(&Cells::Read(names)).map(|columns| columns.0)
    }

    #[test]
    fn names_are_known_in_both_languages() {
        use Field::{Company, DoNotCall, Email, Name, Notes, Phone};
        assert_eq!(
            columns(&["Full Name", "Phone_Number", "E-mail", "colour", "doNotCall"]),
            Ok(vec![Some(Name), Some(Phone), Some(Email), None, Some(DoNotCall)])
        );
        assert_eq!(
            columns(&["会社名", "氏名（漢字）", "電話番号", "携帯電話", "ﾒｰﾙｱﾄﾞﾚｽ", "備 考"]),
            Ok(vec![Some(Company), Some(Name), Some(Phone), None, Some(Email), Some(Notes)])
        );
        assert_eq!(columns(&["ＴＥＬ"]), Ok(vec![Some(Phone)]));
        assert_eq!(columns(&["name", "company"]), Err(NoPhoneColumn));
        assert_eq!(Columns::read(&Cells::TooMany), Err(NoPhoneColumn));
    }

    #[test]
    fn every_name_stands_in_its_plain_form_and_once() {
        let mut seen = std::collections::HashSet::new();
        for name in NAMES.iter().flat_map(|(_, names)| *names) {
            assert_eq!(plain(name), *name);
            assert!(seen.insert(name), "{name}");
        }
    }
}

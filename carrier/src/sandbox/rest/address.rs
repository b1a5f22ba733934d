//! Telephone numbers, clients and SIP addresses as REST takes them.

/// A number in E.164, whatever punctuation it came with; `client:` and `sip:` addresses as they are.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(identity) = text.strip_prefix("client:") {
        return (!identity.is_empty() && identity.len() <= 256).then(|| text.to_owned());
    }
    if let Some(uri) = text.strip_prefix("sip:").or_else(|| text.strip_prefix("sips:")) {
        return (uri.contains('@') && text.len() < 255).then(|| text.to_owned());
    }
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let sound = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    sound.then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_e164() {
        assert_eq!(address("+81 90-1234-5678").as_deref(), Some("+819012345678"));
        assert_eq!(address("14155550100").as_deref(), Some("+14155550100"));
        assert_eq!(address("client:anna").as_deref(), Some("client:anna"));
        for bad in ["", "090-1234-5678", "+12", "+1415555010x", "client:", "sip:nobody", "+1234567890123456"]
        {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
